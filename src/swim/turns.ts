// Turns of the live members, by rank in name order and the wall clock: what one of them does at a time costs each the less, the more there are.

import { compareBytes } from './bytes.ts';
import type { Instant } from './member.ts';
import type { Node } from './node.ts';

/** Nobody is told whose turn it is: clocks and views agree nearly always, and where they do not, two act or none. */
export class Turns {
	readonly #node: Node;
	/** Wall-clock milliseconds since 2020 minus the node's clock; the incarnation of a start brings it. */
	#wallOffsetMs = 0;
	/** Our rank, and the version of the view in which it was counted. */
	#ranked = { version: -1, rank: 0 };

	constructor(node: Node) {
		this.#node = node;
	}

	start(): void {
		const { now, startIncarnation } = this.#node;
		this.#wallOffsetMs = startIncarnation * 1000 - now;
	}

	/** Number of the turn that it is now, the same on all nodes. */
	current(intervalMs: number): number {
		return Math.floor((this.#node.now + this.#wallOffsetMs) / intervalMs);
	}

	isOurs(intervalMs: number): boolean {
		return this.current(intervalMs) % this.#node.table.live === this.#rank();
	}

	/** A little behind the start of the next turn: clocks differ by some milliseconds, and a timer must not fire early. */
	nextAt(intervalMs: number): Instant {
		return (this.current(intervalMs) + 1) * intervalMs - this.#wallOffsetMs + Math.min(50, intervalMs / 4);
	}

	/** How many live members' names come before ours; counted when the view has changed, for that costs a look at each. */
	#rank(): number {
		const { table, self, nameBytes, sums } = this.#node;
		if (this.#ranked.version === sums.version) return this.#ranked.rank;
		let rank = 0;
		for (let slot = 0; slot < table.slots; slot++) {
			if (slot === self || !table.isKnown(slot) || !table.isLive(slot)) continue;
			if (compareBytes(table.identity(slot).nameBytes, nameBytes) < 0) rank++;
		}
		this.#ranked = { version: sums.version, rank };
		return rank;
	}
}
