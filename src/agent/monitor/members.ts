// Members in the monitor: a row each, worst first, and of large meshes a field with a mark each.

import { durationText, type LiveMember, MARKS, markRttMs } from '../../status/index.ts';
import { type MemberState, STATE_NAMES } from '../../swim/index.ts';
import { ageText, percent, RANK } from '../cli/member-rows.ts';
import { countdown, fitted, type Line, type Piece, piece, right, stateWord } from './text.ts';

export const STATE_COLUMNS = 9;
const PROBES = 14;
const RTT_COLUMNS = 7;
const FUSE_MOST = 17;
const FUSE_LEAST = 6;
const FUSE_TEXT = 7;
const NAME_MOST = 32;

export function stateOf({ Status }: LiveMember): MemberState {
	return STATE_NAMES[Status] ?? 'dead';
}

/** Worst first, then by name; only those whose name holds the text. */
export function inOrder(members: readonly LiveMember[], find: string): LiveMember[] {
	const wanted = find.toLowerCase();
	return members
		.filter(({ ID }) => ID.toLowerCase().includes(wanted))
		.sort((a, b) => RANK[stateOf(a)] - RANK[stateOf(b)] || (a.ID < b.ID ? -1 : 1));
}

export interface RowLayout {
	readonly name: number;
	readonly probes: boolean;
	/** Columns of the burning fuse; 0 = there is no room for one. */
	readonly fuse: number;
}

/** What fits side by side. */
export function rowLayout(members: readonly LiveMember[], columns: number): RowLayout {
	const name = Math.min(NAME_MOST, Math.max(4, ...members.map(({ ID }) => [...ID].length)));
	const fixed = 3 + name + 2 + STATE_COLUMNS + 2 + RTT_COLUMNS + 2 + 6 + 2 + 5;
	const probes = columns - fixed >= PROBES + 2;
	const left = columns - fixed - (probes ? PROBES + 2 : 0) - 2 - FUSE_TEXT;
	return { name, probes, fuse: left < FUSE_LEAST ? 0 : Math.min(FUSE_MOST, left) };
}

export function headerRow({ name, probes }: RowLayout): Line {
	const rtt = probes ? `${'RTT'.padEnd(PROBES)}  ${' '.repeat(RTT_COLUMNS)}` : right('RTT', RTT_COLUMNS);
	return [
		piece(`   ${'NAME'.padEnd(name)}  ${'STATE'.padEnd(STATE_COLUMNS)}  ${rtt}  ${right('KEYS', 6)}  SEEN`, 'dim'),
	];
}

/** `now` by the clock of the node; `self` is the node's own name. */
export function memberRow(member: LiveMember, layout: RowLayout, { now, self }: { now: number; self: string }): Line {
	const { ID, rttMs, share, seenAt, probes } = member;
	const state = stateOf(member);
	const seen = ID === self ? '0s' : seenAt === null ? '-' : ageText(now - seenAt);
	const rtt = state === 'alive' && rttMs !== null ? rttText(rttMs) : '-';
	return [
		piece(`   ${fitted(ID, layout.name)}  `),
		...stateWord(state, STATE_COLUMNS),
		piece(
			`  ${layout.probes ? `${probeLine(probes)}  ` : ''}${right(rtt, RTT_COLUMNS)}  ${right(percent(share), 6)}  ${fitted(seen, 5)}`,
		),
		...fusePieces(member, layout.fuse, now),
	];
}

/** `0.6ms`, `12ms`: one decimal below ten. */
function rttText(ms: number): string {
	return ms < 10 ? `${ms.toFixed(1)}ms` : durationText(ms);
}

function fusePieces({ deadAt, since }: LiveMember, columns: number, now: number): Piece[] {
	if (deadAt === null) return [];
	const left = Math.max(0, deadAt - now);
	const text = `  ${countdown(left)}`;
	if (columns === 0) return [piece(text)];
	const full = Math.round(columns * Math.min(1, left / Math.max(1, deadAt - since)));
	return [piece(`  ${'█'.repeat(full)}${'░'.repeat(columns - full)}`, 'yellow'), piece(text)];
}

const BARS = '▁▂▃▄▅▆▇';
const NOBODY = '█';
const INDIRECT = '▅';
/** Round trips up to these, in milliseconds, for the first bars. */
const BAR_BOUNDS = [1, 3, 10, 30, 100, 300];

/** The last probes as bars, oldest first: higher is slower, full is unanswered. */
export function probeLine(probes: string): string {
	const marks = [...probes].slice(-PROBES).map((mark) => {
		if (mark === MARKS.none) return NOBODY;
		const rttMs = markRttMs(mark);
		if (rttMs === null) return INDIRECT;
		const level = BAR_BOUNDS.findIndex((bound) => rttMs <= bound);
		return BARS[level === -1 ? BARS.length - 1 : level];
	});
	return marks.join('').padEnd(PROBES);
}

const FIELD_MARKS: Readonly<Record<MemberState, string>> = { alive: '·', suspect: '?', dead: 'x', left: '-' };
const FIELD_PAINT = { alive: undefined, suspect: 'boldYellow', dead: 'boldRed', left: 'dim' } as const;

/** A mark for each member, or for as many as must share one so that all fit; then the worst of them shows. */
export function fieldLines(
	members: readonly LiveMember[],
	columns: number,
	rows: number,
): { lines: Line[]; shared: number } {
	const shared = Math.max(1, Math.ceil(members.length / Math.max(1, columns * rows)));
	const ordered = [...members].sort((a, b) => compare(a.zone ?? '', b.zone ?? '') || compare(a.ID, b.ID));
	const marks: MemberState[] = [];
	for (let at = 0; at < ordered.length; at += shared) {
		const states = ordered.slice(at, at + shared).map(stateOf);
		marks.push(states.reduce((worst, state) => (RANK[state] < RANK[worst] ? state : worst)));
	}
	const lines: Line[] = [];
	for (let at = 0; at < marks.length; at += columns) lines.push(markLine(marks.slice(at, at + columns)));
	return { lines, shared };
}

/** Marks of one state side by side are one piece. */
function markLine(marks: readonly MemberState[]): Line {
	const pieces: { text: string; paint: Piece['paint'] }[] = [{ text: ' ', paint: undefined }];
	for (const state of marks) {
		const paint = FIELD_PAINT[state];
		const last = pieces.at(-1) as { text: string; paint: Piece['paint'] };
		if (last.paint === paint) last.text += FIELD_MARKS[state];
		else pieces.push({ text: FIELD_MARKS[state], paint });
	}
	return pieces;
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
