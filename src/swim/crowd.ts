// Members of whom everybody speaks and who never answer: while there are many, those who have answered are not crowded out.

import type { MemberTable, Slot } from './member-table.ts';

/** So many probes of members that have never answered must fail, more than succeed, to be no accident. */
const FAILURES = 4;
/** So many members for one that has answered. */
const HEARSAY_FACTOR = 4;

/**
 * Whoever reaches a mesh without keys can make it know as many members as the table holds. One probe a period would
 * then come to each of them once in an hour, the helpers would be names, and so would be those who hear the news.
 * In a crowd every second probe goes to one that has answered before, in turn, and only those are asked for help.
 */
export class Crowd {
	readonly #table: MemberTable;
	/** In the order of their first answers. */
	#answered: Slot[] = [];
	#at = 0;
	#turn = false;
	#failures = 0;

	constructor(table: MemberTable) {
		this.#table = table;
	}

	/** Whether most members are hearsay. Never in a mesh that merely grows: its members answer. */
	get isThick(): boolean {
		return this.#failures >= FAILURES && this.#answered.length * HEARSAY_FACTOR < this.#table.live;
	}

	/** True of all members, unless there is a crowd: then of those who have answered. */
	trusts(slot: Slot): boolean {
		return this.#hasAnswered(slot) || !this.isThick;
	}

	/** A probe of the member was answered; to be told before the table is. */
	answered(slot: Slot): void {
		if (this.#hasAnswered(slot)) return;
		this.#answered.push(slot);
		this.#failures = Math.max(0, this.#failures - 1);
	}

	/** A probe of the member was not answered. */
	failed(slot: Slot): void {
		if (!this.#hasAnswered(slot)) this.#failures = Math.min(2 * FAILURES, this.#failures + 1);
	}

	/** Whose turn it is among those who have answered; undefined when the turn is everybody's. */
	next(): Slot | undefined {
		if (!this.isThick) return undefined;
		this.#turn = !this.#turn;
		return this.#turn ? this.#nextAnswered() : undefined;
	}

	#nextAnswered(): Slot | undefined {
		for (let round = 0; round < 2; round++) {
			while (this.#at < this.#answered.length) {
				const slot = this.#answered[this.#at++]!;
				if (this.#hasAnswered(slot) && this.#table.isLive(slot)) return slot;
			}
			// Slots that were given to others, and those that stand twice because of it.
			this.#answered = [...new Set(this.#answered)].filter((slot) => this.#hasAnswered(slot));
			this.#at = 0;
		}
		return undefined;
	}

	#hasAnswered(slot: Slot): boolean {
		return this.#table.isKnown(slot) && this.#table.seenAt[slot]! > 0;
	}
}
