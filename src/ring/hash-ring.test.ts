// Tests of the ring as its user sees it, the defects of earlier rings among them.

import { describe, expect, it } from 'vitest';
import { utf8 } from '../swim/index.ts';
import { createHashRing, type HashRing } from './hash-ring.ts';

const KEYS = Array.from({ length: 2_000 }, (_, i) => `key-${i}`);

function ringOf(...members: (string | [name: string, weight: number])[]): HashRing {
	const ring = createHashRing();
	for (const member of members) typeof member === 'string' ? ring.add(member) : ring.add(...member);
	return ring;
}

function ownersOf(ring: HashRing): (string | undefined)[] {
	return KEYS.map((key) => ring.owner(key));
}

describe('an empty ring', () => {
	it('has no owner of anything', () => {
		const ring = createHashRing();
		expect(ring.owner('key')).toBeUndefined();
		expect(ring.owners('key', 3)).toEqual([]);
		expect(ring.shares()).toEqual([]);
		expect(ring.size).toBe(0);
		expect(ring.fingerprint).toBe('0000000000000000');
	});

	it('is what remains when the last member goes', () => {
		const ring = ringOf('a');
		expect(ring.owner('key')).toBe('a');
		ring.remove('a');
		expect(ring.owner('key')).toBeUndefined();
		expect(ring.fingerprint).toBe('0000000000000000');
	});
});

describe('defects of the original ring', () => {
	it('defect 32: add is idempotent, so join, join, leave leaves no orphan points', () => {
		const ring = ringOf('a', 'b', 'b');
		ring.add('b');
		ring.remove('b');
		expect(ownersOf(ring)).toEqual(KEYS.map(() => 'a'));
		expect(KEYS.flatMap((key) => ring.owners(key, 5))).toEqual(KEYS.map(() => 'a'));
		expect(ring.fingerprint).toBe(ringOf('a').fingerprint);
	});

	it('defect 32: three flaps and a death leave every key with an owner', () => {
		const ring = ringOf('a', 'b', 'c');
		for (let flap = 0; flap < 3; flap++) {
			ring.remove('c');
			ring.add('c');
			ring.add('c');
			ring.owner('key');
		}
		ring.remove('c');
		expect(ownersOf(ring)).toEqual(ownersOf(ringOf('a', 'b')));
	});

	it('defect 33: looking up changes nothing, and nothing stale is remembered', () => {
		const ring = ringOf('a', 'b', 'c');
		const [before, print] = [ownersOf(ring), ring.fingerprint];
		for (const key of KEYS) ring.owners(key, 2);
		expect([ownersOf(ring), ring.fingerprint]).toEqual([before, print]);
		const key = KEYS.find((each) => ring.owner(each) === 'c') as string;
		ring.remove('c');
		expect(ring.owner(key)).not.toBe('c');
	});

	it('defect 34: spreads the keys, of ten members none has more than 1.15 of the fair share', () => {
		for (let cluster = 0; cluster < 50; cluster++) {
			const ring = ringOf(...Array.from({ length: 10 }, (_, i) => `cluster${cluster}-longbow-${i}`));
			const shares = ring.shares().map((each) => each.share * 10);
			expect(Math.max(...shares)).toBeLessThan(1.15);
			expect(Math.min(...shares)).toBeGreaterThan(0.85);
		}
	});

	it('of 100 members none has more than 1.1 of the mean of a million keys', () => {
		const ring = ringOf(...Array.from({ length: 100 }, (_, i) => `longbow-${i}`));
		const keys = new Map<string | undefined, number>();
		for (let i = 0; i < 1_000_000; i++) {
			const owner = ring.owner(`user:${i}`);
			keys.set(owner, (keys.get(owner) ?? 0) + 1);
		}
		expect(Math.max(...keys.values()) / 10_000).toBeLessThanOrEqual(1.1);
	});

	it('moves no more than 1.05 of the keys that a change must move, on the mean of 20 changes', () => {
		const ring = ringOf(...Array.from({ length: 100 }, (_, i) => `longbow-${i}`));
		const keys = Array.from({ length: 20_000 }, (_, i) => `user:${i}`);
		let owners = keys.map((key) => ring.owner(key));
		let ratios = 0;
		for (let change = 0; change < 20; change++) {
			// One comes, one of the old goes, and so on: each moves the share of one of 101.
			if (change % 2 === 0) ring.add(`longbow-${100 + change}`);
			else ring.remove(`longbow-${change}`);
			const now = keys.map((key) => ring.owner(key));
			const moved = now.filter((owner, i) => owner !== owners[i]).length;
			ratios += moved / (keys.length / 101);
			owners = now;
		}
		expect(ratios / 20).toBeLessThanOrEqual(1.05);
	});
});

