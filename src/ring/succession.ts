// Who takes over when a member goes: each of its arcs falls to the next point that is not its own.

import { arcBefore, type Points } from './points.ts';

/** How many share the keys of a slot among them, and the most that any of them gains. */
export interface Takeover {
	readonly heirs: number;
	readonly most: number;
}

/** By slot. */
export function takeovers(points: Points): Takeover[] {
	return pointsBySlot(points).map((own, slot) => {
		const gains = inherit(points, slot, own);
		return { heirs: gains.size, most: Math.max(0, ...gains.values()) };
	});
}

/** What each slot gains when this one goes. */
export function heirsOf(points: Points, slot: number): ReadonlyMap<number, number> {
	return inherit(points, slot, pointsOf(points, slot));
}

function inherit(points: Points, slot: number, own: Uint32Array): Map<number, number> {
	const gains = new Map<number, number>();
	if (points.owners < 2) return gains;
	const after = (at: number): number => (at + 1 === points.length ? 0 : at + 1);
	let heir = slot;
	for (let i = own.length - 1; i >= 0; i--) {
		const at = own[i] as number;
		let next = after(at);
		// Otherwise the next point is the own one that was looked at before: they have the same heir.
		if (heir === slot || points.slot[next] !== slot) {
			while (points.slot[next] === slot) next = after(next);
			heir = points.slot[next] as number;
		}
		gains.set(heir, (gains.get(heir) ?? 0) + arcBefore(points, at));
	}
	return gains;
}

function pointsOf({ slot: slots, length }: Points, slot: number): Uint32Array {
	const own: number[] = [];
	for (let at = 0; at < length; at++) if (slots[at] === slot) own.push(at);
	return Uint32Array.from(own);
}

/** Indices of the points of each slot, in order, as parts of one array. */
function pointsBySlot({ slot: slots, length, names }: Points): Uint32Array[] {
	const starts = new Uint32Array(names.length + 1);
	for (let at = 0; at < length; at++) starts[(slots[at] as number) + 1]!++;
	for (let slot = 0; slot < names.length; slot++) starts[slot + 1]! += starts[slot]!;
	const all = new Uint32Array(length);
	const next = starts.slice();
	for (let at = 0; at < length; at++) all[next[slots[at] as number]!++] = at;
	return names.map((_, slot) => all.subarray(starts[slot], starts[slot + 1]));
}
