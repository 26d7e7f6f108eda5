// The fold of the page: restarts, clocks, pauses.

import { describe, expect, it } from 'vitest';
import type { EventObject } from '../../status/index.ts';
import { type Board, NOTHING_YET, newEvents, pause, take } from './board.ts';
import { liveMember, liveSnapshot } from './samples.ts';

const snapshot = liveSnapshot([liveMember('a'), liveMember('b')]);
const AT = snapshot.at;
const first: Board = take(NOTHING_YET, { kind: 'snapshot', snapshot }, AT - 500);
const event = (seq: number): EventObject => ({ seq, at: '2026-11-22T14:02:32.004Z', type: 'stall', reason: '' });

describe('the board', () => {
	it('knows the clock of the node, best from the document that travelled least', () => {
		expect(first.offsetMs).toBe(500);
		const slow = take(first, { kind: 'beat', beat: { at: AT + 5_000, seq: 100 } }, AT + 4_900);
		expect(slow.offsetMs).toBe(500);
		const quick = take(slow, { kind: 'beat', beat: { at: AT + 10_000, seq: 100 } }, AT + 9_480);
		expect([quick.offsetMs, quick.snapshot?.at]).toEqual([520, AT + 10_000]);
		const jumped = take(quick, { kind: 'beat', beat: { at: AT + 75_000, seq: 100 } }, AT + 15_000);
		expect(jumped.offsetMs).toBe(60_000);
	});

	it('folds deltas, and ignores one before the first snapshot', () => {
		const gone = take(first, { kind: 'delta', delta: { at: AT + 250, seq: 101, gone: ['b'] } }, AT);
		expect(gone.snapshot?.members.map(({ ID }) => ID)).toEqual(['a']);
		expect(take(NOTHING_YET, { kind: 'delta', delta: { at: AT, seq: 1 } }, AT)).toBe(NOTHING_YET);
	});

	it('notices a new life of the node, and the gap before it', () => {
		const next = { ...snapshot, at: AT + 9_000, node: { ...snapshot.node, startedAt: AT + 8_000 } };
		const board = take(first, { kind: 'snapshot', snapshot: next }, AT + 8_500);
		expect([board.restartedAt, board.gap]).toEqual([AT + 8_000, { from: AT, to: AT + 8_000 }]);
		const same = take(board, { kind: 'snapshot', snapshot: { ...next, at: AT + 10_000 } }, AT + 9_500);
		expect(same.restartedAt).toBe(AT + 8_000);
		const other = { ...next, node: { ...next.node, name: 'z', startedAt: 1 } };
		expect(take(board, { kind: 'snapshot', snapshot: other }, AT).restartedAt).toBeUndefined();
	});

	it('holds the screen and counts what came since', () => {
		const held = pause(first, AT + 100);
		const later = take(
			held,
			{ kind: 'delta', delta: { at: AT + 300, seq: 103, events: [event(102), event(103)] } },
			AT,
		);
		expect([later.held?.snapshot, later.held?.at, newEvents(later)]).toEqual([snapshot, AT + 100, 2]);
		expect([pause(later, AT).held, newEvents(pause(later, AT))]).toEqual([undefined, 0]);
		expect(pause(NOTHING_YET, AT).held).toBeUndefined();
	});
});
