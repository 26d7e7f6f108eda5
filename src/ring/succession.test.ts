// Who takes over what at the edges: a last owner, one of weight 0, a changing ring. Held against real rings in test/property.

import { describe, expect, it } from 'vitest';
import { createHashRing, type HashRing } from './hash-ring.ts';

type Weights = Readonly<Record<string, number>>;

function ringOf(weights: Weights): HashRing {
	const ring = createHashRing();
	for (const [member, weight] of Object.entries(weights)) ring.add(member, weight);
	return ring;
}

describe('heirs', () => {
	it('are nobody for the last owner, for one of weight 0, and for a stranger', () => {
		const ring = ringOf({ a: 1, b: 0 });
		expect(ring.heirs('a')).toEqual([]);
		expect(ring.heirs('b')).toEqual([]);
		expect(ring.heirs('c')).toEqual([]);
		expect(ring.takeovers()).toEqual([
			{ member: 'a', heirs: 0, most: 0 },
			{ member: 'b', heirs: 0, most: 0 },
		]);
		expect(createHashRing().takeovers()).toEqual([]);
	});

	it('follow the ring when it changes', () => {
		const ring = ringOf({ a: 1, b: 1 });
		expect(ring.takeovers()[0]?.heirs).toBe(1);
		ring.add('c', 3);
		expect(ring.takeovers()[0]?.heirs).toBe(2);
		ring.remove('b');
		expect(ring.heirs('a').map(({ member }) => member)).toEqual(['c']);
	});
});

describe('arcs', () => {
	it('cover the circle once, and add up to the share', () => {
		const ring = ringOf({ a: 1, b: 2, c: 7 });
		for (const { member, share } of ring.shares()) {
			const arcs = ring.arcs(member);
			expect(arcs.reduce((sum, [from, to]) => sum + to - from, 0)).toBeCloseTo(share, 12);
			expect(arcs.every(([from, to]) => from < to && to <= 1)).toBe(true);
		}
		const all = ring.shares().flatMap(({ member }) => ring.arcs(member));
		const sorted = all.toSorted(([a], [b]) => a - b);
		for (const [at, [from]] of sorted.entries()) if (at > 0) expect(from).toBeCloseTo(sorted[at - 1]?.[1] ?? -1, 12);
		expect((sorted.at(-1)?.[1] ?? 0) - (sorted[0]?.[0] ?? 0)).toBeCloseTo(1, 12);
	});

	it('of one owner are the whole circle, of a stranger nothing', () => {
		const ring = ringOf({ a: 1 });
		const [arc] = ring.arcs('a');
		expect(ring.arcs('a')).toHaveLength(1);
		expect((arc?.[1] ?? 0) - (arc?.[0] ?? 0)).toBeCloseTo(1, 12);
		expect(ring.arcs('b')).toEqual([]);
	});
});
