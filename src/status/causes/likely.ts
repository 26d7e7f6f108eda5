// What a conclusion is, and the words that several of them share.

import type { Instant, Member } from '../../swim/index.ts';
import { durationText } from '../duration.ts';
import { type Episode, RECENT_MS, type StateEvent } from '../episode.ts';
import { rfc3339 } from '../rfc3339.ts';
import type { StatusSource } from '../source.ts';

/** One for each kind of cause; programs switch on it. */
export const LIKELY_CODES = [
	'left',
	'forgotten',
	'name-conflict',
	'address-taken',
	'moved',
	'label',
	'key',
	'version',
	'restarted',
	'flapping',
	'stalled',
	'packets-lost',
	'unreachable-for-a-while',
	'udp-blocked',
	'mtu',
	'accuser',
	'zone',
	'partition',
	'path',
	'slow-acks',
	'process',
	'healthy',
	'unknown',
] as const;
/** One of {@link LIKELY_CODES}. */
export type LikelyCode = (typeof LIKELY_CODES)[number];

/** A conclusion. Its text is one or two sentences; a guess says `likely`; times in it are RFC 3339. */
export interface Likely {
	readonly code: LikelyCode;
	readonly text: string;
	/** What to try, a command or a setting each. */
	readonly next: readonly NextStep[];
}

/** What to try. */
export interface NextStep {
	/** A command, or a setting with its value. */
	readonly command: string;
	/** What it tells or does, in a few words. */
	readonly about: string;
}

/** Undefined where the evidence does not speak of this cause. */
export type Rule = (episode: Episode, source: StatusSource) => Likely | undefined;

export function conclusion(code: LikelyCode, text: string, next: readonly NextStep[] = []): Likely {
	return { code, text, next };
}

export function inspect({ member }: Episode): NextStep {
	return { command: `longbow-mesh info ${member.name}`, about: 'its addresses and tags' };
}

export function isLive({ state }: Member): boolean {
	return state === 'alive' || state === 'suspect';
}

/** An instant of the node's clock as texts have it. */
export function timeText(at: Instant, source: StatusSource): string {
	return rfc3339(source.wallMs(at));
}

/** The beginning of the time that still counts as lately. */
export function recentSince(source: StatusSource): Instant {
	return source.now() - RECENT_MS;
}

/** This node itself has had an ack since the accusation. */
export function heardSince(member: Member, suspected: StateEvent | undefined, source: StatusSource): boolean {
	return member.name !== source.config.name && suspected !== undefined && member.seenAt > suspected.at;
}

export function list(names: readonly string[]): string {
	if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
	return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** `0.9ms`, `140ms`: round trips need the decimal that other durations do without. */
export function shortMs(ms: number): string {
	return ms < 10 ? `${ms.toFixed(1)}ms` : durationText(ms);
}

/** Acks this near to the timeout are slow. */
export const SLOW_PART = 0.7;

/** The round trips of the member that are on record: those of its troubled probes, and the last one. */
export function ackTimes(
	recorded: Episode['recorded'],
	last: number | undefined,
): { readonly fastest: number; readonly typical: number; readonly slowest: number } | undefined {
	const times = recorded.flatMap((event) => {
		if (event.type !== 'probe') return [];
		const late = event.rttMs === undefined ? [] : [event.rttMs];
		return event.lastRttMs === undefined ? late : [...late, event.lastRttMs];
	});
	if (last !== undefined) times.push(last);
	times.sort((a, b) => a - b);
	const [fastest, typical, slowest] = [times[0], times[times.length >> 1], times.at(-1)];
	if (fastest === undefined || typical === undefined || slowest === undefined) return undefined;
	return { fastest, typical, slowest };
}
