// What the monitor knows and shows, and what a key changes of it: values and functions without a terminal.

import type { LiveDocument } from '../../flight/index.ts';
import { fold, type LiveSnapshot } from '../../status/index.ts';
import { inOrder } from './members.ts';

export type Panel = 'members' | 'ring' | 'events' | 'doctor' | 'why' | 'keys';

export interface MonitorState {
	/** The node as it told last. */
	readonly snapshot: LiveSnapshot;
	/** When that came, by our clock. */
	readonly newsAt: number;
	/** The agent does not answer any more. */
	readonly lost: boolean;
	/** What stands still on the screen, and since when by our clock. */
	readonly held: { readonly snapshot: LiveSnapshot; readonly since: number } | undefined;
	readonly panel: Panel;
	/** ID of the chosen member; undefined: the first. */
	readonly selected: string | undefined;
	readonly find: string;
	readonly isTyping: boolean;
	/** First line that a panel of text shows. */
	readonly scroll: number;
	/** What the agent was asked for the panel, and its answer when it has come. */
	readonly answer: { readonly about: string; readonly lines: readonly string[] | undefined } | undefined;
}

export function firstState(snapshot: LiveSnapshot, now: number): MonitorState {
	return {
		snapshot,
		newsAt: now,
		lost: false,
		held: undefined,
		panel: 'members',
		selected: undefined,
		find: '',
		isTyping: false,
		scroll: 0,
		answer: undefined,
	};
}

export function heard(state: MonitorState, document: LiveDocument, now: number): MonitorState {
	const known = { ...state, newsAt: now, lost: false };
	if ('snapshot' in document) return { ...known, snapshot: document.snapshot };
	if ('delta' in document) return { ...known, snapshot: fold(state.snapshot, document.delta) };
	return { ...known, snapshot: { ...state.snapshot, at: document.beat.at } };
}

/** What a frame draws: as it is, or as it was when it was held. */
export function shown({ held, snapshot }: MonitorState): LiveSnapshot {
	return held?.snapshot ?? snapshot;
}

/** The time by the clock of the node that a frame counts down from; it stands still where the picture does. */
export function nodeTime(state: MonitorState, now: number): number {
	if (state.held) return state.held.snapshot.at;
	return state.snapshot.at + (state.lost ? 0 : now - state.newsAt);
}

/** What a key asks for beyond the screen. */
export type Effect =
	| { readonly type: 'quit' }
	| { readonly type: 'why'; readonly member: string }
	| { readonly type: 'doctor' };

export interface Pressed {
	readonly state: MonitorState;
	readonly effect?: Effect;
}

const PANELS: Readonly<Record<string, Panel>> = { m: 'members', r: 'ring', e: 'events', d: 'doctor', '?': 'keys' };
const PAGE = 10;

/** `key`: a character, or `up down pageup pagedown home return escape backspace ctrl-c`. `now` by our clock. */
export function press(state: MonitorState, key: string, now: number): Pressed {
	if (key === 'ctrl-c') return { state, effect: { type: 'quit' } };
	if (state.isTyping) return { state: typed(state, key) };
	const panel = PANELS[key];
	if (panel !== undefined) return open(state, panel);
	switch (key) {
		case 'q':
			return { state, effect: { type: 'quit' } };
		case 'escape':
			return { state: { ...state, panel: 'members', find: '', scroll: 0 } };
		case '/':
			return { state: { ...state, panel: 'members', isTyping: true, find: '' } };
		case ' ':
			return { state: { ...state, held: state.held ? undefined : { snapshot: state.snapshot, since: now } } };
		case 'return':
			return explain(state);
		default:
			return { state: moved(state, key) };
	}
}

function open(state: MonitorState, panel: Panel): Pressed {
	const next = { ...state, panel, scroll: 0 };
	if (panel !== 'doctor') return { state: next };
	return { state: { ...next, answer: { about: 'doctor', lines: undefined } }, effect: { type: 'doctor' } };
}

function explain(state: MonitorState): Pressed {
	const member = chosen(state)?.ID;
	if (member === undefined) return { state };
	const next: MonitorState = { ...state, panel: 'why', scroll: 0, answer: { about: member, lines: undefined } };
	return { state: next, effect: { type: 'why', member } };
}

function typed(state: MonitorState, key: string): MonitorState {
	const { find } = state;
	if (key === 'return') return { ...state, isTyping: false, selected: undefined };
	if (key === 'escape') return { ...state, isTyping: false, find: '', selected: undefined };
	if (key === 'backspace') return { ...state, find: [...find].slice(0, -1).join('') };
	return [...key].length === 1 && find.length < 64 ? { ...state, find: find + key, selected: undefined } : state;
}

const STEPS: Readonly<Record<string, number>> = {
	up: -1,
	k: -1,
	down: 1,
	j: 1,
	pageup: -PAGE,
	pagedown: PAGE,
	home: Number.NEGATIVE_INFINITY,
};

function moved(state: MonitorState, key: string): MonitorState {
	const step = STEPS[key];
	if (step === undefined) return state;
	if (state.panel !== 'members') return { ...state, scroll: Math.max(0, state.scroll + step) };
	const rows = inOrder(shown(state).members, state.find);
	const at = Math.max(
		0,
		rows.findIndex(({ ID }) => ID === state.selected),
	);
	const to = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
	return { ...state, selected: to?.ID };
}

/** The member that Enter asks about. */
export function chosen(state: MonitorState): LiveSnapshot['members'][number] | undefined {
	const rows = inOrder(shown(state).members, state.find);
	return rows.find(({ ID }) => ID === state.selected) ?? rows[0];
}
