// Whom to probe next: a shuffled round-robin, which bounds the time until a crash is noticed (SWIM §4.3).

import type { Slot } from './member-table.ts';
import { type Random, randomBelow, shuffle } from './random.ts';

/** A permutation that is walked to its end and then shuffled anew; newcomers enter at a random place of the rest. */
export class ProbeOrder {
	readonly #random: Random;
	#order: Slot[] = [];
	#at = 0;
	/** Length when the round began. */
	#begunWith = 0;

	constructor(random: Random) {
		this.#random = random;
	}

	/**
	 * A member came to be known. When a round has doubled, as for a joiner, a new one begins: else all
	 * who joined together would have probed their seed first and would leave it alone for a whole round.
	 */
	insert(slot: Slot): void {
		const place = this.#at + randomBelow(this.#random, this.#order.length - this.#at + 1);
		this.#order.splice(place, 0, slot);
		if (this.#order.length >= this.#begunWith * 2) this.#begin();
	}

	/**
	 * The next member for which `wanted` holds; undefined when none does. `known` drops the forgotten
	 * at each new round, in which a slot may have been given to somebody else.
	 */
	next(known: (slot: Slot) => boolean, wanted: (slot: Slot) => boolean): Slot | undefined {
		for (let round = 0; round < 2; round++) {
			while (this.#at < this.#order.length) {
				const slot = this.#order[this.#at++]!;
				if (known(slot) && wanted(slot)) return slot;
			}
			this.#order = [...new Set(this.#order)].filter(known);
			this.#begin();
		}
		return undefined;
	}

	#begin(): void {
		shuffle(this.#random, this.#order, this.#order.length);
		this.#at = 0;
		this.#begunWith = this.#order.length;
	}
}
