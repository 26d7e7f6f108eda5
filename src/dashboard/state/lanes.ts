// What the lanes draw: who was in which state when, out of the steps that the node recorded.

import type { LiveChange, LiveMember } from '../../status/index.ts';
import { type MemberState, STATE_NAMES } from '../../swim/index.ts';
import type { Lane, LaneSpan, LanesData } from '../draw/index.ts';

type Known = MemberState | 'none';

/** Small meshes show every member, changed or not. */
const SHOW_ALL = 8;

/** In its first minute a node gets to know the others; that is no change of theirs. */
const GREETING_MS = 60_000;

/** Lanes of those that changed between `from` and `to`, the latest first, as a node tells it that `startedAt`. */
export function lanesOf(
	changes: readonly LiveChange[],
	members: readonly LiveMember[],
	from: number,
	to: number,
	startedAt: number,
): { readonly lanes: readonly Lane[]; readonly changed: number } {
	const steps = stepsIn(changes, from, to, startedAt + GREETING_MS);
	const lanes = [...steps]
		.sort(([, a], [, b]) => lastSeq(b) - lastSeq(a))
		.map(([name, own]) => ({ name, spans: spansOf(own, from, to) }));
	const changed = lanes.length;
	if (members.length > SHOW_ALL) return { lanes, changed };
	const quiet = members.filter(({ ID }) => !steps.has(ID));
	const whole = quiet.map(({ ID, Status, since }) => {
		const before = Math.min(to, Math.max(from, since));
		// It may have changed after `to`, when the page looks at a moment of the past.
		return { name: ID, spans: before < to ? [{ from: before, to, state: STATE_NAMES[Status]! }] : [] };
	});
	return { lanes: [...lanes, ...whole], changed };
}

/** How many were suspect and dead from each moment on, the beginning included. */
export function notAliveOf(
	changes: readonly LiveChange[],
	members: readonly LiveMember[],
	from: number,
	to: number,
): LanesData['notAlive'] {
	const states = statesAt(changes, members, from);
	const counts = { suspect: 0, dead: 0 };
	const count = (state: Known, by: number): void => {
		if (state === 'suspect' || state === 'dead') counts[state] += by;
	};
	for (const state of states.values()) count(state, 1);
	const series = [{ at: from, ...counts }];
	for (const [, at, , before, after] of changes) {
		if (at < from || at > to) continue;
		count(before, -1);
		count(after, 1);
		series.push({ at, ...counts });
	}
	return series;
}

/** Which state each member was in just before `at`: from today's, back through the steps since. */
function statesAt(changes: readonly LiveChange[], members: readonly LiveMember[], at: number): Map<string, Known> {
	const states = new Map<string, Known>(members.map(({ ID, Status }) => [ID, STATE_NAMES[Status]!]));
	for (let last = changes.length - 1; last >= 0; last--) {
		const [, when, id, before] = changes[last]!;
		if (when < at) break;
		states.set(id, before);
	}
	return states;
}

function stepsIn(
	changes: readonly LiveChange[],
	from: number,
	to: number,
	greetedUntil: number,
): Map<string, LiveChange[]> {
	const steps = new Map<string, LiveChange[]>();
	for (const change of changes) {
		const [, at, id, before] = change;
		if (at < from || at > to || (before === 'none' && at < greetedUntil)) continue;
		const own = steps.get(id);
		if (own) own.push(change);
		else steps.set(id, [change]);
	}
	return steps;
}

function spansOf(steps: readonly LiveChange[], from: number, to: number): LaneSpan[] {
	const spans: LaneSpan[] = [];
	let since = from;
	let state: Known = steps[0]![3];
	for (const [, at, , , after] of steps) {
		if (state !== 'none' && at > since) spans.push({ from: since, to: at, state });
		since = at;
		state = after;
	}
	if (state !== 'none' && to > since) spans.push({ from: since, to, state });
	return spans;
}

function lastSeq(steps: readonly LiveChange[]): number {
	return steps.at(-1)![0];
}
