// The picture of the ring against the ring itself: owners of even steps, and heirs.

import { describe, expect, it } from 'vitest';
import { createHashRing } from './hash-ring.ts';
import { emptyPoints, locate, rebuild } from './points.ts';
import { ringSteps, ringTakeover } from './ring-map.ts';

const weightsOf = (count: number) =>
	new Map(Array.from({ length: count }, (_, at) => [`longbow-${at}`, at === 3 ? 2 : 1] as const));

function shares(weights: ReadonlyMap<string, number>, without?: string): Map<string, number> {
	const ring = createHashRing();
	for (const [name, weight] of weights) if (name !== without) ring.add(name, weight);
	return new Map(ring.shares().map(({ member, share }) => [member, share]));
}

describe('the steps of the ring', () => {
	it.each([1, 2, 24])('of %i members belong to whom the ring gives their middles', (count) => {
		const weights = weightsOf(count);
		const { names, points, owners } = ringSteps(weights, 5_000);
		const layout = rebuild(emptyPoints(), weights);
		expect(points).toBe(layout.length);
		for (const [at, owner] of owners.entries()) {
			const middle = Math.ceil(((at + 0.5) / 5_000) * 2 ** 32);
			const index = locate(layout, middle, () => 0);
			expect(names[owner]).toBe(layout.names[layout.slot[index]!]);
		}
	});

	it('are none without owners', () => {
		expect(ringSteps(new Map([['a', 0]]), 10).owners.length).toBe(0);
	});
});

describe('a takeover', () => {
	it.each([
		[2, 'longbow-1'],
		[24, 'longbow-3'],
		[24, 'longbow-20'],
		[100, 'longbow-7'],
	])('among %i members is what the others gain in a ring without %s', (count, member) => {
		const weights = weightsOf(count);
		const [before, after] = [shares(weights), shares(weights, member)];
		const gains = [...after].map(([name, share]) => share - before.get(name)!).filter((gain) => gain > 1e-9);
		const { arcs, heirs, most } = ringTakeover(weights, member);
		expect(heirs).toBe(gains.length);
		expect(most).toBeCloseTo(Math.max(...gains), 6);
		const owned = arcs.reduce((sum, [from, to]) => sum + to - from, 0);
		expect(owned).toBeCloseTo(before.get(member)!, 6);
		const layout = rebuild(emptyPoints(), weights);
		for (const [from, to] of arcs) {
			const index = locate(layout, Math.floor(((from + to) / 2) * 2 ** 32), () => 0);
			expect(layout.names[layout.slot[index]!]).toBe(member);
		}
	});

	it('has no heir where nobody is left, and nothing to give where nothing is owned', () => {
		expect(ringTakeover(new Map([['a', 1]]), 'a')).toEqual({ arcs: [], heirs: 0, most: 0 });
		expect(ringTakeover(weightsOf(3), 'unknown')).toEqual({ arcs: [], heirs: 0, most: 0 });
	});
});
