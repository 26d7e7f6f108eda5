// The ring as Flight, HTTP and the CLI show it: who owns a key, or how much everybody owns and what happens if he dies.

import type { RingHeir, RingShare, RingView } from '../ring/index.ts';
import type { StatusSource } from './source.ts';

const SCHEMA = 1;

/** What is asked: the owners of a key, a member in detail, or, with neither, all owners. */
export interface RingQuestion {
	readonly key?: string | undefined;
	/** How many owners of the key; 1 unless it says otherwise. */
	readonly count?: number | undefined;
	readonly member?: string | undefined;
}

/** A member's part of the ring. */
export interface RingOwner extends RingShare {
	/** How often its fair share that is, by weight; 0 for one of weight 0. */
	readonly fair: number;
	/** If it dies: how many take over, and the most that any of them gains. */
	readonly heirs: number;
	readonly most: number;
}

/** A member whose view differs from ours, and so its ring. */
export interface RingDifference {
	readonly member: string;
	/** What it last told of its view, 16 hex digits, and since when that has differed from ours. */
	readonly digest: string;
	readonly since: string;
	/** Its ring, asked at its status address; `null` when it could not be asked, and `problem` says why. */
	readonly fingerprint: string | null;
	readonly problem: string | null;
	/** Live members that we have and it has not, and the other way round. */
	readonly lacks: readonly string[];
	readonly adds: readonly string[];
}

/** Answer of `MeshRing`. */
export interface RingObject {
	readonly schema: number;
	/** Whose view this is. */
	readonly self: string;
	/** 16 hex digits; equal exactly when the owners and their weights are. */
	readonly fingerprint: string;
	/** Owners, those of weight 0 included. */
	readonly size: number;
	/** Own alive members whose view has been heard, this node included, and how many agree: they have the same ring. */
	readonly of: number;
	readonly agree: number;
	/** The key that was asked for, and its owners, the first one first. */
	readonly key?: string;
	readonly owners?: readonly string[];
	/** All in name order, adding up to 1; the one member, when it was asked for; none of them for a key. */
	readonly shares?: readonly RingOwner[];
	/** Of the member that was asked for: who gains what if it dies, the most first. */
	readonly takeover?: readonly RingHeir[];
	/** Those whose ring differs, in name order, when it was asked for. */
	readonly differing?: readonly RingDifference[];
}

/** As of now: owners of a key, what a member owns, or all shares. */
export function ringObject(source: StatusSource, { key, count = 1, member }: RingQuestion): RingObject {
	const { ring, self, views } = source;
	const { fingerprint, size } = ring;
	const { of, agree } = views;
	const head = { schema: SCHEMA, self: self.name, fingerprint, size, of, agree };
	if (key !== undefined) return { ...head, key, owners: ring.owners(key, count) };
	const shares = owners(ring);
	if (member === undefined) return { ...head, shares };
	return {
		...head,
		shares: shares.filter((owner) => owner.member === member),
		takeover: ring.heirs(member),
	};
}

function owners(ring: RingView): RingOwner[] {
	const shares = ring.shares();
	const takeovers = ring.takeovers();
	const total = shares.reduce((sum, { weight }) => sum + weight, 0);
	return shares.map((row, at) => {
		const { heirs = 0, most = 0 } = takeovers[at] ?? {};
		return { ...row, fair: fairness(row, total), heirs, most };
	});
}

/** `share` of the ring as a multiple of what its weight entitles it to. */
export function fairness({ share, weight }: Pick<RingShare, 'share' | 'weight'>, totalWeight: number): number {
	return weight === 0 ? 0 : (share * totalWeight) / weight;
}
