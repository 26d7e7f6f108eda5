// What is remembered of the forgotten (X5).
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { State } from './member.ts';
import { Tombstones } from './tombstones.ts';

const DAY_MS = 86_400_000;
const a = utf8('a');

describe('X5: silent tombstones', () => {
	it.each([State.dead, State.left])('in state %i refuse an alive up to their incarnation', (state) => {
		const tombstones = new Tombstones(10, DAY_MS);
		tombstones.bury(a, 5, state, 0);
		expect(tombstones.refusing(a, 4, 1)).toBe(5);
		expect(tombstones.refusing(a, 5, 1)).toBe(5);
		expect(tombstones.refusing(a, 6, 1)).toBeUndefined();
		expect(tombstones.refusing(utf8('b'), 4, 1)).toBeUndefined();
	});

	it('end after their time, which hearing the same again does not renew', () => {
		const tombstones = new Tombstones(10, DAY_MS);
		tombstones.bury(a, 5, State.dead, 0);
		tombstones.bury(a, 5, State.dead, DAY_MS / 2);
		tombstones.bury(a, 4, State.left, DAY_MS / 2);
		expect(tombstones.refusing(a, 5, DAY_MS - 1)).toBe(5);
		expect(tombstones.refusing(a, 5, DAY_MS)).toBeUndefined();
	});

	it('are replaced by newer news only', () => {
		const tombstones = new Tombstones(10, DAY_MS);
		tombstones.bury(a, 5, State.dead, 0);
		tombstones.bury(a, 5, State.left, 0);
		tombstones.bury(a, 7, State.dead, 100);
		tombstones.bury(a, 6, State.left, 200);
		expect(tombstones.refusing(a, 7, DAY_MS + 50)).toBe(7);
		expect(tombstones.size).toBe(1);
	});

	it('are lifted when the name lives again', () => {
		const tombstones = new Tombstones(10, DAY_MS);
		tombstones.bury(a, 5, State.dead, 0);
		tombstones.lift(a);
		expect(tombstones.refusing(a, 1, 1)).toBeUndefined();
		expect(tombstones.size).toBe(0);
	});

	it('are bounded: the oldest leaves first', () => {
		const tombstones = new Tombstones(100, DAY_MS);
		for (let i = 0; i < 1_000; i++) tombstones.bury(utf8(`m${i}`), 1, State.dead, i);
		expect(tombstones.size).toBe(100);
		expect(tombstones.refusing(utf8('m899'), 1, 1_000)).toBeUndefined();
		expect(tombstones.refusing(utf8('m900'), 1, 1_000)).toBe(1);
	});

	it('make room of the expired with each new one', () => {
		const tombstones = new Tombstones(100, 1_000);
		for (let i = 0; i < 50; i++) tombstones.bury(utf8(`m${i}`), 1, State.dead, 0);
		tombstones.bury(a, 1, State.dead, 1_000);
		expect(tombstones.size).toBe(1);
	});

	it('with room for none keep none', () => {
		const tombstones = new Tombstones(0, DAY_MS);
		tombstones.bury(a, 5, State.dead, 0);
		expect(tombstones.size).toBe(0);
	});
});
