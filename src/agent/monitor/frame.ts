// A frame of the monitor: what is known, the size of the terminal and the time give its lines. Nothing else goes in.

import type { LiveSnapshot } from '../../status/index.ts';
import { ageText } from '../cli/member-rows.ts';
import { fieldLines, headerRow, inOrder, memberRow, rowLayout, STATE_COLUMNS, stateOf } from './members.ts';
import { eventLines, panelLines } from './panels.ts';
import { chosen, type MonitorState, nodeTime, shown } from './state.ts';
import { type Clock, cutLine, fitted, type Line, line, painted, piece, spread, stateWord } from './text.ts';
import { nextVerdict, verdict } from './verdict.ts';

export interface Size {
	readonly columns: number;
	readonly rows: number;
}

/** Narrower than this, only the essential. */
const NARROW = 60;
/** A row each is for meshes up to this size. */
const FIELD_ABOVE = 500;
const EVENTS_MOST = 6;
const FIELD_EVENTS = 2;
const RULE = '─';

/** Exactly `size.rows` lines or fewer, none wider than the terminal. `now`: milliseconds since 1970 by our clock. */
export function frame(state: MonitorState, size: Size, now: number, clock: Clock): Line[] {
	const snapshot = shown(state);
	const lines =
		size.columns < NARROW
			? narrowFrame(state, snapshot, size, now, clock)
			: wideFrame(state, snapshot, size, now, clock);
	const kept = lines.slice(0, size.rows).map((each) => cutLine(each, size.columns));
	if (!state.lost) return kept;
	const [, ...rest] = kept;
	return [lostLine(state, size, now, clock), ...rest.map((each) => painted(each, 'dim', 0))];
}

function lostLine({ snapshot, newsAt }: MonitorState, { columns }: Size, now: number, clock: Clock): Line {
	const when = clock.time(snapshot.at).slice(0, 8);
	const text = ` No news from ${snapshot.node.name} for ${ageText(now - newsAt - 500)}. What you see is from ${when}.`;
	return [piece(fitted(text, columns).trimEnd(), 'boldYellow')];
}

function wideFrame(state: MonitorState, snapshot: LiveSnapshot, size: Size, now: number, clock: Clock): Line[] {
	const { columns, rows } = size;
	const rule: Line = [piece(` ${RULE.repeat(Math.max(0, columns - 2))}`, 'dim')];
	const top = [
		titleLine(state, snapshot, columns, now, clock),
		verdictLine(state, snapshot, columns, now, clock),
		rule,
	];
	const foot = footLine(state);
	const room = rows - top.length - 1;
	if (state.panel !== 'members') {
		const all = panelLines(state, snapshot, columns, clock);
		return [...top, ...filled(scrolled(all, state.scroll, room), room), foot];
	}
	const isLarge = snapshot.members.length > FIELD_ABOVE;
	const most = isLarge ? FIELD_EVENTS : EVENTS_MOST;
	const events = Math.max(0, Math.min(most, Math.floor(rows / 4), snapshot.events.length));
	const body = room - (events > 0 ? events + 1 : 0);
	const table = isLarge ? field(state, snapshot, columns, body, now) : memberTable(state, snapshot, columns, body, now);
	const log = events > 0 ? [rule, ...eventLines(snapshot, clock, events)] : [];
	return [...top, ...filled(table, body), ...log, foot];
}

function titleLine(state: MonitorState, { node }: LiveSnapshot, columns: number, now: number, clock: Clock): Line {
	const cluster = node.cluster === '' ? '' : `  ${node.cluster}`;
	return spread(
		line(` longbow-mesh${cluster}      seen from ${node.name}`),
		[piece(`${liveText(state, now, clock)} `)],
		columns,
	);
}

/** `Live 14:02:34`, or `Paused 12s, 3 new events`. */
function liveText(state: MonitorState, now: number, clock: Clock): string {
	const { held, snapshot } = state;
	if (!held) return `Live ${clock.time(nodeTime(state, now)).slice(0, 8)}`;
	const news = snapshot.events.filter(({ seq }) => seq > held.snapshot.seq).length;
	return `Paused ${ageText(now - held.since - 500)}, ${news} new event${news === 1 ? '' : 's'}`;
}

function verdictLine(state: MonitorState, snapshot: LiveSnapshot, columns: number, now: number, clock: Clock): Line {
	const said = verdict(snapshot, (ms) => clock.time(ms));
	const next = state.lost ? '' : nextVerdict(snapshot, nodeTime(state, now));
	return cutLine([piece(` ${said}`, 'bold'), piece(next === '' ? '' : `     ${next}`)], columns);
}

