// Whom to probe next: a shuffled round-robin, which bounds the time until a crash is noticed (SWIM §4.3).

import type { Slot } from './member-table.ts';
import { type Random, randomBelow, shuffle } from './random.ts';

/** A permutation that is walked to its end and then shuffled anew; newcomers enter at a random place of the rest. */
export class ProbeOrder {
	readonly #random: Random;
	#order: Uint32Array = new Uint32Array(16);
	#length = 0;
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
		if (this.#length === this.#order.length) this.#grow();
		const place = this.#at + randomBelow(this.#random, this.#length - this.#at + 1);
		this.#order.copyWithin(place + 1, place, this.#length);
		this.#order[place] = slot;
		this.#length++;
		if (this.#length >= this.#begunWith * 2) this.#begin();
	}

	/**
	 * The next member for which `wanted` holds; undefined when none does. `known` drops the forgotten
	 * at each new round, in which a slot may have been given to somebody else.
	 */
	next(known: (slot: Slot) => boolean, wanted: (slot: Slot) => boolean): Slot | undefined {
		for (let round = 0; round < 2; round++) {
			while (this.#at < this.#length) {
				const slot = this.#order[this.#at++]!;
				if (known(slot) && wanted(slot)) return slot;
			}
			this.#dropForgotten(known);
			this.#begin();
		}
		return undefined;
	}

	#begin(): void {
		shuffle(this.#random, this.#order, this.#length);
		this.#at = 0;
		this.#begunWith = this.#length;
	}

	/** A slot that was forgotten and given away again stands twice: once is enough. */
	#dropForgotten(known: (slot: Slot) => boolean): void {
		const kept = this.#order.subarray(0, this.#length).sort();
		let length = 0;
		for (let i = 0; i < kept.length; i++) {
			const slot = kept[i]!;
			if (known(slot) && slot !== kept[i - 1]) this.#order[length++] = slot;
		}
		this.#length = length;
	}

	#grow(): void {
		const wider = new Uint32Array(Math.ceil(this.#order.length * 1.25));
		wider.set(this.#order);
		this.#order = wider;
	}
}
