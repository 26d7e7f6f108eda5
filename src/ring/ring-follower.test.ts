// Tests of the follower: who is an owner, event by event (X13).

import { describe, expect, it } from 'vitest';
import type { Member, MemberState, MeshEvent, Why } from '../swim/index.ts';
import { createRingFollower, weightOf } from './ring-follower.ts';

let seq = 0;

function member(name: string, tags: Record<string, string> = {}, state: MemberState = 'alive'): Member {
	const address = { host: '127.0.0.1', port: 7946 };
	return {
		name,
		address,
		state,
		tags,
		incarnation: 1,
		protocol: [1, 5, 2, 0, 0, 0],
		own: true,
		changedAt: 0,
		seenAt: 0,
	};
}

function change(
	name: string,
	from: MemberState | 'none',
	to: MemberState | 'none',
	why: Why = { code: 'heard' },
): MeshEvent {
	const state = to === 'none' ? 'dead' : to;
	return { seq: seq++, at: 0, type: 'state', member: member(name, {}, state), from, to, why };
}

function update(name: string, tags: Record<string, string>): MeshEvent {
	return { seq: seq++, at: 0, type: 'update', member: member(name, tags), previous: member(name) };
}

const started = change('self', 'none', 'alive', { code: 'started' });
const leaving: MeshEvent = { seq: 1, at: 0, type: 'leaving' };

function ownersAfter(...events: MeshEvent[]): string[] {
	const follower = createRingFollower();
	for (const event of events) follower.follow(event);
	const once = follower.ring.fingerprint;
	follower.follow(events.at(-1) as MeshEvent);
	expect(follower.ring.fingerprint).toBe(once);
	return follower.ring.shares().map((each) => each.member);
}

describe('seed 08: the ring follows the members', () => {
	it.each<[string, string[], MeshEvent[]]>([
		['self from its start', ['self'], [started]],
		['a member that joins', ['a', 'self'], [started, change('a', 'none', 'alive')]],
		['a suspect stays', ['a'], [change('a', 'none', 'alive'), change('a', 'alive', 'suspect')]],
		[
			'a suspect that refutes',
			['a'],
			[change('a', 'none', 'alive'), change('a', 'alive', 'suspect'), change('a', 'suspect', 'alive')],
		],
		['first heard of as a suspect', ['a'], [change('a', 'none', 'suspect')]],
		['the dead are out', [], [change('a', 'none', 'alive'), change('a', 'suspect', 'dead')]],
		['who left is out', [], [change('a', 'none', 'alive'), change('a', 'alive', 'left')]],
		['the forgotten are out', [], [change('a', 'none', 'alive'), change('a', 'alive', 'none')]],
		[
			'back from the dead',
			['a'],
			[change('a', 'none', 'alive'), change('a', 'alive', 'dead'), change('a', 'dead', 'alive')],
		],
		[
			'a suspect back from the dead is no owner',
			[],
			[change('a', 'none', 'alive'), change('a', 'alive', 'dead'), change('a', 'dead', 'suspect')],
		],
		['a suspect back from a leave is no owner', [], [change('a', 'left', 'suspect')]],
		['until it is alive', ['a'], [change('a', 'dead', 'suspect'), change('a', 'suspect', 'alive')]],
		['an update does not bring it back', [], [change('a', 'dead', 'suspect'), update('a', { w: '3' })]],
		['self is out as soon as it leaves', ['a'], [started, change('a', 'none', 'alive'), leaving]],
		[
			'and nothing brings it back',
			[],
			[started, leaving, update('self', { w: '2' }), change('self', 'suspect', 'alive')],
		],
		['a death that was never heard of alive', [], [change('a', 'none', 'dead')]],
	])('%s', (_, owners, events) => {
		expect(ownersAfter(...events)).toEqual(owners);
	});

	it('takes weights from the tags, and their updates', () => {
		const { ring, follow } = createRingFollower();
		follow({
			seq: 0,
			at: 0,
			type: 'state',
			member: member('a', { w: '3' }),
			from: 'none',
			to: 'alive',
			why: { code: 'heard' },
		});
		expect(ring.shares()).toMatchObject([{ member: 'a', weight: 3 }]);
		follow(update('a', { w: '5' }));
		expect(ring.shares()).toMatchObject([{ member: 'a', weight: 5 }]);
		follow(update('a', {}));
		expect(ring.shares()).toMatchObject([{ member: 'a', weight: 1 }]);
	});
});

it.each<[string | undefined, number]>([
	[undefined, 1],
	['0', 0],
	['7', 7],
	['1000', 1000],
	['1001', 1],
	['-1', 1],
	['1.5', 1],
	['', 1],
	['1e3', 1],
	[' 3', 1],
])('reads weight %j as %i', (text, weight) => {
	expect(weightOf(member('a', text === undefined ? {} : { w: text }))).toBe(weight);
});
