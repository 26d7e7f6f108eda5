// Folding deltas: in order, twice, and beyond the limits of what a page keeps.

import { describe, expect, it } from 'vitest';
import type { EventObject } from './event-object.ts';
import { fold } from './fold.ts';
import type { LiveMember, LiveSecond, LiveSnapshot } from './live.ts';
import { LIVE_LIMITS } from './live-limits.ts';

const START = Date.UTC(2026, 10, 22, 14, 2, 32);

function member(ID: string, fields: Partial<LiveMember> = {}): LiveMember {
	return {
		ID,
		Addr: '10.0.0.1:7946',
		GRPCAddr: '',
		MetaAddr: '',
		Tags: {},
		Status: 0,
		Incarnation: 1,
		own: true,
		protocol: 5,
		zone: null,
		since: START,
		startedAt: START,
		seenAt: null,
		deadAt: null,
		rttMs: null,
		path: 'udp',
		share: 0.5,
		probes: '',
		...fields,
	};
}

function snapshot(fields: Partial<LiveSnapshot> = {}): LiveSnapshot {
	const rest = { members: [member('a'), member('c')], events: [], changes: [], changesSince: START, seconds: [] };
	return { schema: 1, at: START, seq: 0, ...rest, ...fields } as unknown as LiveSnapshot;
}

function event(seq: number, fields: Partial<EventObject> = {}): EventObject {
	return {
		seq,
		at: new Date(START + seq).toISOString(),
		type: 'state',
		member: 'a',
		from: 'alive',
		to: 'suspect',
		...fields,
	};
}

function second(at: number): LiveSecond {
	return { at, probes: '', sent: [0, 0, 0, 0], received: [0, 0, 0, 0], packets: [0, 0] };
}

describe('fold', () => {
	it('puts members in their places, changes some, takes others out, and leaves the rest alone', () => {
		const before = snapshot();
		const after = fold(before, {
			at: START + 250,
			seq: 7,
			members: [member('b'), member('a', { Status: 1 })],
			probed: [['a', 0.7, START + 200, '!(']],
			shares: [
				['b', 0.25],
				['nobody', 1],
			],
			gone: ['nobody'],
		});
		expect(after.members.map(({ ID, Status, share, probes }) => [ID, Status, share, probes])).toEqual([
			['a', 1, 0.5, '!('],
			['b', 0, 0.25, ''],
			['c', 0, 0.5, ''],
		]);
		expect(after.members[2]).toBe(before.members[1]);
		expect([after.at, after.seq]).toEqual([START + 250, 7]);
		expect(fold(after, { at: START + 500, seq: 8, gone: ['c', 'a'] }).members.map(({ ID }) => ID)).toEqual(['b']);
	});

	it('does no harm when a delta comes twice', () => {
		const delta = { at: START + 1, seq: 2, members: [member('b')], events: [event(2)], seconds: [second(START)] };
		const once = fold(snapshot(), delta);
		expect(fold(once, delta)).toEqual(once);
		expect(once.events).toHaveLength(1);
	});

	it('keeps what is new by the limits, and says since when the lanes are whole', () => {
		const events = Array.from({ length: LIVE_LIMITS.changes + 5 }, (_, i) => event(i + 1));
		const seconds = Array.from({ length: LIVE_LIMITS.seconds + 5 }, (_, i) => second(START + i * 1_000));
		const folded = fold(snapshot(), { at: START, seq: events.length, events, seconds });
		expect(folded.events.map(({ seq }) => seq)).toEqual(events.slice(-LIVE_LIMITS.events).map(({ seq }) => seq));
		expect(folded.changes).toHaveLength(LIVE_LIMITS.changes);
		expect(folded.changes[0]?.[0]).toBe(6);
		expect(folded.changesSince).toBe(START + 5);
		expect(folded.seconds).toHaveLength(LIVE_LIMITS.seconds);
		expect(folded.seconds[0]?.at).toBe(START + 5_000);
	});

	it('takes only steps from state to state into the lanes', () => {
		const health = { seq: 1, at: new Date(START).toISOString(), type: 'health', from: '0', to: '1' } as const;
		const folded = fold(snapshot(), { at: START, seq: 2, events: [health, event(2, { from: 'none', to: 'alive' })] });
		expect(folded.changes).toEqual([[2, START + 2, 'a', 'none', 'alive']]);
	});
});
