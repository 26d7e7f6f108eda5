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
	it('the last of several who are gone has none, and its keys go nowhere', () => {
		const ring = createHashRing();
		for (const member of ['a', 'b', 'c']) ring.add(member);
		ring.owner('key');
		ring.remove('c');
		ring.owner('key');
		ring.remove('a');
		expect(ring.heirs('b')).toEqual([]);
		expect(ring.takeovers()).toEqual([{ member: 'b', heirs: 0, most: 0 }]);
	});

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
