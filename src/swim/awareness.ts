// Local health: how much this node trusts its own verdicts (Lifeguard §IV-A, memberlist awareness.go).

/** 0 is best. A score of s makes the probe window s + 1 times as long. */
export class Awareness {
	readonly #max: number;
	#score = 0;

	/** The score stays in 0..max-1. */
	constructor(max: number) {
		this.#max = max;
	}

	get score(): number {
		return this.#score;
	}

	/** Adds `delta` (a refutation +1, a successful probe -1, a failed one + the nacks that were missing). */
	apply(delta: number): void {
		this.#score = Math.min(this.#max - 1, Math.max(0, this.#score + delta));
	}

	/** The duration, stretched by the score. */
	scale(durationMs: number): number {
		return durationMs * (this.#score + 1);
	}
}
