// How a probe ended, in one character: histories of thousands of members travel and are drawn as strings.

import type { ProbeAnswer } from '../swim/index.ts';

/** Round trips are kept in steps of 15 %, from 0.05 ms to 3 s: what a line of 36 points can show. */
const FIRST_MS = 0.05;
const STEP = 1.15;
const LOG_STEP = Math.log(STEP);
const LEVELS = 80;
/** The first of the characters of the levels; the backslash is left out, which JSON would write twice. */
const FIRST_CODE = 0x28;
const BACKSLASH = 0x5c;

/** Nobody answered; only a helper reached it; only a stream did. Every other mark is a round trip. */
export const MARKS = { none: '!', helper: '#', stream: '$' } as const;

/** `rttMs` counts where the member itself answered by packet, in time or late. */
export function probeMark(answer: ProbeAnswer, rttMs: number): string {
	if (answer !== 'direct' && answer !== 'late') return MARKS[answer];
	const level = Math.round(Math.log(Math.max(rttMs, FIRST_MS) / FIRST_MS) / LOG_STEP);
	const code = FIRST_CODE + Math.min(level, LEVELS - 1);
	return String.fromCharCode(code < BACKSLASH ? code : code + 1);
}

/** The round trip of a mark, within 8 %; null for one that is none of a round trip. */
export function markRttMs(mark: string): number | null {
	const code = mark.charCodeAt(0);
	if (!(code >= FIRST_CODE)) return null;
	return FIRST_MS * STEP ** (code - FIRST_CODE - (code > BACKSLASH ? 1 : 0));
}

/** What a row of marks says in numbers. */
export interface ProbeFigures {
	readonly ended: number;
	/** Nobody answered, a helper and a stream included in neither. */
	readonly unanswered: number;
	/** Of direct answers; null without any. */
	readonly p50Ms: number | null;
	readonly p99Ms: number | null;
}

/** What a number of probes comes to: the figures beside the picture. */
export function probeFigures(marks: Iterable<string>): ProbeFigures {
	const rtts: number[] = [];
	let ended = 0;
	let unanswered = 0;
	for (const mark of marks) {
		ended++;
		if (mark === MARKS.none) unanswered++;
		const rttMs = markRttMs(mark);
		if (rttMs !== null) rtts.push(rttMs);
	}
	rtts.sort((a, b) => a - b);
	const quantile = (share: number): number | null => rtts[Math.ceil(share * rtts.length) - 1] ?? null;
	return { ended, unanswered, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