function footLine({ isTyping, find, panel }: MonitorState): Line {
	if (isTyping) return [piece(` /${find}_`, 'bold'), piece('   Enter keeps it  Esc shows all')];
	if (panel !== 'members')
		return line(' ↑↓ scroll  Esc back  m members  r ring  e events  d doctor  Space pause  ? keys  q');
	const filter = find === '' ? '/find' : `/${find}  Esc all`;
	return line(` ${filter}  ↑↓ select  Enter why  r ring  e events  d doctor  Space pause  ? keys  q`);
}

function memberTable(state: MonitorState, snapshot: LiveSnapshot, columns: number, rows: number, now: number): Line[] {
	const all = inOrder(snapshot.members, state.find);
	if (all.length === 0) return [line(`   No member matches "${state.find}". Esc clears.`)];
	const layout = rowLayout(all, columns);
	return [headerRow(layout), ...selectable(state, snapshot, all, layout, { columns, rows: rows - 1, now })];
}

/** Rows around the chosen one, and how many more there are. */
function selectable(
	state: MonitorState,
	snapshot: LiveSnapshot,
	all: LiveSnapshot['members'],
	layout: ReturnType<typeof rowLayout>,
	{ columns, rows, now }: Size & { readonly now: number },
): Line[] {
	const at = Math.max(
		0,
		all.findIndex(({ ID }) => ID === chosen(state)?.ID),
	);
	const fits = all.length <= rows ? rows : Math.max(1, rows - 1);
	const first = Math.max(0, Math.min(at - fits + 1, all.length - fits));
	const time = { now: nodeTime(state, now), self: snapshot.node.name };
	const lines = all.slice(first, first + fits).map((member, i) => {
		const row = memberRow(member, layout, time);
		return first + i === at
			? painted([piece(' > '), ...row.slice(0, 0), ...withoutMargin(row)], 'reverse', columns)
			: row;
	});
	const more = all.length - fits;
	return more > 0 ? [...lines, line(`   …  ${more} more`)] : lines;
}

/** The row without the three blanks that it begins with. */
function withoutMargin([head, ...rest]: Line): Line {
	return head === undefined ? [] : [{ ...head, text: head.text.slice(3) }, ...rest];
}

function field(state: MonitorState, snapshot: LiveSnapshot, columns: number, rows: number, now: number): Line[] {
	const all = inOrder(snapshot.members, state.find);
	const listed = state.find === '' ? all.filter((member) => stateOf(member) !== 'alive') : all;
	const room = Math.max(1, Math.floor(rows / 4));
	const layout = rowLayout(listed.slice(0, room), columns);
	const table = listed.length === 0 ? [] : selectable(state, snapshot, listed, layout, { columns, rows: room, now });
	const space = rows - table.length - 1;
	const { lines, shared } = fieldLines(snapshot.members, columns - 2, space);
	const marks = shared === 1 ? 'a mark each' : `${shared} members a mark, the worst shows`;
	const count = snapshot.members.length.toLocaleString('en');
	return [...table, line(` ${count} members by zone and name, ${marks}: · alive  ? suspect  x dead  - left`), ...lines];
}

function narrowFrame(
	state: MonitorState,
	snapshot: LiveSnapshot,
	{ columns, rows }: Size,
	now: number,
	clock: Clock,
): Line[] {
	const head = spread(line(` ${snapshot.node.name}`), [piece(`${liveText(state, now, clock)} `)], columns);
	const said: Line = [piece(` ${verdict(snapshot, (ms) => clock.time(ms))}`, 'bold')];
	const room = Math.max(0, rows - 4);
	if (state.panel !== 'members') {
		const text = scrolled(panelLines(state, snapshot, columns, clock), state.scroll, room + 1);
		return [head, said, ...filled(text, room + 1), line(' Esc back  ? keys  q')];
	}
	const all = inOrder(snapshot.members, state.find);
	const at = Math.max(
		0,
		all.findIndex(({ ID }) => ID === chosen(state)?.ID),
	);
	const first = Math.max(0, Math.min(at - room + 1, all.length - room));
	const widest = Math.max(...all.map(({ ID }) => [...ID].length));
	const name = Math.max(1, Math.min(widest, columns - 3 - 2 - STATE_COLUMNS));
	const members = all
		.slice(first, first + room)
		.map(
			(member, i): Line => [
				piece(first + i === at ? ' > ' : '   '),
				piece(`${fitted(member.ID, name)}  `),
				...stateWord(stateOf(member), STATE_COLUMNS),
			],
		);
	return [
		head,
		said,
		...filled(members, room),
		...eventLines(snapshot, clock, 1),
		line(' ↑↓ select  Enter why  ? keys  q'),
	];
}

function scrolled(lines: readonly Line[], from: number, rows: number): Line[] {
	const first = Math.max(0, Math.min(from, lines.length - rows));
	return lines.slice(first, first + rows);
}

function filled(lines: readonly Line[], rows: number): Line[] {
	const kept = lines.slice(0, Math.max(0, rows));
	return [...kept, ...Array.from({ length: Math.max(0, rows - kept.length) }, () => line(''))];
}
