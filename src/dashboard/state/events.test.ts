// Rows of the event list.

import { expect, it } from 'vitest';
import type { EventObject } from '../../status/index.ts';
import { eventMatches, eventText, isVerdict, statesOf } from './events.ts';
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
