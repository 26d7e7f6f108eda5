// The picture of the ring against the ring itself: arcs, owners and heirs.

import { describe, expect, it } from 'vitest';
import { createHashRing } from './hash-ring.ts';
import { mapRing } from './ring-map.ts';

const weights = new Map(Array.from({ length: 24 }, (_, at) => [`longbow-${at}`, at === 3 ? 2 : 1] as const));
const map = mapRing(weights);
const ring = (without?: string) => {
	const made = createHashRing();
	for (const [name, weight] of weights) if (name !== without) made.add(name, weight);
	return made;
};
const shares = (without?: string) =>
	new Map(
		ring(without)
			.shares()
			.map(({ member, share }) => [member, share]),
	);
const length = (member: string) => map.arcs(member).reduce((sum, [from, to]) => sum + to - from, 0);

describe('a map of the ring', () => {
	it('has arcs that add up to the shares, in order and without overlap', () => {
		const all = [...weights.keys()].flatMap((name) => map.arcs(name)).sort((a, b) => a[0] - b[0]);
		expect([all[0]?.[0], all.at(-1)?.[1]]).toEqual([0, 1]);
		for (const [at, [from]] of all.entries()) expect(from).toBe(at === 0 ? 0 : all[at - 1]![1]);
		for (const [name, share] of shares()) expect(length(name)).toBeCloseTo(share, 7);
	});

	it('knows the owner of each step', () => {
		const steps = map.steps(720);
		const inArc = (name: string, turn: number) => map.arcs(name).some(([from, to]) => turn > from && turn <= to);
		expect(steps.length).toBe(720);
		for (const [at, owner] of steps.entries()) expect(inArc(map.names[owner]!, (at + 0.5) / 720)).toBe(true);
	});

	it('knows who takes over: what the others gain in a ring without the member', () => {
		const [before, after] = [shares(), shares('longbow-3')];
		const gains = [...after].map(([name, share]) => share - before.get(name)!).filter((gain) => gain > 1e-9);
		const { heirs, most } = map.takeover('longbow-3');
		expect(heirs).toBe(gains.length);
		expect(most).toBeCloseTo(Math.max(...gains), 8);
	});

	it('is empty without owners, and one owner has no heir', () => {
		const none = mapRing(new Map());
		expect([none.steps(10).length, none.arcs('a'), none.takeover('a')]).toEqual([0, [], { heirs: 0, most: 0 }]);
		const one = mapRing(new Map([['a', 1]]));
		expect([one.takeover('a'), one.arcs('b')]).toEqual([{ heirs: 0, most: 0 }, []]);
	});
});
