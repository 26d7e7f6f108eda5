import { describe, expect, it } from 'vitest';
import { hitAt, neighbour } from './hits.ts';
import type { Hit } from './types.ts';

/** Three rows of four, 10 px wide with gaps of 2. */
const GRID: Hit[] = Array.from({ length: 12 }, (_, at) => ({
	id: `m${at}`,
	x: (at % 4) * 12,
	y: Math.floor(at / 4) * 12,
	width: 10,
	height: 10,
}));

describe('what lies under the pointer', () => {
	it('is what contains it', () => {
		expect(hitAt(GRID, 13, 13)).toBe('m5');
		expect(hitAt(GRID, 0, 0)).toBe('m0');
	});

	it('is the nearer one in a gap, and nobody far away', () => {
		expect(hitAt(GRID, 10.5, 5)).toBe('m0');
		expect(hitAt(GRID, 11.5, 5)).toBe('m1');
		expect(hitAt(GRID, 60, 5)).toBeUndefined();
	});

	it('is what was drawn last where two overlap', () => {
		expect(hitAt([...GRID, { id: 'top', x: 8, y: 8, width: 8, height: 8 }], 9, 9)).toBe('top');
	});
});

describe('the arrow keys', () => {
	it('keep their row and column', () => {
		expect(neighbour(GRID, 'm5', 'left')).toBe('m4');
		expect(neighbour(GRID, 'm5', 'right')).toBe('m6');
		expect(neighbour(GRID, 'm5', 'up')).toBe('m1');
		expect(neighbour(GRID, 'm5', 'down')).toBe('m9');
	});

	it('stop at the edge', () => {
		expect(neighbour(GRID, 'm3', 'right')).toBeUndefined();
		expect(neighbour(GRID, 'm0', 'up')).toBeUndefined();
	});

	it('jump over a place that is kept free, and begin at the first one', () => {
		const holed = GRID.filter(({ id }) => id !== 'm6');
		expect(neighbour(holed, 'm5', 'right')).toBe('m7');
		expect(neighbour(GRID, 'nobody', 'right')).toBe('m0');
		expect(neighbour([], 'nobody', 'right')).toBeUndefined();
	});

	it('reach every member from every other one', () => {
		const seen = new Set(['m0']);
		const open = ['m0'];
		for (let at = open.pop(); at !== undefined; at = open.pop()) {
			for (const direction of ['left', 'right', 'up', 'down'] as const) {
				const next = neighbour(GRID, at, direction);
				if (next === undefined || seen.has(next)) continue;
				seen.add(next);
				open.push(next);
			}
		}
		expect(seen.size).toBe(GRID.length);
	});
});
