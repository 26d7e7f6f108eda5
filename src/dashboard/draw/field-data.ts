// What the members field is told of each member, and the tints in which it shows them.

import type { MemberState } from '../../swim/index.ts';
import { luminance, mix, ramp } from './colour.ts';
import { clamp } from './scale.ts';
import type { Tokens } from './tokens.ts';

export interface FieldMember {
	readonly name: string;
	readonly state: MemberState;
	/** The node whose view this is. */
	readonly self: boolean;
	/** The last direct round trip; `null` before the first. */
	readonly rttMs: number | null;
	/** Of the ring's keys, 0 to 1; `null` for who owns nothing. */
	readonly share: number | null;
	/** What is left of a suspicion, and how long it was when last set; `null` when none runs. */
	readonly leftMs: number | null;
	readonly fuseMs: number | null;
	/** Since the last change of state. */
	readonly agoMs: number | null;
	readonly address: string;
	readonly incarnation: number;
	readonly probes: readonly (number | null)[];
	/** What the views of the other nodes hold, as shares that add up to 1; absent in one node's own view. */
	readonly views?: readonly { readonly state: MemberState | 'unknown'; readonly share: number }[];
}

export type ColourBy = 'state' | 'rtt' | 'share';

export interface FieldData {
	/** As `placeMembers` says; `null` is a place that is kept free. */
	readonly groups: readonly { readonly name: string; readonly members: readonly (FieldMember | null)[] }[];
	readonly colourBy: ColourBy;
	readonly selected: string | null;
	/** What all names begin with and short ones leave out. */
	readonly prefix: string;
	/** No news: countdowns are not known any more. */
	readonly stale: boolean;
}

export const TINTS = 24;

/** Alive members from the quietest to the loudest tint. */
export function aliveTints(tokens: Tokens, colourBy: ColourBy): readonly string[] {
	// By state the tint is a hint in the background, from which suspicion stands out also without hue: amber is brighter
	// than any alive on a dark panel and darker on a light one. When asked for, the tint may use the whole range.
	const quiet = luminance(tokens.panel) > 0.5 ? 0.28 : 0.45;
	const most = colourBy === 'state' ? quiet : 1;
	return ramp(tokens.aliveField, mix(tokens.aliveField, tokens.alive, most), TINTS);
}

/** Which tint: round trips from 0.3 to 100 ms on a logarithmic scale, shares from 0.7 to 1.3 of the fair one. */
export function tintOf({ rttMs, share }: FieldMember, colourBy: ColourBy, owners: number): number {
	const part =
		colourBy === 'share'
			? ((share ?? 0) * owners - 0.7) / 0.6
			: rttMs === null
				? 0
				: Math.log(Math.max(rttMs, 0.3) / 0.3) / Math.log(100 / 0.3);
	return Math.round(clamp(part, 0, 1) * (TINTS - 1));
}

export function ownersOf({ groups }: FieldData): number {
	let owners = 0;
	for (const { members } of groups) for (const member of members) if (member?.share) owners++;
	return owners;
}
