// A member and the one rule by which news about it is ordered (SWIM §4.2, X4).

import type { Address } from './address.ts';

/** Milliseconds on a monotonic clock whose zero means nothing. */
export type Instant = number;

/** State numbers as memberlist's push/pull writes them; their order is the order of precedence. */
export const State = { alive: 0, suspect: 1, dead: 2, left: 3 } as const;
export type State = (typeof State)[keyof typeof State];

/** Alive answers, suspect does not and may still refute, dead did not refute in time, left said goodbye. */
export type MemberState = 'alive' | 'suspect' | 'dead' | 'left';
/** Names of the states by their numbers. */
export const STATE_NAMES: readonly MemberState[] = ['alive', 'suspect', 'dead', 'left'];

/** An immutable picture of a member, as it was when the picture was taken. */
export interface Member {
	readonly name: string;
	readonly address: Address;
	readonly state: MemberState;
	readonly incarnation: number;
	readonly tags: Readonly<Record<string, string>>;
	/** pmin, pmax, pcur, dmin, dmax, dcur. */
	readonly protocol: readonly number[];
	/** Speaks our extensions (X1); false = a foreign memberlist node. */
	readonly own: boolean;
	/** When the state was entered. */
	readonly changedAt: Instant;
	/** When it last answered or spoke to this node directly; 0 = never. */
	readonly seenAt: Instant;
}

/**
 * News about one member is ordered by incarnation, then alive < suspect < dead < left (SWIM §4.2,
 * extended by memberlist's `left`). Merging is taking the maximum of this order, so neither the
 * order nor the repetition of messages can matter.
 */
export function supersedes(incarnation: number, state: State, knownIncarnation: number, knownState: State): boolean {
	return incarnation > knownIncarnation || (incarnation === knownIncarnation && state > knownState);
}

/** Every step that a member can take in a view, for counters and for the diagram in ARCHITECTURE.md. */
export const STATE_CHANGES: readonly (readonly [from: MemberState, to: MemberState, why: string])[] = [
	['alive', 'suspect', 'a probe failed, or another member suspects it'],
	['alive', 'dead', 'another member confirmed its death before we suspected it'],
	['alive', 'left', 'it said goodbye'],
	['suspect', 'alive', 'it refuted'],
	['suspect', 'dead', 'it did not refute in time'],
	['suspect', 'left', 'it said goodbye'],
	['dead', 'alive', 'it refuted or restarted'],
	['dead', 'suspect', 'it restarted, and is suspected already'],
	['dead', 'left', 'its goodbye arrived late'],
	['left', 'alive', 'it came back'],
	['left', 'suspect', 'it came back, and is suspected already'],
	['left', 'dead', 'it came back and died unseen'],
];
