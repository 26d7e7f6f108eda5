// What does not grow with the cluster: load at rest, memory a view, time to detect; and how soon many who start at once know each other.
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Cluster, quantile, type SimHost } from '../../src/sim/index.ts';
import { IdentityPool, KnownMembers, utf8 } from '../../src/swim/index.ts';

const UDP_ONLY = { streams: false } as const;
const PERIOD_MS = 200;
/** A probe without an answer has its verdict at the end of its period. */
const PROBE_MS = PERIOD_MS;

function names(count: number): string[] {
	return Array.from({ length: count }, (_, i) => `n${i}`);
}

/** Packets and bytes that a node sends in a second when the news of the start have faded; names and tags as long as where memberlist was measured. */
function loadAtRest(nodes: number): { packets: number; bytes: number } {
	const cluster = new Cluster({ seed: 22, host: { ...UDP_ONLY, tags: { note: 'x'.repeat(24) } } });
	const sum = { packets: 0, bytes: 0 };
	cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => `node-${String(i).padStart(3, '0')}`));
	cluster.run(4_000);
	cluster.observe({
		packet(_from, _to, { length }) {
			sum.packets++;
			sum.bytes += length;
		},
	});
	cluster.run(4_000);
	return { packets: sum.packets / nodes / 4, bytes: sum.bytes / nodes / 4 };
}

/** Payload of a memberlist node at the same timing, whatever the size of the cluster. */
const MEMBERLIST_BYTES_PER_S = 460;

describe('load at rest', () => {
	it('seed 22: is the same at 10, 100 and 300 members, where the original says 5, 50 and some 150 KB/s', () => {
		const loads = [10, 100, 300].map(loadAtRest);
		for (const { packets, bytes } of loads) {
			expect(bytes).toBeLessThanOrEqual(0.8 * MEMBERLIST_BYTES_PER_S);
			for (const other of loads) {
				expect(packets / other.packets).toBeLessThanOrEqual(1.02);
				expect(bytes / other.bytes).toBeLessThanOrEqual(1.02);
			}
		}
	});
});

describe('memory', () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	setFlagsFromString('--no-expose-gc');

	/** Buffers are freed some time after the collection that finds them, so it is done again until nothing more goes. */
	async function heldBytes(): Promise<number> {
		let held = Number.POSITIVE_INFINITY;
		for (let round = 0; round < 20; round++) {
			collect();
			await setImmediate();
			const { heapUsed, arrayBuffers } = process.memoryUsage();
			if (heapUsed + arrayBuffers >= held) break;
			held = heapUsed + arrayBuffers;
		}
		return held;
	}

	function membersOf(count: number): KnownMembers {
		const [pool, known] = [new IdentityPool(() => ({})), new KnownMembers()];
		for (const [i, name] of names(count).entries()) {
			const addr = Uint8Array.of(10, 1, i >> 8, i & 255);
			const vsn = Uint8Array.of(1, 5, 2, 0, 0, 0);
			known.add(pool.identity({ name: utf8(name), addr, port: 7946, meta: new Uint8Array(0), vsn }), 1);
		}
		return known;
	}

	/** Of each of so many views, with all that the hosts hold beside them. */
	async function bytesAView(observers: number, known: KnownMembers, members: number): Promise<number> {
		const before = await heldBytes();
		const cluster = new Cluster({ seed: 1, host: UDP_ONLY });
		for (const name of names(observers)) cluster.add(`observer-${name}`, { known });
		const cost = (await heldBytes()) - before;
		expect(cluster.hosts.size).toBe(observers);
		return cost / observers / members;
	}

	it.each([5_000, 10_000])('a view of one of %i members costs at most 60 bytes', async (members) => {
		const [warm, known] = [membersOf(1), membersOf(members)];
		await bytesAView(20, warm, 1);
		expect(await bytesAView(20, known, members)).toBeLessThanOrEqual(60);
	});
});

describe('members known from the start', () => {
	it('are the same to every node: all digests are equal at once, and no event tells of them', () => {
		const cluster = new Cluster({ seed: 3, host: UDP_ONLY });
		let events = 0;
		cluster.observe({
			event(_host, event) {
				if (event.type === 'state' && event.why.code !== 'started') events++;
			},
		});
		const hosts = cluster.addAcquainted(names(50));
		const digests = new Set(hosts.map(({ machine: { digest } }) => `${digest.a} ${digest.b}`));
		expect(digests.size).toBe(1);
		for (const { machine } of hosts) expect(machine.members()).toHaveLength(50);
		cluster.run(10_000);
		expect(events).toBe(0);
	});

	it('cannot be recorded', () => {
		const cluster = new Cluster({ seed: 3 });
		const nothing = (): void => undefined;
		const journal = { open: nothing, add: nothing, end: nothing };
		expect(() => cluster.add('a', { known: new KnownMembers(), journal })).toThrow(/journal/);
		expect(cluster.hosts.size).toBe(0);
	});
});

describe('detection', () => {
	/** From a crash to the first suspicion in any view, once for each of some clusters. */
	function firstSuspicions(nodes: number, crashes: number): number[] {
		return Array.from({ length: crashes }, (_, i) => {
			const cluster = new Cluster({ seed: i, host: UDP_ONLY });
			const [victim] = cluster.addAcquainted(names(nodes)) as [SimHost, ...SimHost[]];
			let suspected = false;
			cluster.observe({
				event(_host, event) {
					if (event.type === 'state' && event.to === 'suspect') suspected = true;
				},
			});
			cluster.run(1_000 + 7 * i);
			cluster.kill(victim);
			return cluster.runUntil(() => suspected, 2 * nodes * PERIOD_MS)!;
		});
	}

	it.each([10, 60])('of %i members takes what SWIM expects, e / (e - 1) periods and the probe, or less', (nodes) => {
		const times = firstSuspicions(nodes, 40);
		const expectedMs = (Math.E / (Math.E - 1)) * PERIOD_MS + PROBE_MS;
		const ratio = times.reduce((sum, time) => sum + time, 0) / times.length / expectedMs;
		expect(ratio).toBeGreaterThan(0.5);
		expect(ratio).toBeLessThan(1);
		expect(Math.max(...times)).toBeLessThanOrEqual((2 * nodes - 1) * PERIOD_MS + PROBE_MS);
	});
});

describe('burst joins', () => {
	/** When the last of all views is complete. */
	function complete(nodes: number, through: number, seed: number): number {
		const cluster = new Cluster({ seed, host: UDP_ONLY });
		const hosts = names(nodes).map((name) => cluster.add(name));
		for (const host of hosts) cluster.discover(host, hosts.slice(0, through));
		return cluster.runUntil(() => hosts.every(({ machine }) => machine.sizes.members === nodes), 10_000) ?? 10_000;
	}

	// A fifth of what memberlist took on real sockets: 2,787, 5,881 and 9,041 ms in the median. Fifty worlds of each: npm run bench -- sim-join --through 1
	it.each([
		[64, 3, 8, 557],
		[100, 1, 20, 557],
		[200, 1, 5, 1_176],
		[300, 1, 3, 1_808],
	])(
		'%i who start at once through %i of them: complete views in all %i runs within 2 s, in half of them within %i ms',
		(nodes, through, runs, medianMs) => {
			const times = Array.from({ length: runs }, (_, i) => complete(nodes, through, i + 1)).sort((a, b) => a - b);
			expect(quantile(times, 0.5)).toBeLessThan(medianMs);
			expect(times.at(-1)).toBeLessThan(2_000);
		},
		60_000,
	);
});
