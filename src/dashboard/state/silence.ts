// When the page stops believing what it shows: after a lost connection soon, after mere silence when two beats are missing.

import { type Connection, SILENCE_MS } from './live-stream.ts';

/** A node that restarts is back before this; nobody needs to be alarmed. */
const LOST_MS = 4_000;

export interface Silence {
	readonly forMs: number;
	readonly nextTryMs: number;
	readonly reason: string | undefined;
}

/** Undefined while there is news, or too little silence to speak of. `heardAt`: the latest document of all. */
export function silenceOf(connection: Connection, documentAt: number, nowMs: number): Silence | undefined {
	const { phase, heardAt, lostAt, nextTryAt, reason } = connection;
	if (phase === 'closed') return undefined;
	const lost = lostAt !== undefined && (nowMs - lostAt >= LOST_MS || reason !== undefined);
	if (!lost && nowMs - heardAt < SILENCE_MS) return undefined;
	return {
		forMs: nowMs - documentAt,
		nextTryMs: phase === 'waiting' ? Math.max(0, nextTryAt - nowMs) : 0,
		reason,
	};
}
