// How often something may happen in a second, whoever asks for it.

import type { Instant } from './member.ts';

export class RateGate {
	readonly #perSecond: number;
	#second: Instant = Number.NEGATIVE_INFINITY;
	#thisSecond = 0;

	constructor(perSecond: number) {
		this.#perSecond = perSecond;
	}

	/** Counts one; false when it is one too many. */
	pass(now: Instant): boolean {
		if (now - this.#second >= 1_000) {
			this.#second = now;
			this.#thisSecond = 0;
		}
		this.#thisSecond++;
		return this.#thisSecond <= this.#perSecond;
	}
}