describe('owners', () => {
	it('begins with the owner, is distinct, and ends with the members', () => {
		const ring = ringOf('a', 'b', 'c', ['nothing', 0]);
		for (const key of KEYS.slice(0, 100)) {
			const owners = ring.owners(key, 10);
			expect(owners[0]).toBe(ring.owner(key));
			expect(owners.toSorted()).toEqual(['a', 'b', 'c']);
			expect(ring.owners(key, 2)).toEqual(owners.slice(0, 2));
		}
		expect(ring.owners('key', 0)).toEqual([]);
		expect(ring.owners('key', -1)).toEqual([]);
		expect(ring.owners('key', Number.NaN)).toEqual([]);
	});

	it('takes a string as its UTF-8 bytes', () => {
		const ring = ringOf('a', 'b', 'c', 'd');
		for (const key of ['', 'plain', 'grüße', '日本語', '🏹', 'x'.repeat(256), 'x'.repeat(257), `${'x'.repeat(200)}é`]) {
			expect(ring.owners(utf8(key), 4)).toEqual(ring.owners(key, 4));
		}
	});
});

describe('weights', () => {
	it('shares follow the weights', () => {
		const ring = ringOf(['a', 1], ['b', 2], ['c', 5], ['d', 0]);
		expect(ring.shares().map((each) => [each.member, each.weight])).toEqual([
			['a', 1],
			['b', 2],
			['c', 5],
			['d', 0],
		]);
		const [a, b, c, d] = ring.shares().map((each) => each.share) as [number, number, number, number];
		expect(a).toBeCloseTo(1 / 8, 1);
		expect(b).toBeCloseTo(2 / 8, 1);
		expect(c).toBeCloseTo(5 / 8, 1);
		expect(d).toBe(0);
		expect(a + b + c).toBeCloseTo(1, 12);
	});

	it('weight 0 is in the ring and owns nothing', () => {
		const ring = ringOf(['idle', 0]);
		expect(ring.has('idle')).toBe(true);
		expect(ring.size).toBe(1);
		expect(ring.owner('key')).toBeUndefined();
		ring.add('idle', 1);
		expect(ring.owner('key')).toBe('idle');
	});

	it('a changed weight changes the fingerprint, and back', () => {
		const ring = ringOf('a', 'b');
		const before = ring.fingerprint;
		ring.add('b', 3);
		expect(ring.fingerprint).not.toBe(before);
		ring.add('b');
		expect(ring.fingerprint).toBe(before);
	});

	it.each([-1, 1_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (weight) => {
		expect(() => createHashRing().add('a', weight)).toThrow(RangeError);
	});
});

it('never changes its answers: owners and fingerprint of a small cluster, for ever', () => {
	const ring = ringOf('longbow-0', 'longbow-1', ['longbow-2', 3]);
	expect(ring.fingerprint).toBe('0d8045b1879c2253');
	expect(['', 'a', 'customer/42', '🏹'].map((key) => ring.owners(key, 2).join(' '))).toEqual([
		'longbow-2 longbow-1',
		'longbow-2 longbow-0',
		'longbow-2 longbow-0',
		'longbow-1 longbow-2',
	]);
});
