// Tests of the event log: order, names, listeners that do anything, readers that lag.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Member, MemberState, MeshEvent } from '../swim/index.ts';
import { MAX_LAG } from './event-stream.ts';
import { EventHub, type OwnerChange } from './events.ts';

let seq = 0;

function member(name: string, state: MemberState = 'alive'): Member {
	const address = { host: '10.0.0.1', port: 7946 };
	return {
		name,
		address,
		state,
		tags: {},
		incarnation: 1,
		protocol: [1, 5, 2, 0, 0, 0],
		own: true,
		changedAt: 0,
		seenAt: 0,
	};
}

function change(name: string, from: MemberState | 'none', to: MemberState | 'none'): MeshEvent {
	return {
		seq: ++seq,
		at: 0,
		type: 'state',
		member: member(name, to === 'none' ? 'dead' : to),
		from,
		to,
		why: { code: 'heard' },
	};
}

function joined(name: string): OwnerChange {
	return { type: 'joined', member: member(name) };
}

/** All that is told by name and to the delegate, in order. */
function recording(hub: EventHub): string[] {
	const told: string[] = [];
	for (const name of ['join', 'suspect', 'alive', 'dead', 'leave'] as const) {
		hub.on(name, (who, why) => told.push(`${name} ${who.name}: ${why.text}`));
	}
	hub.on('event', (event) => told.push(`event ${event.type}`));
	return told;
}

const warnings: unknown[][] = [];

beforeEach(() => {
	warnings.length = 0;
	vi.spyOn(process, 'emitWarning').mockImplementation((...args: unknown[]) => void warnings.push(args));
});

afterEach(() => {
	vi.restoreAllMocks();
});

describe('names', () => {
	it.each<[MemberState | 'none', MemberState | 'none', boolean, string[]]>([
		['none', 'alive', true, ['join']],
		['dead', 'alive', true, ['join']],
		['suspect', 'alive', false, ['alive']],
		['suspect', 'alive', true, ['join']],
		['alive', 'suspect', false, ['suspect']],
		['none', 'suspect', true, ['join', 'suspect']],
		['dead', 'suspect', false, ['suspect']],
		['suspect', 'dead', false, ['dead']],
		['none', 'dead', false, []],
		['alive', 'left', false, ['leave']],
		['none', 'left', false, []],
		['dead', 'none', false, []],
	])('%s to %s (an owner now: %s) is told as %j', (from, to, owner, names) => {
		const hub = new EventHub({}, 100);
		const told = recording(hub);
		hub.note(change('a', from, to), owner ? joined('a') : undefined);
		hub.publish();
		expect(told).toEqual([...names.map((name) => `${name} a: heard by gossip`), 'event state']);
	});

	it('refuses a name that nothing is told by, and a listener that cannot be called', () => {
		const hub = new EventHub({}, 100);
		const on = hub.on.bind(hub) as (name: unknown, listener?: unknown) => () => void;
		const names = 'join, suspect, alive, dead, leave, update, conflict, event';
		expect(() => on('nope', () => undefined)).toThrow(new TypeError(`on: "nope" is not one of ${names}`));
		expect(() => on('toString', () => undefined)).toThrow('on: "toString" is not one of');
		expect(() => on('join')).toThrow(
			new TypeError("on: undefined is not a listener, for example on('join', console.log)"),
		);
	});

	it('update and conflict', () => {
		const hub = new EventHub({}, 100);
		const told: unknown[] = [];
		hub.on('update', (now, before) => told.push([now.name, before.name]));
		hub.on('conflict', (event) => told.push(event.lost));
		const held = { host: '10.0.0.1', port: 1 };
		hub.note({ seq: 1, at: 0, type: 'update', member: member('now'), previous: member('before') });
		hub.note({ seq: 2, at: 0, type: 'conflict', name: 'a', held, claimed: held, lost: true });
		hub.publish();
		expect(told).toEqual([['now', 'before'], true]);
	});
});

describe('seed 08: the EventDelegate', () => {
	it('is told of owners as they come and go, in order, and of updates', () => {
		const told: string[] = [];
		const hub = new EventHub(
			{
				notifyJoin: (who) => told.push(`join ${who.name}`),
				notifyLeave: (who) => told.push(`leave ${who.name}`),
				notifyUpdate: (who) => told.push(`update ${who.name}`),
			},
			100,
		);
		hub.note(change('a', 'none', 'alive'), joined('a'));
		hub.note(change('a', 'alive', 'suspect'));
		hub.note(change('a', 'suspect', 'alive'));
		hub.note({ seq: 4, at: 0, type: 'update', member: member('a'), previous: member('a') });
		hub.note(change('a', 'suspect', 'dead'), { type: 'left', member: member('a') });
		hub.note(change('a', 'dead', 'alive'), joined('a'));
		hub.publish();
		expect(told).toEqual(['join a', 'update a', 'leave a', 'join a']);
	});

	it('is told that this node leaves', () => {
		const told: string[] = [];
		const hub = new EventHub({ notifyLeave: (who) => told.push(who.name) }, 100);
		hub.note({ seq: 1, at: 0, type: 'leaving' }, { type: 'left', member: member('self') });
		hub.publish();
		expect(told).toEqual(['self']);
	});
});

