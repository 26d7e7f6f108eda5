// Lanes out of recorded steps.

import { describe, expect, it } from 'vitest';
import type { LiveChange } from '../../status/index.ts';
import { lanesOf, notAliveOf } from './lanes.ts';
import { liveMember } from './samples.ts';

const CHANGES: readonly LiveChange[] = [
	[1, 50, 'a', 'none', 'alive'],
	[2, 150, 'a', 'alive', 'suspect'],
	[3, 200, 'b', 'alive', 'left'],
	[4, 250, 'a', 'suspect', 'dead'],
	[5, 400, 'c', 'none', 'alive'],
];
const members = (more: number) => [
	liveMember('a', { Status: 2 }),
	liveMember('b', { Status: 3 }),
	liveMember('c'),
	...Array.from({ length: more }, (_, at) => liveMember(`q${at}`, { since: 0 })),
];

describe('lanes', () => {
	it('tell each state from when to when, the latest change first', () => {
		expect(lanesOf(CHANGES, members(20), 100, 500, -60_000)).toEqual({
			changed: 3,
			lanes: [
				{ name: 'c', spans: [{ from: 400, to: 500, state: 'alive' }] },
				{
					name: 'a',
					spans: [
						{ from: 100, to: 150, state: 'alive' },
						{ from: 150, to: 250, state: 'suspect' },
						{ from: 250, to: 500, state: 'dead' },
					],
				},
				{
					name: 'b',
					spans: [
						{ from: 100, to: 200, state: 'alive' },
						{ from: 200, to: 500, state: 'left' },
					],
				},
			],
		});
	});

	it('show everybody in a small mesh', () => {
		const { lanes, changed } = lanesOf(CHANGES, members(2), 100, 500, -60_000);
		expect([changed, lanes.map(({ name }) => name)]).toEqual([3, ['c', 'a', 'b', 'q0', 'q1']]);
		expect(lanes.at(-1)?.spans).toEqual([{ from: 100, to: 500, state: 'alive' }]);
	});

	it('leave out whom a node met in its first minute', () => {
		const { lanes, changed } = lanesOf(CHANGES, members(20), 0, 500, 0);
		expect([changed, lanes.map(({ name }) => name)]).toEqual([2, ['a', 'b']]);
		expect(lanes[0]?.spans[0]).toEqual({ from: 0, to: 150, state: 'alive' });
	});

	it('count who was not alive, from the beginning on', () => {
		expect(notAliveOf(CHANGES, members(2), 180, 500)).toEqual([
			{ at: 180, suspect: 1, dead: 0 },
			{ at: 200, suspect: 1, dead: 0 },
			{ at: 250, suspect: 0, dead: 1 },
			{ at: 400, suspect: 0, dead: 1 },
		]);
	});
});
