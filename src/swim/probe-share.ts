// A share of the probes for those who have answered before, when most members are hearsay: nobody can crowd them out with names.

import type { MemberTable, Slot } from './member-table.ts';

/** Fewer are all probed soon enough. */
const CROWD = 1_024;
/** So many members for one that has answered: more than any mesh that grows. */
const HEARSAY_FACTOR = 4;

/**
 * Whoever reaches a mesh without keys can make it know as many members as the table holds; one probe a period would
 * then come to each only once in an hour. Every second probe goes to one that has answered before, in turn.
 */
export class ProbeShare {
	readonly #table: MemberTable;
	/** In the order of their first answers. */
	#answered: Slot[] = [];
	#at = 0;
	#turn = false;

	constructor(table: MemberTable) {
		this.#table = table;
	}

	/** The member has answered for the first time. */
	answered(slot: Slot): void {
		this.#answered.push(slot);
	}

	/** Whose turn it is among those who have answered; undefined when the turn is everybody's. */
	next(): Slot | undefined {
		const { live } = this.#table;
		if (live <= CROWD || this.#answered.length * HEARSAY_FACTOR > live) return undefined;
		this.#turn = !this.#turn;
		return this.#turn ? this.#nextAnswered() : undefined;
	}

	#nextAnswered(): Slot | undefined {
		for (let round = 0; round < 2; round++) {
			while (this.#at < this.#answered.length) {
				const slot = this.#answered[this.#at++]!;
				if (this.#has(slot) && this.#table.isLive(slot)) return slot;
			}
			// Slots that were given to others, and those that stand twice because of it.
			this.#answered = [...new Set(this.#answered)].filter((slot) => this.#has(slot));
			this.#at = 0;
		}
		return undefined;
	}

	#has(slot: Slot): boolean {
		return this.#table.isKnown(slot) && this.#table.seenAt[slot]! > 0;
	}
}
