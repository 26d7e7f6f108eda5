// Tests of the layout: taking over, thinning, equal points, the guide.

import { describe, expect, it } from 'vitest';
import { emptyPoints, locate, MAX_POINTS, POINTS_PER_WEIGHT, type Points, rebuild, shareBySlot } from './points.ts';

function members(count: number, weight = 1): Map<string, number> {
	return new Map(Array.from({ length: count }, (_, i) => [`longbow-${i}`, weight]));
}

/** What can be told of a layout: every point with its member's name. */
function listed(points: Points): string[] {
	return Array.from(points.high, (high, i) => `${high} ${points.low[i]} ${points.names[points.slot[i] as number]}`);
}

describe('rebuild', () => {
	it('lays the points out in order', () => {
		const points = rebuild(emptyPoints(), members(20));
		expect(points.length).toBe(20 * POINTS_PER_WEIGHT);
		for (let i = 1; i < points.length; i++) {
			const [before, here] = [points.high[i - 1] as number, points.high[i] as number];
			expect(before < here || (before === here && (points.low[i - 1] as number) < (points.low[i] as number))).toBe(
				true,
			);
		}
	});

	it('gives the same layout from nothing and from an earlier one', () => {
		let points = rebuild(emptyPoints(), members(12));
		const weights = members(9);
		weights.set('longbow-3', 4).set('longbow-5', 0).set('newcomer', 2);
		points = rebuild(points, weights);
		expect(listed(points)).toEqual(listed(rebuild(emptyPoints(), weights)));
	});

	it('leaves the earlier layout as it was', () => {
		const earlier = rebuild(emptyPoints(), members(5));
		const before = listed(earlier);
		rebuild(earlier, members(2));
		expect(listed(earlier)).toEqual(before);
	});

	it('thins everybody alike where the points would exceed the cap', () => {
		const weights = members(4, 10).set('heavy', 20);
		const points = rebuild(emptyPoints(), weights, 20 * POINTS_PER_WEIGHT);
		expect(points.length).toBe((60 * POINTS_PER_WEIGHT) / 4);
		const shares = shareBySlot(points);
		expect(shares[points.names.indexOf('heavy')]).toBeCloseTo(1 / 3, 1);
	});

	it('keeps one point of the lightest member, however thin the ring', () => {
		const points = rebuild(emptyPoints(), new Map([...members(8, 1_000), ['light', 1]]), 64);
		expect(points.names).toContain('light');
		expect(points.length).toBeLessThanOrEqual(64 + 9);
	});

	it('is not thinned by four thousand members', () => {
		expect(MAX_POINTS / POINTS_PER_WEIGHT).toBeGreaterThanOrEqual(4_096);
	});

	it('gives equal points to the member whose name comes first in byte order', () => {
		// No two real names with equal points are known, so an earlier layout is made to claim longbow-0's points for another.
		const honest = rebuild(emptyPoints(), members(1));
		for (const [rival, first] of [
			['a', 'a'],
			['z', 'longbow-0'],
		] as const) {
			const forged = rebuild({ ...honest, names: [rival] }, new Map([[rival, 1], ...members(1)]));
			expect(forged.length).toBe(2 * POINTS_PER_WEIGHT);
			for (let i = 0; i < forged.length; i += 2) expect(forged.names[forged.slot[i] as number]).toBe(first);
		}
	});
});

describe('locate', () => {
	it('finds what a plain search finds, for every point and its neighbours', () => {
		const points = rebuild(emptyPoints(), members(3));
		const plain = (high: number, low: number): number => {
			const at = Array.from(points.high).findIndex(
				(h, i) => h > high || (h === high && (points.low[i] as number) >= low),
			);
			return Math.max(at, 0);
		};
		for (let i = 0; i < points.length; i++) {
			const [high, low] = [points.high[i] as number, points.low[i] as number];
			expect(locate(points, high, () => low)).toBe(i);
			expect(locate(points, high, () => (low + 1) >>> 0)).toBe(plain(high, (low + 1) >>> 0));
			expect(locate(points, high, () => 0)).toBe(plain(high, 0));
		}
		expect(locate(points, 0, () => 0)).toBe(0);
		expect(locate(points, 0xffff_ffff, () => 0xffff_ffff)).toBe(0);
	});
});

it('measures shares that add up to one', () => {
	expect(shareBySlot(rebuild(emptyPoints(), members(7))).reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
	expect(shareBySlot(rebuild(emptyPoints(), members(1)))[0]).toBeCloseTo(1, 12);
	expect(shareBySlot(rebuild(emptyPoints(), members(2), 2))).toHaveLength(2);
});
