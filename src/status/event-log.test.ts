// The log of events: what was after a number, in words; what is no longer kept is said to be missing.

import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import type { MeshEvent } from '../swim/index.ts';
import { EVENT_LOG_LIMIT, EventLog } from './event-log.ts';
import { eventPage } from './event-object.ts';

function suspected(seq: number): MeshEvent {
	const member = testMember('b', { state: 'suspect' });
	return {
		type: 'state',
		seq,
		at: 100_000,
		member,
		from: 'alive',
		to: 'suspect',
		why: { code: 'heard', by: 'c' },
		deadAt: 105_000,
	};
}

describe('EventLog', () => {
	it('tells events after a number, oldest first, with the number to ask from next', () => {
		const log = new EventLog();
		const source = testSource();
		log.note(suspected(1));
		log.note({ type: 'rejected', seq: 2, at: 100_001, code: 'bad-crc', detail: '', from: undefined });
		log.note({ type: 'stall', seq: 3, at: 100_002, lateMs: 1_900 });
		expect(eventPage({ ...source, events: log }, 0)).toEqual({
			events: [
				{
					seq: 1,
					at: '2026-11-22T14:02:32.000Z',
					type: 'state',
					member: 'b',
					from: 'alive',
					to: 'suspect',
					reason: 'heard by gossip, accused by c',
					deadAt: '2026-11-22T14:02:37.000Z',
				},
				{ seq: 3, at: '2026-11-22T14:02:32.002Z', type: 'stall', reason: 'this process was not run for 1.9s' },
			],
			last: 3,
			missed: false,
		});
		expect(log.after(1).events.map(({ seq }) => seq)).toEqual([3]);
		expect(log.after(3)).toEqual({ events: [], last: 3, missed: false });
	});

	it('is bounded, and says when what was asked for is gone', () => {
		const log = new EventLog();
		const all = EVENT_LOG_LIMIT + 10;
		for (let seq = 1; seq <= all; seq++) log.note({ type: 'stall', seq, at: seq, lateMs: seq });
		const page = log.after(0);
		expect(page.events).toHaveLength(EVENT_LOG_LIMIT);
		expect(page.events.map(({ seq }) => seq)).toEqual(Array.from({ length: EVENT_LOG_LIMIT }, (_, i) => i + 11));
		expect(page.missed).toBe(true);
		expect(log.after(9).missed).toBe(true);
		expect(log.after(10).missed).toBe(false);
	});

	it('takes a number of an earlier life as none', () => {
		const log = new EventLog();
		log.note({ type: 'leaving', seq: 1, at: 1 });
		const page = eventPage({ ...testSource(), events: log }, 500);
		expect(page.missed).toBe(true);
		expect(page.events).toMatchObject([{ seq: 1, type: 'leaving', member: 'a' }]);
	});
});
