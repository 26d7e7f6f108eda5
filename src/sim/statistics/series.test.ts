// Bins, series, levels and quantiles: the arithmetic of the statistics.

import { describe, expect, it } from 'vitest';
import { quantile, Sample } from './sample.ts';
import { Bins, Level, Series } from './series.ts';

describe('bins', () => {
	function recorded(most: number) {
		const series = new Series('mean');
		const ends: number[] = [];
		const bins = new Bins({
			widthMs: 10,
			most,
			close(end, lengthMs) {
				ends.push(end);
				series.push(lengthMs);
			},
			fold: () => series.fold(),
		});
		return { bins, series, ends };
	}

	it('close at their ends, however far time jumps', () => {
		const { bins, ends } = recorded(100);
		bins.advance(9.9);
		expect(ends).toEqual([]);
		bins.advance(35);
		expect(ends).toEqual([10, 20, 30]);
	});

	it('become half as many and twice as wide when they are full', () => {
		const { bins, series, ends } = recorded(4);
		bins.advance(80);
		expect(ends).toEqual([10, 20, 30, 40, 60, 80]);
		expect([bins.widthMs, bins.count, series.values.length]).toEqual([40, 2, 2]);
	});

	it('close the last one early', () => {
		const { bins, series } = recorded(100);
		bins.finish(24);
		expect(series.values).toEqual([10, 10, 4]);
		bins.finish(24);
		expect(bins.count).toBe(3);
	});
});

describe('series', () => {
	it.each([
		['mean', [2, 6]],
		['max', [3, 7]],
		['min', [1, 5]],
	] as const)('fold by %s', (fold, expected) => {
		const series = new Series(fold);
		for (const value of [1, 3, 5, 7]) series.push(value);
		series.fold();
		expect(series.values).toEqual(expected);
	});

	it('begin late with zeros', () => {
		expect(new Series('max', 3).values).toEqual([0, 0, 0]);
	});
});

describe('a level', () => {
	it('tells the mean over time and the peak of each bin', () => {
		const level = new Level(0, 0);
		level.step(4, 5);
		level.step(-3, 7.5);
		expect(level.take(10, 10)).toEqual({ mean: 1.25, peak: 4 });
		expect(level.take(20, 10)).toEqual({ mean: 1, peak: 1 });
	});
});

describe('quantiles', () => {
	it('are values that occurred (nearest rank)', () => {
		const sorted = Array.from({ length: 100 }, (_, i) => i + 1);
		expect([quantile(sorted, 0.5), quantile(sorted, 0.99), quantile(sorted, 1)]).toEqual([50, 99, 100]);
		expect([quantile([7], 0.5), quantile([7], 0.99)]).toEqual([7, 7]);
	});

	it('are null when nothing was measured', () => {
		expect(new Sample().quantiles).toEqual({ count: 0, p50Ms: null, p99Ms: null, maxMs: null });
	});

	it('do not depend on the order', () => {
		const sample = new Sample();
		for (const value of [30, 4, 200]) sample.add(value);
		expect(sample.quantiles).toEqual({ count: 3, p50Ms: 30, p99Ms: 200, maxMs: 200 });
	});
});
