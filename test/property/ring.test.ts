// Properties of the ring: a pure function of the set of members, and a change moves only the keys it must.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHashRing, type HashRing } from '../../src/ring/index.ts';

const KEYS = Array.from({ length: 1_000 }, (_, i) => `key-${i}`);

const name = fc.oneof(
	fc.integer({ min: 0, max: 15 }).map((i) => `longbow-${i}`),
	fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);
const weight = fc.integer({ min: 0, max: 8 });
const event = fc.oneof(
	{ weight: 3, arbitrary: fc.record({ op: fc.constant('add' as const), name, weight }) },
	{ weight: 1, arbitrary: fc.record({ op: fc.constant('remove' as const), name, weight }) },
	{ weight: 1, arbitrary: fc.record({ op: fc.constant('look' as const), name, weight }) },
);
const members = fc.dictionary(name, fc.integer({ min: 1, max: 8 }), { minKeys: 1, maxKeys: 12, noNullPrototype: true });

function ringOf(weights: Iterable<readonly [string, number]>): HashRing {
	const ring = createHashRing();
	for (const [member, value] of weights) ring.add(member, value);
	return ring;
}

function owners(ring: HashRing): (string | undefined)[] {
	return KEYS.map((key) => ring.owner(key));
}

describe('invariant 9: every key has an owner, and a change moves only the keys it must', () => {
	it('any history gives the ring of the set that it leaves behind', () => {
		fc.assert(
			fc.property(fc.array(event, { maxLength: 40 }), (history) => {
				const ring = createHashRing();
				const set = new Map<string, number>();
				for (const step of history) {
					if (step.op === 'look') ring.owners(step.name, 3);
					else if (step.op === 'remove') {
						ring.remove(step.name);
						set.delete(step.name);
					} else {
						ring.add(step.name, step.weight);
						set.set(step.name, step.weight);
					}
				}
				const sorted = ringOf([...set].sort());
				expect(ring.size).toBe(set.size);
				expect(ring.fingerprint).toBe(sorted.fingerprint);
				expect(owners(ring)).toEqual(owners(sorted));
				expect(ring.shares()).toEqual(sorted.shares());
			}),
			{ numRuns: 60 },
		);
	});

	it('every key has an owner, and owners are distinct members', () => {
		fc.assert(
			fc.property(members, fc.integer({ min: 1, max: 16 }), (weights, count) => {
				const ring = ringOf(Object.entries(weights));
				for (const key of KEYS.slice(0, 200)) {
					const found = ring.owners(key, count);
					expect(found[0]).toBe(ring.owner(key));
					expect(new Set(found).size).toBe(Math.min(count, ring.size));
					for (const each of found) expect(ring.has(each)).toBe(true);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it('a removal moves only the keys of the removed, an addition moves keys only to the added', () => {
		fc.assert(
			fc.property(members, name, fc.integer({ min: 1, max: 8 }), (weights, changed, value) => {
				const without = ringOf(Object.entries(weights).filter(([member]) => member !== changed));
				if (without.size === 0) return;
				const before = owners(without);
				without.add(changed, value);
				const after = owners(without);
				for (const [i, owner] of after.entries()) if (owner !== before[i]) expect(owner).toBe(changed);
				without.remove(changed);
				expect(owners(without)).toEqual(before);
			}),
			{ numRuns: 60 },
		);
	});

	it('a raised weight only takes keys, a lowered one only gives', () => {
		fc.assert(
			fc.property(members, name, fc.integer({ min: 1, max: 4 }), (weights, changed, value) => {
				const ring = ringOf(Object.entries(weights));
				ring.add(changed, value);
				const light = owners(ring);
				ring.add(changed, value + 3);
				for (const [i, owner] of owners(ring).entries()) if (owner !== light[i]) expect(owner).toBe(changed);
			}),
			{ numRuns: 40 },
		);
	});
});

it('shares follow the weights within 40 % of the fair share and add up to one', () => {
	fc.assert(
		fc.property(members, (weights) => {
			const ring = ringOf(Object.entries(weights));
			const total = Object.values(weights).reduce((sum, value) => sum + value, 0);
			let sum = 0;
			for (const { weight: value, share } of ring.shares()) {
				sum += share;
				expect(Math.abs(share / (value / total) - 1)).toBeLessThan(0.4);
			}
			expect(sum).toBeCloseTo(1, 9);
		}),
		{ numRuns: 60 },
	);
});

it('fingerprints are equal exactly when the sets are', () => {
	const set = fc.dictionary(name, weight, { maxKeys: 6, noNullPrototype: true });
	fc.assert(
		fc.property(set, set, (a, b) => {
			const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
			expect(ringOf(Object.entries(a)).fingerprint === ringOf(Object.entries(b)).fingerprint).toBe(same);
		}),
	);
});

describe('heirs', () => {
	it('gain exactly what they own more of in the ring without the member', () => {
		const any = fc.dictionary(name, weight, { minKeys: 1, maxKeys: 10, noNullPrototype: true });
		fc.assert(
			fc.property(any, (weights) => {
				const ring = ringOf(Object.entries(weights));
				const short = new Map(ring.takeovers().map(({ member, ...rest }) => [member, rest]));
				for (const member of Object.keys(weights)) {
					const heirs = ring.heirs(member);
					const gains = gainsWithout(ring, weights, member);
					expect(heirs.map((heir) => heir.member).sort()).toEqual([...gains.keys()].sort());
					for (const heir of heirs) expect(heir.share).toBeCloseTo(gains.get(heir.member) ?? -1, 9);
					expect(heirs).toEqual(heirs.toSorted((a, b) => b.share - a.share));
					expect(short.get(member)).toEqual({ heirs: heirs.length, most: heirs[0]?.share ?? 0 });
				}
			}),
			{ numRuns: 40 },
		);
	});
});

/** What everybody owns more of once the member is really gone. */
function gainsWithout(ring: HashRing, weights: Readonly<Record<string, number>>, gone: string): Map<string, number> {
	const before = new Map(ring.shares().map(({ member, share }) => [member, share]));
	const after = ringOf(Object.entries(weights).filter(([member]) => member !== gone)).shares();
	const gains = after.map(({ member, share }) => [member, share - (before.get(member) ?? 0)] as const);
	return new Map(gains.filter(([, gain]) => gain > 1e-12));
}
