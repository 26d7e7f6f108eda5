// Round trips into classes, traffic into points.

import { describe, expect, it } from 'vitest';
import { type LiveSecond, MARKS, probeMark } from '../../status/index.ts';
import { HEAT_EDGES, heatBucket, trafficOf } from './seconds.ts';

const second = (at: number, fields: Partial<LiveSecond> = {}): LiveSecond => ({
	at,
	probes: '',
	sent: [0, 0, 0, 0],
	received: [0, 0, 0, 0],
	packets: [0, 0],
	...fields,
});

describe('seconds', () => {
	it('put round trips into classes, and count those without an answer', () => {
		const probes = [0.01, 0.8, 0.8, 9_000].map((ms) => probeMark('direct', ms)).join('') + MARKS.none + MARKS.helper;
		const { counts, unanswered } = heatBucket(second(0, { probes }));
		const last = HEAT_EDGES.length - 2;
		expect([counts[0], counts[4], counts[last], unanswered]).toEqual([1, 2, 1, 1]);
	});

	it('smooth the traffic over five seconds and divide it among its kinds', () => {
		const seconds = Array.from({ length: 10 }, (_, at) =>
			second(at * 1_000, { sent: [600, 300, 100, 0], received: [at === 9 ? 500 : 0, 0, 0, 0], packets: [20, at] }),
		);
		const { points, packetsOut, packetsIn, kinds } = trafficOf(seconds);
		expect([points[0]?.out, points[9]?.in]).toEqual([1_000, 100]);
		expect([packetsOut, packetsIn, kinds]).toEqual([20, 7, { probes: 0.6, gossip: 0.3, sync: 0.1, broadcasts: 0 }]);
	});

	it('say nothing of nothing', () => {
		expect(trafficOf([]).kinds.probes).toBe(0);
	});
});