describe('listeners may do anything', () => {
	it('cause events that are told in their turn', () => {
		const hub = new EventHub({}, 100);
		const told: string[] = [];
		hub.on('join', (who) => {
			told.push(`first ${who.name}`);
			if (who.name === 'a') {
				hub.note(change('b', 'none', 'alive'), joined('b'));
				hub.publish();
			}
		});
		hub.on('join', (who) => told.push(`second ${who.name}`));
		hub.note(change('a', 'none', 'alive'), joined('a'));
		hub.publish();
		expect(told).toEqual(['first a', 'second a', 'first b', 'second b']);
	});

	it('throw, or reject, and the others go on', async () => {
		const hub = new EventHub(
			{
				notifyJoin: () => {
					throw new Error('delegate');
				},
			},
			100,
		);
		const told: string[] = [];
		hub.on('join', () => {
			throw new Error('listener');
		});
		hub.on('join', async () => {
			throw new Error('async listener');
		});
		hub.on('join', (who) => told.push(who.name));
		hub.note(change('a', 'none', 'alive'), joined('a'));
		hub.note(change('b', 'none', 'alive'), joined('b'));
		hub.publish();
		await vi.waitFor(() => expect(warnings).toHaveLength(6));
		expect(told).toEqual(['a', 'b']);
		expect(warnings[0]?.[1]).toMatchObject({
			code: 'MESH_LISTENER_FAILED',
			detail: expect.stringContaining('delegate'),
		});
	});

	it('subscribe and unsubscribe while an event is told', () => {
		const hub = new EventHub({}, 100);
		const told: string[] = [];
		const off: (() => void)[] = [];
		hub.on('event', () => {
			off[0]?.();
			hub.on('event', () => told.push('late'));
		});
		off.push(hub.on('event', () => told.push('never')));
		hub.note(change('a', 'none', 'alive'));
		hub.publish();
		expect(told).toEqual([]);
		hub.note(change('b', 'none', 'alive'));
		hub.publish();
		expect(told).toEqual(['late']);
	});

	it('are told apart even when they are one function', () => {
		const hub = new EventHub({}, 100);
		let calls = 0;
		const listener = (): void => void calls++;
		const off = hub.on('event', listener);
		hub.on('event', listener);
		off();
		off();
		hub.note(change('a', 'none', 'alive'));
		hub.publish();
		expect(calls).toBe(1);
	});
});

describe('the iterator', () => {
	it('yields every event from its making on, and ends with the mesh', async () => {
		const hub = new EventHub({}, 100);
		hub.note(change('before', 'none', 'alive'));
		hub.publish();
		const stream = hub.stream(undefined);
		for (const name of ['a', 'b']) hub.note(change(name, 'none', 'alive'));
		hub.publish();
		hub.close();
		const names: string[] = [];
		for await (const event of stream) if (event.type === 'state') names.push(event.member.name);
		expect(names).toEqual(['a', 'b']);
	});

	it('hands an event to a reader that waits, and ends on abort', async () => {
		const hub = new EventHub({}, 100);
		const abort = new AbortController();
		const stream = hub.stream(abort.signal);
		const first = stream.next();
		const second = stream.next();
		hub.note(change('a', 'none', 'alive'));
		hub.publish();
		expect((await first).done).toBe(false);
		abort.abort();
		expect((await second).done).toBe(true);
		expect((await hub.stream(abort.signal).next()).done).toBe(true);
	});

	it('tells a reader that lags too far behind, ends, and keeps no more', async () => {
		const hub = new EventHub({}, 100);
		const stream = hub.stream(undefined);
		for (let i = 0; i <= MAX_LAG; i++) hub.note(change('a', 'none', 'alive'));
		hub.publish();
		await expect(stream.next()).rejects.toMatchObject({ code: 'MESH_LAGGED' });
		expect((await stream.next()).done).toBe(true);
	});

	it('ends when its reader stops reading', async () => {
		const hub = new EventHub({}, 100);
		const stream = hub.stream(undefined);
		hub.note(change('a', 'none', 'alive'));
		hub.publish();
		for await (const event of stream) {
			expect(event.type).toBe('state');
			break;
		}
		expect((await stream.next()).done).toBe(true);
	});
});
