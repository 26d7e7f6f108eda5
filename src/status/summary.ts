// The mesh in a few numbers, as one node sees it: what every view writes in its first line.

import type { MemberState } from '../swim/index.ts';
import { digestText } from './digest-text.ts';
import type { StatusSource } from './source.ts';

/** The mesh in one line, as this node sees it. */
export interface MeshSummary {
	/** Whose view this is. */
	readonly self: string;
	/** Members that are shown, dead and left ones included. */
	readonly members: number;
	readonly counts: Readonly<Record<MemberState, number>>;
	/** Alive and suspect members, self included: those that may own keys. */
	readonly active: number;
	/** 16 hex digits; equal on two nodes exactly when they hold the same view of the live members. */
	readonly digest: string;
	readonly ring: { readonly fingerprint: string; readonly size: number };
	/** Lifeguard awareness, 0 best. */
	readonly health: number;
}

/** As of now. */
export function meshSummary(source: StatusSource): MeshSummary {
	const counts = countStates(source);
	return {
		self: source.self.name,
		members: source.members.length,
		counts,
		active: counts.alive + counts.suspect,
		digest: digestText(source.digest),
		ring: { fingerprint: source.ring.fingerprint, size: source.ring.size },
		health: source.health,
	};
}

/** Members by state, in one pass. */
export function countStates(source: StatusSource): Readonly<Record<MemberState, number>> {
	const counts: Record<MemberState, number> = { alive: 0, suspect: 0, dead: 0, left: 0 };
	for (const member of source.members) counts[member.state]++;
	return counts;
}
