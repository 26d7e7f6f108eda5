// The agent's log: JSON lines for machines by pino, or aligned lines for people.

import { destination, type Logger, pino } from 'pino';
import type { Terminal } from './cli/terminal.ts';
import { textLine } from './log-line.ts';
import type { LogRecord } from './log-record.ts';

export interface Log {
	/** `wallMs`: when it happened, in milliseconds since 1970; default now. */
	write(record: LogRecord, wallMs?: number): void;
}

/**
 * One object a line on stdout with the keys `level time event component node member from to reason`, in this order;
 * those that do not apply are left out. Written at once, so that a crash loses nothing.
 */
export function jsonLog(node: string): Log {
	const plain = { base: null, timestamp: false, formatters: { level: (level: string) => ({ level }) } } as const;
	const logger: Logger = pino(plain, destination({ fd: 1, sync: true }));
	return {
		write({ level, event, component, member, from, to, reason, details }, wallMs = Date.now()) {
			const time = new Date(wallMs).toISOString();
			logger[level]({ time, event, component, node, member, from, to, reason, ...details });
		},
	};
}

export function textLog(terminal: Terminal): Log {
	return {
		write(record, wallMs = Date.now()) {
			terminal.out(textLine(record, wallMs, terminal));
		},
	};
}

/** Keeps what is written until `release`: the banner comes first, whatever happens while the doors are opened. */
export function heldLog(log: Log): Log & { release(): void } {
	let held: [LogRecord, number][] | undefined = [];
	return {
		write(record, wallMs = Date.now()) {
			if (held) held.push([record, wallMs]);
			else log.write(record, wallMs);
		},
		release() {
			const records = held ?? [];
			held = undefined;
			for (const [record, wallMs] of records) log.write(record, wallMs);
		},
	};
}
