// The agent's log lines for people, and the records that both kinds of lines are made of.

import { describe, expect, it } from 'vitest';
import { captured } from '../../test/support/captured-terminal.ts';
import type { Member, MeshEvent } from '../swim/index.ts';
import { heldLog, textLog } from './log.ts';
import { textLine } from './log-line.ts';
import { type LogRecord, recordOf } from './log-record.ts';

const AT = Date.UTC(2026, 10, 22, 14, 2, 32, 4);
const terminal = captured({ utc: true, env: { LANG: 'C.UTF-8' } }).terminal;

function member(name: string, extra: Partial<Member> = {}): Member {
	return {
		name,
		address: { host: '10.0.0.2', port: 7946 },
		state: 'alive',
		incarnation: 5,
		tags: {},
		protocol: [1, 5, 2, 0, 0, 0],
		own: true,
		changedAt: 0,
		seenAt: 0,
		...extra,
	};
}

function state(name: string, from: string, to: string, why: object): MeshEvent {
	return { type: 'state', seq: 1, at: 6_000, member: member(name), from, to, why } as unknown as MeshEvent;
}

const probeFailed = { code: 'probe-failed', sentAt: 1, helpers: ['a', 'b', 'c'], nacks: 2, stream: false };

describe('lines of events', () => {
	it.each<[MeshEvent, string | undefined]>([
		[
			state('longbow-2', 'alive', 'suspect', probeFailed),
			'14:02:32.004  ◐ longbow-2  suspect  no ack in 100ms; 2 of 3 helpers could not reach it either',
		],
		[
			state('longbow-2', 'suspect', 'dead', { code: 'not-refuted', suspectedAt: 1_000, confirmedBy: ['a', 'b'] }),
			'14:02:32.004  ✕ longbow-2  dead     not refuted in 5.0s, confirmed by b',
		],
		[state('longbow-2', 'dead', 'alive', { code: 'returned' }), '14:02:32.004  ● longbow-2  alive    it came back'],
		[state('longbow-2', 'alive', 'left', { code: 'left' }), '14:02:32.004  ○ longbow-2  left     it said goodbye'],
		[state('me', 'none', 'alive', { code: 'started' }), undefined],
		[
			{ type: 'joined', seq: 2, at: 1, through: { host: '10.0.0.1', port: 7946 }, via: 'stream', members: 3 },
			'14:02:32.004    discovery  joined   through 10.0.0.1:7946 by tcp, 3 members known',
		],
		[
			{ type: 'refuted', seq: 2, at: 1, by: 'x', incarnation: 7 },
			'14:02:32.004    me  refuted  accused by x, refuted under incarnation 7',
		],
		[{ type: 'health', seq: 2, at: 1, from: 0, to: 2 }, '14:02:32.004    this node  health   0 → 2'],
		[
			{ type: 'stall', seq: 2, at: 1, lateMs: 1_900 },
			'14:02:32.004    this node  stall    this process was not run for 1.9s',
		],
		[
			{
				type: 'update',
				seq: 3,
				at: 1,
				previous: member('m', { tags: { a: '1', b: '2' } }),
				member: member('m', { tags: { a: '1', c: '3' }, address: { host: '10.0.0.3', port: 7946 } }),
			},
			'14:02:32.004    m  update   address 10.0.0.2:7946 → 10.0.0.3:7946, tag b removed, tag c=3',
		],
		[
			{
				type: 'conflict',
				seq: 3,
				at: 1,
				name: 'm',
				held: { host: '10.0.0.2', port: 1 },
				claimed: { host: '10.0.0.3', port: 2 },
				lost: true,
			},
			'14:02:32.004    m  conflict  two processes claim this name: 10.0.0.2:1 and 10.0.0.3:2; this node gave way',
		],
		[{ type: 'leaving', seq: 3, at: 1 }, undefined],
		[{ type: 'rejected', seq: 3, at: 1, code: 'bad-label', detail: '', from: undefined }, undefined],
	])('%j', (event, line) => {
		const record = recordOf(event, 'me', 100);
		expect(record && textLine(record, AT, terminal)).toBe(line);
	});

	it('are warnings when somebody is missing, and carry the component of discovery', () => {
		expect(recordOf(state('x', 'alive', 'suspect', probeFailed), 'me', 100)).toMatchObject({
			level: 'warn',
			event: 'state',
			member: 'x',
			from: 'alive',
			to: 'suspect',
		});
		const joined = recordOf(
			{ type: 'joined', seq: 1, at: 1, through: { host: '::1', port: 1 }, via: 'udp', members: 2 },
			'me',
			100,
		);
		expect(joined?.component).toBe('discovery');
	});

	it('say goodbye in one line', () => {
		const record: LogRecord = { level: 'info', event: 'leaving', reason: 'told 23 of 23 members in 0.3s' };
		expect(textLine(record, AT, terminal)).toBe('leaving … told 23 of 23 members in 0.3s');
	});
});

describe('heldLog', () => {
	it('keeps lines and their times until it is released', () => {
		const { terminal: screen, out } = captured({ utc: true });
		const log = heldLog(textLog(screen));
		log.write({ level: 'info', event: 'first' }, AT);
		expect(out()).toBe('');
		log.release();
		log.write({ level: 'info', event: 'second' }, AT + 1);
		expect(out()).toBe('14:02:32.004    this node  first\n14:02:32.005    this node  second\n');
	});
});
