// A record of the log as a line for people: of the agent, of a replay, of `monitor`.

import { STATE_NAMES } from '../swim/index.ts';
import { printable, type Terminal } from './cli/terminal.ts';
import type { LogRecord } from './log-record.ts';

/** `14:02:32.004  ◐ longbow-2  suspect  no ack in 100ms; …`. */
export function textLine(record: LogRecord, wallMs: number, terminal: Terminal): string {
	const { event, from, to } = record;
	if (event === 'leaving') return `leaving … ${record.reason ?? ''}`;
	const state = event === 'state' ? STATE_NAMES.find((name) => name === to) : undefined;
	const shape = state ? terminal.glyph(state) : ' ';
	const subject = printable(record.member ?? record.component ?? 'this node');
	const word = state ? terminal.word(state, WORD_WIDTH) : (event === 'state' ? 'forgotten' : event).padEnd(WORD_WIDTH);
	const why = record.reason ?? (from === undefined ? '' : `${from} → ${to}`);
	return `${terminal.time(wallMs)}  ${shape} ${subject}  ${word}  ${printable(why)}`.trimEnd();
}

const WORD_WIDTH = 7;
