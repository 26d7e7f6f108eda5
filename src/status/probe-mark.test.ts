// Marks of probes: what is kept of a round trip, and the figures that are read from many.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARKS, markRttMs, probeFigures, probeMark } from './probe-mark.ts';

describe('probeMark', () => {
	it('keeps a round trip within 8 %, from 0.05 ms to 3 s', () => {
		fc.assert(
			fc.property(fc.double({ min: 0.05, max: 3_000, noNaN: true }), (rttMs) => {
				const kept = markRttMs(probeMark('direct', rttMs)) as number;
				expect(Math.abs(kept / rttMs - 1)).toBeLessThan(0.08);
			}),
		);
	});

	it('is one character that JSON writes as it is, never one of the other marks', () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (rttMs) => {
				const mark = probeMark('late', rttMs);
				expect(JSON.stringify(mark)).toHaveLength(3);
				expect(Object.values(MARKS)).not.toContain(mark);
			}),
		);
	});

	it('tells who answered where the member itself did not', () => {
		expect((['none', 'helper', 'stream'] as const).map((answer) => probeMark(answer, 40))).toEqual(['!', '#', '$']);
		expect(Object.values(MARKS).map(markRttMs)).toEqual([null, null, null]);
	});
});

describe('probeFigures', () => {
	it('reads quantiles from round trips and counts the others', () => {
		const marks = [1, 1, 2, 3, 100].map((rttMs) => probeMark('direct', rttMs)).join('') + MARKS.none + MARKS.helper;
		const { p50Ms, p99Ms, ...counts } = probeFigures(marks);
		expect(counts).toEqual({ ended: 7, unanswered: 1 });
		expect(p50Ms).toBeCloseTo(2, 0);
		expect(Math.abs((p99Ms as number) / 100 - 1)).toBeLessThan(0.08);
		expect(probeFigures('')).toEqual({ ended: 0, unanswered: 0, p50Ms: null, p99Ms: null });
	});
});
