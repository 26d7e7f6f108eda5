// Members as rows: their order from worst to best, and the columns of every table that shows them.

import { durationText, type MemberObject, type MemberView } from '../../status/index.ts';
import { type MemberState, STATE_NAMES } from '../../swim/index.ts';
import type { Column } from './table.ts';
import { GLYPHS } from './terminal.ts';

export interface MemberRow {
	readonly member: MemberObject;
	readonly state: MemberState;
	/** Of the ring, 0 to 1. */
	readonly share: number;
	/** What the agent measures of it, where it does. */
	readonly view: MemberView | undefined;
	/** 0 = worst. */
	readonly rank: number;
}

// Suspects first: about them something can still be done. Who left is no bad news and comes last.
export const RANK: Readonly<Record<MemberState, number>> = { suspect: 0, dead: 1, alive: 2, left: 3 };

export function memberRows(view: {
	members: readonly MemberObject[];
	shares: ReadonlyMap<string, number>;
	measured?: ReadonlyMap<string, MemberView>;
}): MemberRow[] {
	return view.members.map((member) => {
		const state = STATE_NAMES[member.Status] ?? 'dead';
		return {
			member,
			state,
			share: view.shares.get(member.ID) ?? 0,
			view: view.measured?.get(member.ID),
			rank: RANK[state],
		};
	});
}

/** `22 alive, 1 suspect, 1 dead`: states that nobody is in are left out. */
export function stateCounts(members: readonly MemberObject[]): string {
	const counts = STATE_NAMES.map(
		(state, status) => [members.filter((member) => member.Status === status).length, state] as const,
	);
	return (
		counts
			.filter(([count]) => count > 0)
			.map(([count, state]) => `${count} ${state}`)
			.join(', ') || 'none'
	);
}

/** `4.33%`, `33.3%`, `100%`; `-` for nothing. */
export function percent(share: number): string {
	if (share === 0) return '-';
	const value = share * 100;
	return `${value >= 99.95 ? '100' : value >= 10 ? value.toFixed(1) : value.toFixed(2)}%`;
}

export function tagText(tags: Readonly<Record<string, string>>): string {
	const entries = Object.entries(tags);
	return entries.length === 0 ? '-' : entries.map(([name, value]) => `${name}=${value}`).join(',');
}

/** `0.8ms`, `140ms`, `1.9s`; `-` for nothing measured. */
export function rttText(ms: number | null | undefined): string {
	if (ms === null || ms === undefined) return '-';
	return ms < 9.95 ? `${ms.toFixed(1)}ms` : durationText(ms);
}

/** `past`: out of a record, where nothing is measured. `now` in milliseconds since 1970, for the ages. */
export function memberColumns(layout: 'usual' | 'wide' | 'demo' | 'past', now: number): Column<MemberRow>[] {
	const name: Column<MemberRow> = { title: 'NAME', text: ({ member }) => member.ID };
	const address: Column<MemberRow> = { title: 'ADDRESS', text: ({ member }) => member.Addr };
	const rtt: Column<MemberRow> = { title: 'RTT', text: ({ view }) => rttText(view?.rttMs) };
	const seen: Column<MemberRow> = { title: 'SEEN', text: ({ member }) => age(member.LastSeen, now) };
	const keys: Column<MemberRow> = { title: 'KEYS', text: ({ share }) => percent(share) };
	const incarnation: Column<MemberRow> = { title: 'INCARNATION', text: ({ member }) => String(member.Incarnation) };
	const tags: Column<MemberRow> = { title: 'TAGS', text: ({ member }) => tagText(member.Tags) };
	switch (layout) {
		case 'usual':
			return [name, STATE_COLUMN, address, rtt, seen, keys, tags];
		case 'wide':
			return [name, STATE_COLUMN, address, rtt, seen, keys, incarnation, ...wideColumns(now), tags];
		case 'demo':
			return [name, STATE_COLUMN, address, incarnation, keys, tags];
		case 'past':
			return [name, STATE_COLUMN, address, seen, keys, tags];
	}
	return layout satisfies never;
}

function wideColumns(now: number): Column<MemberRow>[] {
	return [
		{ title: 'UP', text: ({ state, view }) => (isLive(state) ? age(view?.startedAt ?? null, now) : '-') },
		{ title: 'PROTOCOL', text: ({ view }) => (view ? `${view.protocol}${view.own ? '' : ' foreign'}` : '-') },
		{ title: 'PATH', text: ({ state, view }) => (view && isLive(state) ? view.path : '-') },
		{ title: 'GRPC', text: ({ member }) => member.GRPCAddr || '-' },
		{ title: 'META', text: ({ member }) => member.MetaAddr || '-' },
	];
}

function isLive(state: MemberState): boolean {
	return state === 'alive' || state === 'suspect';
}

const STATE_COLUMN: Column<MemberRow> = {
	title: 'STATE',
	text: ({ state }) => `${GLYPHS[state]} ${state}`,
	painted: ({ state }, terminal) => terminal.state(state),
};

/** `0s`, `41s`, `2m30s`: whole seconds, for a column. */
function age(seen: string | null, now: number): string {
	return seen === null ? '-' : ageText(now - Date.parse(seen));
}

/** Whole seconds, as a column of ages has them. */
export function ageText(ms: number): string {
	const seconds = Math.max(0, Math.round(ms / 1_000));
	return seconds < 60 ? `${seconds}s` : durationText(seconds * 1_000);
}
