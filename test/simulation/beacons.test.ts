// X17 over simulated time: beacons reach everybody, their ages are the time that passed, foreign members never see one.

import { describe, expect, it } from 'vitest';
import { createCodec } from '../../src/wire/index.ts';
import { RecordedPacket } from '../support/recorded-packet.ts';
import { type HostOptions, World } from '../support/world.ts';

const INTERVAL_MS = 4_000;
const RUN_MS = 60_000;
const codec = createCodec({ packetBytes: 1_400 });

interface Ride {
	readonly from: string;
	readonly to: string;
	readonly number: number;
	readonly at: number;
	readonly ageMs: number;
	readonly arrivesAt: number | undefined;
}

interface Run {
	readonly world: World;
	/** Beacons on packets, in order. */
	readonly rides: readonly Ride[];
}

function run(count: number, options: (i: number) => HostOptions): Run {
	const world = new World({ seed: 5, streams: true });
	const rides: Ride[] = [];
	const hosts = Array.from({ length: count }, (_, i) => world.add(`n${i}`, options(i)));
	const names = new Map(hosts.map(({ address, name }) => [address.host, name]));
	world.sim.observe({
		packet(from, to, bytes, at, arrivals) {
			const record = new RecordedPacket();
			codec.readPacket(bytes, record);
			for (const { type, fields } of record.messages) {
				if (type !== 'beacon') continue;
				const { number, ageMs } = fields as { number: number; ageMs: number };
				const arrivesAt = arrivals[0] === undefined ? undefined : at + arrivals[0];
				rides.push({ from: from.name, to: names.get(to.host) ?? '', number, at, ageMs, arrivesAt });
			}
		},
	});
	for (const host of hosts.slice(1)) world.discover(host, [hosts[0]!]);
	world.until(() => world.complete, 20_000);
	world.run(RUN_MS);
	return { world, rides };
}

function counted({ world }: Run): { ages: number; sumMs: number } {
	const all = [...world.hosts.values()].map(({ machine }) => machine.counters.propagation);
	const ages = all.flatMap(({ classes }) => [...classes]).reduce((sum, count) => sum + count, 0);
	return { ages, sumMs: all.reduce((sum, each) => sum + each.sumMs, 0) };
}

describe('beacons', () => {
	it('reach everybody once each, with the age that has really passed, however clocks are set', () => {
		// The clocks of some are a second or two off, which moves turns and must not move ages.
		const made = run(30, (i) => ({ beaconIntervalMs: INTERVAL_MS, incarnation: 200_000_000 + (i % 3) }));
		const began = new Map<number, number>();
		const came = new Map<string, number>();
		for (const { number, at, ageMs, to, arrivesAt } of made.rides) {
			if (!began.has(number)) began.set(number, at - ageMs);
			if (arrivesAt === undefined) continue;
			const key = `${to} ${number}`;
			came.set(key, Math.min(arrivesAt, came.get(key) ?? Number.POSITIVE_INFINITY));
		}
		expect(began.size).toBeGreaterThan(RUN_MS / INTERVAL_MS / 2);
		const { ages, sumMs } = counted(made);
		// All but who sent it off; the last one may be on its way still.
		expect(ages).toBeGreaterThanOrEqual((began.size - 1) * 29);
		let realMs = 0;
		for (const [key, at] of came) realMs += at - began.get(Number(key.split(' ')[1]))!;
		const meanMs = sumMs / ages;
		expect(meanMs).toBeGreaterThan(5);
		expect(Math.abs(meanMs - realMs / came.size)).toBeLessThan(0.1 * meanMs);
	});

	it('cost each node a dozen bytes as often as one update, whatever the size', () => {
		const limit = 4 * Math.ceil(Math.log10(31));
		const perNode = new Map<string, number>();
		for (const { from, number } of run(30, () => ({ beaconIntervalMs: INTERVAL_MS })).rides) {
			perNode.set(`${from} ${number}`, (perNode.get(`${from} ${number}`) ?? 0) + 1);
		}
		expect(Math.max(...perNode.values())).toBeLessThanOrEqual(limit);
		expect(codec.beacon(1, 1)).toHaveLength(11);
	});

	it('never reach a foreign member, and are never sent where nobody asked for them', () => {
		const { rides } = run(6, (i) => ({ beaconIntervalMs: INTERVAL_MS, extensions: i !== 3 }));
		expect(rides.length).toBeGreaterThan(0);
		expect(rides.filter(({ to, from }) => to === 'n3' || from === 'n3')).toEqual([]);
		expect(run(4, () => ({})).rides).toEqual([]);
	});

	it('are ignored out of their time, by whoever did not send them as a member, and when they are no news', () => {
		const made = run(3, () => ({ beaconIntervalMs: INTERVAL_MS }));
		const { world } = made;
		const [a, b] = [world.hosts.get('n0')!, world.hosts.get('n1')!];
		const last = made.rides.at(-1)!.number;
		const count = (): number => a.machine.counters.propagation.classes.reduce((sum, each) => sum + each, 0);
		const before = count();
		const send = (number: number, from = b.address): void => {
			const packet = codec.packet();
			packet.message(codec.beacon(number, 1));
			world.input(a, { type: 'packet', from, bytes: packet.finish({ crc: false }) });
		};
		send(last + 4_000_000_000);
		send(last - 1);
		send(last + 1, { host: '10.99.0.1', port: 7946 });
		expect(count()).toBe(before);
		send(last + 1);
		send(last + 1);
		expect(count()).toBe(before + 1);
	});
});
