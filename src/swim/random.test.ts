// Chance out of a seed: repeatable, uniform enough, and a fair shuffle.
import { describe, expect, it } from 'vitest';
import { type Random, randomBelow, seededRandom, shuffle } from './random.ts';

function draw(random: Random, count: number): number[] {
	return Array.from({ length: count }, () => random.uint32());
}

describe('seededRandom', () => {
	it('repeats itself from the same seed, and not from another', () => {
		expect(draw(seededRandom(7), 20)).toEqual(draw(seededRandom(7), 20));
		expect(draw(seededRandom(7), 20)).not.toEqual(draw(seededRandom(8), 20));
	});

	it('draws unsigned 32-bit integers with every bit set about half of the time, from seed 0 too', () => {
		for (const seed of [0, 1, 2 ** 32 - 1]) {
			const draws = draw(seededRandom(seed), 4_000);
			for (let bit = 0; bit < 32; bit++) {
				const set = draws.filter((value) => ((value >>> bit) & 1) === 1).length;
				expect(set).toBeGreaterThan(1_800);
				expect(set).toBeLessThan(2_200);
			}
			for (const value of draws) expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
		}
	});
});

describe('randomBelow', () => {
	it.each([
		[0, 10, 0],
		[2 ** 32 - 1, 10, 9],
		[2 ** 31, 2, 1],
		[2 ** 32 - 1, 2 ** 32, 2 ** 32 - 1],
		[2 ** 32 - 1, 1, 0],
	])('of draw %i below %i is %i', (value, below, result) => {
		expect(randomBelow({ uint32: () => value }, below)).toBe(result);
	});
});

describe('shuffle', () => {
	it('makes all orders of three equally likely', () => {
		const random = seededRandom(3);
		const seen = new Map<string, number>();
		for (let i = 0; i < 6_000; i++) {
			const items = [1, 2, 3];
			shuffle(random, items, 3);
			seen.set(items.join(), (seen.get(items.join()) ?? 0) + 1);
		}
		expect(seen.size).toBe(6);
		for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
	});

	it('leaves alone what lies behind the length', () => {
		const items = [1, 2, 3, 4, 5];
		shuffle(seededRandom(1), items, 2);
		expect(items.slice(2)).toEqual([3, 4, 5]);
	});
});
