// Lost packets alone kill nobody in large clusters, at the short suspicions of memberlist (X15, X16).

import { describe, expect, it } from 'vitest';
import { Cluster } from '../../src/sim/index.ts';

/** Members that are declared dead anywhere while packets get lost for so long, though nobody is ill. */
function deaths(nodes: number, loss: number, streams: boolean, durationMs: number): string[] {
	const cluster = new Cluster({ seed: 1, host: { streams, suspicionTimeoutMs: 'auto' } });
	const dead: string[] = [];
	cluster.observe({
		event: (host, event) => {
			if (event.type === 'state' && event.to === 'dead') dead.push(`${event.member.name} at ${host.name}`);
		},
	});
	cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => `n${i}`));
	cluster.run(5_000);
	// Streams pass: TCP repeats what is lost.
	cluster.network.impose({ applies: () => true, packetLoss: loss, streams: true });
	cluster.run(durationMs);
	return dead;
}

describe('a healthy cluster that loses packets', () => {
	// A minute and three worlds of each: npm run bench -- sim-loss
	it.each([
		[100, 5, false, 20],
		[100, 5, true, 10],
		[100, 20, false, 20],
		[100, 20, true, 10],
		[200, 5, false, 10],
		[200, 20, false, 10],
		[200, 20, true, 5],
	])(
		'of %i nodes, %i % of all packets, streams %s: declares nobody dead in %i s',
		(nodes, percent, streams, seconds) => {
			expect(deaths(nodes, percent / 100, streams, seconds * 1_000)).toEqual([]);
		},
		120_000,
	);
});
