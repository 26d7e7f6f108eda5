// Whose view agrees with ours: the digests that own members told in their acks, held against our own (X2).

import type { Instant, Member, ViewDigest } from '../swim/index.ts';
import { digestText } from './digest-text.ts';

interface Heard {
	digest: ViewDigest;
	at: Instant;
	differsSince: Instant | undefined;
}

/** What one member last told of its view. */
export interface HeardView {
	/** 16 hex digits. */
	readonly digest: string;
	readonly heardAt: Instant;
	/** Since when all that it told differed from ours; undefined when the last one agreed. */
	readonly differsSince: Instant | undefined;
}

/** A view that differed from ours when it was last heard of. */
export interface OtherView {
	readonly member: string;
	/** 16 hex digits. */
	readonly digest: string;
	readonly heardAt: Instant;
	readonly differsSince: Instant;
}

/** How many views agree. */
export interface ViewsSummary {
	/** Own alive members whose digest has been heard, this node included, and how many of them agree with it. */
	readonly of: number;
	readonly agree: number;
	/** Ours, 16 hex digits. */
	readonly digest: string;
	/** Those that differ, in name order. */
	readonly others: readonly OtherView[];
}

/** Bounded by the members: who is forgotten is forgotten here, and only alive ones are told of: what a silent member saw last is old. */
export class Views {
	readonly #heard = new Map<string, Heard>();

	note(member: string, digest: ViewDigest, agreed: boolean, at: Instant): void {
		const heard = this.#heard.get(member);
		const differsSince = agreed ? undefined : (heard?.differsSince ?? at);
		if (heard === undefined) {
			this.#heard.set(member, { digest, at, differsSince });
			return;
		}
		heard.digest = digest;
		heard.at = at;
		heard.differsSince = differsSince;
	}

	of(member: string): HeardView | undefined {
		const heard = this.#heard.get(member);
		return heard && { digest: digestText(heard.digest), heardAt: heard.at, differsSince: heard.differsSince };
	}

	forget(member: string): void {
		this.#heard.delete(member);
	}

	/** `members` in name order, as a node knows them; `self` is its own name. */
	summary(self: string, digest: ViewDigest, members: readonly Member[]): ViewsSummary {
		const others: OtherView[] = [];
		let of = 1;
		let agree = 1;
		for (const { name, state, own } of members) {
			const heard = this.#heard.get(name);
			if (!heard || !own || name === self || state !== 'alive') continue;
			of++;
			if (heard.differsSince === undefined) agree++;
			else {
				const { at: heardAt, differsSince } = heard;
				others.push({ member: name, digest: digestText(heard.digest), heardAt, differsSince });
			}
		}
		return { of, agree, digest: digestText(digest), others };
	}
}
