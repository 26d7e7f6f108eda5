// How fast and at what price news spreads in a cluster at rest (SWIM §4.1, X10).

import { describe, expect, it } from 'vitest';
import { clusterWith } from '../../bench/support/without.ts';
import { Cluster } from '../../src/sim/index.ts';
import { retransmitLimit } from '../../src/swim/broadcast-queue.ts';
import { DEFAULTS } from '../../src/swim/index.ts';

const NODES = 100;
const NAMES = Array.from({ length: NODES }, (_, i) => `n${i}`);

interface Spread {
	readonly tookMs: number;
	readonly copies: number;
}

/** One member after the other changes a tag: how long until all others have it, and how often it was sent in all. */
function spreads(changes: number): Spread[] {
	const cluster = new Cluster({ seed: 1, host: { streams: false } });
	let views = 0;
	cluster.observe({
		event: (_host, event) => {
			if (event.type === 'update') views++;
		},
	});
	const hosts = cluster.addAcquainted(NAMES);
	const copies = (): number =>
		hosts.reduce((sum, { machine: { counters } }) => sum + counters.updatesSent + counters.updatesResent, 0);
	cluster.run(5_000);
	return hosts.slice(0, changes).map((host, i) => {
		const before = copies();
		views = 0;
		cluster.ask(host, { type: 'set-tags', tags: { change: String(i) } });
		const tookMs = cluster.runUntil(() => views === NODES, 10_000);
		if (tookMs === undefined) throw new Error(`${host.name}: ${views} views have its tag`);
		cluster.run(5_000);
		return { tookMs, copies: copies() - before };
	});
}

describe('X10: a changed tag in a cluster of 100 at rest', () => {
	const seen = spreads(20);

	it('is in every view within less than half a period mostly, and always within two', () => {
		const times = seen.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
		expect(times[times.length >> 1]!).toBeLessThan(DEFAULTS.protocolPeriodMs / 2);
		expect(times.at(-1)!).toBeLessThan(2 * DEFAULTS.protocolPeriodMs);
	});

	it('is sent by each node no more often than the limit of retransmissions', () => {
		const most = NODES * retransmitLimit(DEFAULTS.retransmitMult, NODES);
		for (const { copies } of seen) expect(copies).toBeLessThanOrEqual(most);
	});
});

describe('early copies', () => {
	const CHANGES = 20;
	const WINDOW_MS = 4_000;

	/** What a changed tag costs the whole cluster above what it sends at rest, in bytes of payload. */
	function bytesAChange(ClusterClass: typeof Cluster): number {
		const cluster = new ClusterClass({ seed: 1, host: { streams: false } });
		let bytes = 0;
		cluster.observe({
			packet: (_from, _to, { length }) => {
				bytes += length;
			},
		});
		const hosts = cluster.addAcquainted(NAMES);
		const during = (durationMs: number): number => {
			const before = bytes;
			cluster.run(durationMs);
			return bytes - before;
		};
		cluster.run(5_000);
		const atRest = during(WINDOW_MS);
		let sum = 0;
		for (const [i, host] of hosts.slice(0, CHANGES).entries()) {
			cluster.ask(host, { type: 'set-tags', tags: { change: String(i).padStart(2) } });
			sum += during(WINDOW_MS) - atRest;
		}
		return sum / CHANGES;
	}

	it('cost no bytes: the copies that are due anyhow go out sooner', async () => {
		const late = { file: 'swim/gossip.ts', find: 'const FRESH_PACE = 1 / 8;', replace: 'const FRESH_PACE = 1;' };
		const [early, without] = [bytesAChange(Cluster), bytesAChange(await clusterWith([late]))];
		expect(without).toBeGreaterThan(0);
		expect(early / without).toBeLessThanOrEqual(1.02);
	}, 30_000);
});

describe('seed 31: batching saves syscalls', () => {
	const CHANGES = 20;

	/** Some members change a tag at once: how long until all have all of it, and the packets that went out for it alone. */
	function spreadTogether(updatesPerPacket: number): { tookMs: number; packets: number } {
		const cluster = new Cluster({ seed: 31, host: { streams: false, updatesPerPacket } });
		let views = 0;
		cluster.observe({
			event: (_host, event) => {
				if (event.type === 'update') views++;
			},
		});
		const hosts = cluster.addAcquainted(NAMES);
		const gossip = (): number =>
			hosts.reduce((sum, { machine }) => sum + machine.counters.traffic.gossip.packetsSent, 0);
		cluster.run(5_000);
		const before = gossip();
		for (const host of hosts.slice(0, CHANGES)) cluster.ask(host, { type: 'set-tags', tags: { role: 'new' } });
		const tookMs = cluster.runUntil(() => views === CHANGES * NODES, 20_000);
		if (tookMs === undefined) throw new Error(`${views} views have a new tag`);
		// Until the last copy is sent.
		cluster.run(10_000);
		return { tookMs, packets: gossip() - before };
	}

	it('seed 31: five updates a packet need a quarter of the packets of one update a packet, and less than half the time', () => {
		const [batched, single] = [spreadTogether(DEFAULTS.updatesPerPacket), spreadTogether(1)];
		expect(batched.packets * 4).toBeLessThanOrEqual(single.packets);
		expect(batched.tookMs * 2).toBeLessThanOrEqual(single.tookMs);
	});
});
