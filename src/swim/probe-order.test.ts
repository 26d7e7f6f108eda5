// Whom to probe next (SWIM §4.3): everybody once a round, nobody twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProbeOrder } from './probe-order.ts';
import { seededRandom } from './random.ts';

const all: (slot: number) => boolean = () => true;

function orderOf(count: number, seed: number): ProbeOrder {
	const order = new ProbeOrder(seededRandom(seed));
	for (let slot = 0; slot < count; slot++) order.insert(slot);
	return order;
}

function take(order: ProbeOrder, count: number, known = all, wanted = all): (number | undefined)[] {
	return Array.from({ length: count }, () => order.next(known, wanted));
}

/** Six rounds, begun anywhere in a round. */
function expectRoundRobin(probes: readonly (number | undefined)[], slots: readonly number[]): void {
	for (const slot of slots) {
		const times = probes.flatMap((probed, i) => (probed === slot ? [i] : []));
		expect(times.length).toBeGreaterThanOrEqual(5);
		expect(times.length).toBeLessThanOrEqual(7);
		for (let i = 1; i < times.length; i++) expect(times[i]! - times[i - 1]!).toBeLessThanOrEqual(2 * slots.length - 1);
	}
}

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('SWIM §4.3: round-robin probing', () => {
	it('has nobody to name when there is nobody, or nobody who is wanted', () => {
		expect(orderOf(0, 1).next(all, all)).toBeUndefined();
		expect(orderOf(5, 1).next(all, () => false)).toBeUndefined();
	});

	it('names every member once a round, so at most 2n - 1 probes lie between two of the same', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 40 }), seeds, (count, seed) => {
				const order = orderOf(count, seed);
				expectRoundRobin(
					take(order, 6 * count),
					Array.from({ length: count }, (_, slot) => slot),
				);
			}),
		);
	});

	it('shuffles each round anew', () => {
		const order = orderOf(20, 5);
		take(order, 20);
		const rounds = [take(order, 20), take(order, 20), take(order, 20)];
		for (const round of rounds) expect(new Set(round).size).toBe(20);
		expect(rounds[0]).not.toEqual(rounds[1]);
		expect(rounds[1]).not.toEqual(rounds[2]);
	});

	it('names a newcomer within the round, at a random place', () => {
		const places = new Set<number>();
		for (let seed = 0; seed < 60; seed++) {
			const order = orderOf(16, seed);
			take(order, 16 + 4);
			order.insert(99);
			const rest = take(order, 13);
			expect(rest.filter((slot) => slot === 99)).toHaveLength(1);
			places.add(rest.indexOf(99));
		}
		expect(places.size).toBe(13);
	});

	it('names everybody else in the round, however many arrive in it', () => {
		const order = orderOf(16, 3);
		take(order, 16);
		const round = [...take(order, 8)];
		for (let slot = 16; slot < 24; slot++) order.insert(slot);
		round.push(...take(order, 16));
		expect(new Set(round).size).toBe(24);
	});

	it('begins again when the round has doubled, so that those who joined together do not probe alike', () => {
		const seedFirst = Array.from({ length: 40 }, (_, seed) => {
			const order = orderOf(2, seed);
			take(order, 1);
			for (let slot = 2; slot < 16; slot++) order.insert(slot);
			return take(order, 16);
		});
		for (const round of seedFirst) expect(new Set(round).size).toBe(16);
	});

	it('drops the forgotten, and names a reused slot once a round', () => {
		const order = orderOf(8, 9);
		take(order, 8);
		const known = (slot: number): boolean => slot !== 3;
		expect(take(order, 14, known)).not.toContain(3);
		order.insert(3);
		take(order, 8);
		expectRoundRobin(take(order, 48), [0, 1, 2, 3, 4, 5, 6, 7]);
	});

	it('passes over the unwanted without losing them', () => {
		const order = orderOf(6, 2);
		take(order, 6);
		expect(take(order, 10, all, (slot) => slot % 2 === 0).every((slot) => slot! % 2 === 0)).toBe(true);
		expect(new Set(take(order, 12))).toEqual(new Set([0, 1, 2, 3, 4, 5]));
	});
});
