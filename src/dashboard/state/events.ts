// Events as the page lists them: what counts as a verdict, and what a row says.

import type { EventObject, WallMs } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import { type Clock, pageText } from './words.ts';

/** A step of a member from state to state: what Verdicts shows. */
export function isVerdict({ type }: EventObject): boolean {
	return type === 'state';
}

/** The states that a verdict leads from and to. */
export function statesOf({
	type,
	from,
	to,
}: EventObject): readonly [MemberState | 'none', MemberState | 'none'] | undefined {
	if (type !== 'state') return undefined;
	return [from as MemberState | 'none', to as MemberState | 'none'];
}

const WORDS: Readonly<Partial<Record<EventObject['type'], string>>> = {
	confirmed: 'confirmed',
	refuted: 'refuted',
	joined: 'joined',
	update: 'changed',
	conflict: 'conflict',
	health: 'health',
	stall: 'stalled',
	leaving: 'leaving',
};

const LATELY_MS = 1_000;

/**
 * The latest of them, newest first, as they were at the last whole second when more than so many come in one: a list that
 * changes with every delta of a storm cannot be read.
 */
export function latestEvents(events: readonly EventObject[], most: number, second: WallMs): readonly EventObject[] {
	const atOf = (event: EventObject | undefined): WallMs => (event ? Date.parse(event.at) : 0);
	let end = events.length;
	if (atOf(events[end - most - 1]) > second - LATELY_MS) while (end > most && atOf(events[end - 1]) > second) end--;
	return events.slice(Math.max(0, end - most), end).reverse();
}

/** One word for what is no verdict. */
export function eventWord({ type }: EventObject): string {
	return WORDS[type] ?? type;
}

/** Why, in the page's words. */
export function eventText({ type, from, to, reason = '' }: EventObject, times: Clock): string {
	if (type === 'health') return `local health from ${from} to ${to}`;
	if (type === 'leaving') return 'says goodbye to the others';
	return pageText(reason, times);
}

/** Whether all the words that were typed occur in what the row says. */
export function eventMatches(
	{ member = '', type, from = '', to = '', reason = '' }: EventObject,
	filter: string,
): boolean {
	const text = `${member} ${type} ${from} ${to} ${reason}`.toLowerCase();
	return filter
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word));
}
