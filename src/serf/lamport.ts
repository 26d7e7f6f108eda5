// A Lamport clock: the order of serf's intents, user events and queries without a common time.

/**
 * The highest time that is believed. Serf counts in 64 bits; no honest cluster comes near this, and
 * a time above it could not be counted on exactly.
 */
export const MAX_LAMPORT_TIME: number = Number.MAX_SAFE_INTEGER - 1;

/** Serf's clocks start at 1 (serf.go: Create), so that 0 means "never". */
export class LamportClock {
	#time = 1;

	get time(): number {
		return this.#time;
	}

	/** Moves past a time that somebody else has used. */
	witness(time: number): void {
		if (time >= this.#time && time <= MAX_LAMPORT_TIME) this.#time = time + 1;
	}

	/** Takes the current time for a message of our own and moves past it. */
	take(): number {
		const taken = this.#time;
		this.witness(taken);
		return taken;
	}
}
