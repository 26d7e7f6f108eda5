// What the statistics of a run say, against runs in which the truth is known.

import { describe, expect, it } from 'vitest';
import { totalTraffic } from '../swim/index.ts';
import { Cluster, type HostOptions } from './cluster.ts';
import { Statistics } from './statistics.ts';

function started(count: number, options: { readonly seed?: number; readonly host?: HostOptions } = {}) {
	const cluster = new Cluster({ seed: options.seed ?? 1, ...(options.host && { host: options.host }) });
	const statistics = new Statistics(cluster);
	cluster.observe(statistics);
	const hosts = Array.from({ length: count }, (_, i) => cluster.add(`n${i}`));
	for (const host of hosts.slice(1)) cluster.discover(host, [hosts[0]!]);
	const agree = (): boolean =>
		[...cluster.hosts.values()].every(
			({ machine }) => machine.members().filter(({ state }) => state === 'alive').length === cluster.hosts.size,
		);
	expect(cluster.runUntil(agree, 10_000)).toBeDefined();
	return { cluster, statistics, hosts };
}

describe('statistics', () => {
	it('measure how long a crash takes to be suspected and to be dead everywhere', () => {
		const { cluster, statistics, hosts } = started(16);
		cluster.run(5_000);
		for (const host of [hosts[3]!, hosts[7]!]) {
			cluster.kill(host);
			cluster.run(15_000);
		}
		const { detection, samples } = statistics.finish();
		expect(detection).toMatchObject({ crashes: 2, open: 0, firstSuspect: { count: 2 }, deadAll: { count: 2 } });
		for (const [i, ms] of samples.deadAll.entries()) {
			expect(samples.firstSuspect[i]).toBeGreaterThan(100);
			expect(samples.firstSuspect[i]).toBeLessThan(2_000);
			expect(ms).toBeGreaterThan(samples.firstSuspect[i]! + 5_000);
			expect(ms).toBeLessThan(9_000);
		}
	});

	it('keep a crash open until the last view has buried it', () => {
		const { cluster, statistics, hosts } = started(8);
		cluster.kill(hosts[2]!);
		cluster.run(3_000);
		expect(statistics.finish().detection).toMatchObject({ crashes: 1, open: 1, deadAll: { count: 0 } });
	});

	it('call neither a goodbye nor a quick restart a crash that was not detected', () => {
		const { cluster, statistics, hosts } = started(8);
		cluster.ask(hosts[5]!, { type: 'leave' });
		cluster.run(4_000);
		cluster.kill(hosts[5]!);
		const { address } = hosts[6]!;
		cluster.kill(hosts[6]!);
		const again = cluster.add('n6', { address });
		cluster.discover(again, [hosts[0]!]);
		cluster.run(10_000);
		const { detection, timeline, join } = statistics.finish();
		expect(detection).toMatchObject({ crashes: 1, open: 0, deadAll: { count: 0 } });
		expect(timeline.members.find(({ name }) => name === 'n5')?.lives).toMatchObject([{ from: 0, left: true }]);
		expect(join.count).toBe(8);
	});

	it('measure how long new tags take to reach all', () => {
		const { cluster, statistics, hosts } = started(16);
		for (const host of hosts.slice(0, 5)) {
			cluster.ask(host, { type: 'set-tags', tags: { zone: host.name } });
			cluster.run(3_000);
		}
		const { count, p50Ms, maxMs } = statistics.finish().dissemination;
		expect(count).toBe(5);
		expect(p50Ms).toBeGreaterThan(5);
		expect(maxMs).toBeLessThan(2_000);
	});

	it('measure how long a start takes to be known to all', () => {
		const { statistics } = started(16);
		const { count, p50Ms, maxMs } = statistics.finish().join;
		expect(count).toBe(16);
		expect(p50Ms).toBeGreaterThan(0);
		expect(maxMs).toBeLessThan(2_000);
	});

	it('tell the load of quiet seconds apart, and it agrees with the counters of the machines', () => {
		const { cluster, statistics, hosts } = started(8);
		cluster.run(6_000);
		const before = hosts.reduce((sum, { machine }) => sum + totalTraffic(machine.counters, 'bytesSent'), 0);
		cluster.run(20_000);
		const after = hosts.reduce((sum, { machine }) => sum + totalTraffic(machine.counters, 'bytesSent'), 0);
		const { quietLoad, load } = statistics.finish();
		expect(quietLoad.bytesPerNodePerS).toBeCloseTo((after - before) / 20 / 8, -1);
		expect(quietLoad.packetsPerNodePerS).toBeGreaterThan(9);
		expect(load.bytesPerNodePerS).toBeGreaterThan(quietLoad.bytesPerNodePerS!);
	});

	it('call a second quiet although probes fail in it, as long as nobody is suspected', () => {
		const { cluster, statistics } = started(8);
		cluster.network.weather = { ...cluster.network.weather, loss: 0.03 };
		cluster.run(30_000);
		expect(statistics.finish().quietLoad.bytesPerNodePerS).toBeGreaterThan(100);
	});

	it('count every entry of every running view in the time line, which ends where the views do', () => {
		const { cluster, statistics, hosts } = started(8);
		cluster.run(2_000);
		cluster.kill(hosts[1]!);
		cluster.run(20_000);
		const { timeline } = statistics.finish();
		expect([timeline.running.at(-1), timeline.agreeing.at(-1)]).toEqual([7, 1]);
		const last = Object.fromEntries(Object.entries(timeline.views).map(([state, values]) => [state, values.at(-1)]));
		expect(last).toEqual({ alive: 49, suspect: 0, dead: 7, left: 0 });
		const [member] = timeline.members;
		expect([timeline.members.length, member?.name, member?.dead.at(-1)]).toEqual([1, 'n1', 7]);
		expect(Math.max(...member!.suspectPeak)).toBe(7);
		const lengths = [timeline.running, ...Object.values(timeline.views), member!.suspect, member!.left];
		expect(lengths.map(({ length }) => length)).toEqual(lengths.map(() => timeline.bins));
	});

	it('change nothing of the run', () => {
		const hash = (observe: boolean): string => {
			const cluster = new Cluster({ seed: 7 });
			if (observe) cluster.observe(new Statistics(cluster));
			const [a, b] = ['a', 'b'].map((name) => cluster.add(name));
			cluster.discover(b!, [a!]);
			cluster.run(3_000);
			return cluster.hash.text;
		};
		expect(hash(true)).toBe(hash(false));
	});
});
