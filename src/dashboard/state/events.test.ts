// Rows of the event list.

import { expect, it } from 'vitest';
import type { EventObject } from '../../status/index.ts';
import { eventMatches, eventText, isVerdict, latestEvents, statesOf } from './events.ts';
import { clock } from './words.ts';

const at = '2026-11-22T14:02:32.004Z';
const verdict: EventObject = {
	seq: 1,
	at,
	type: 'state',
	member: 'b',
	from: 'alive',
	to: 'suspect',
	reason: 'waits 5.0s',
};
const health: EventObject = { seq: 2, at, type: 'health', from: '0', to: '2' };

it('tells verdicts from other events', () => {
	expect([isVerdict(verdict), isVerdict(health)]).toEqual([true, false]);
	expect([statesOf(verdict), statesOf(health)]).toEqual([['alive', 'suspect'], undefined]);
	expect([eventText(verdict, clock(true)), eventText(health, clock(true))]).toEqual([
		'waits 5.0 s',
		'local health from 0 to 2',
	]);
});

it.each([
	['', true],
	['SUSPECT b', true],
	['b dead', false],
])('matches %j: %s', (filter, matches) => {
	expect(eventMatches(verdict, filter)).toBe(matches);
});

it('lists the latest first, and holds a list that nobody could read until the second is over', () => {
	const second = Date.parse(at) - 4;
	const told = (ages: readonly number[], now = second): number[] => {
		const events = ages.map((age, seq) => ({ ...verdict, seq, at: new Date(second - age).toISOString() }));
		return latestEvents(events, 3, now).map(({ seq }) => seq);
	};
	expect(told([])).toEqual([]);
	expect(told([9_000, 5_000, -300])).toEqual([2, 1, 0]);
	expect(told([9_000, 8_000, 7_000, -100, -300])).toEqual([4, 3, 2]);
	const storm = [900, 800, 700, 600, 100, -100, -300, -500];
	expect(told(storm)).toEqual([4, 3, 2]);
	expect(told([...storm, -700])).toEqual([4, 3, 2]);
	expect(told([...storm, -700], second + 1_000)).toEqual([8, 7, 6]);
});
