// How fast and at what price news spreads in a cluster at rest (SWIM §4.1, X10).

import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/sim/index.ts';
import { retransmitLimit } from '../../src/swim/broadcast-queue.ts';
import { DEFAULTS } from '../../src/swim/index.ts';

const NODES = 100;

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
	const hosts = cluster.addAcquainted(Array.from({ length: NODES }, (_, i) => `n${i}`));
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
