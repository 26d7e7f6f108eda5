// The machine's alarm clock: a fixed table of deadlines, one real timer for all of them.

import type { Instant } from './member.ts';

/** Numbered in the order in which they are served when several are due at one instant. */
export const Timer = {
	relay: 0,
	ack: 1,
	probe: 2,
	suspicion: 3,
	contact: 4,
	sync: 5,
	challenge: 6,
	stream: 7,
	leave: 8,
	gossip: 9,
	pushPull: 10,
	reconnect: 11,
	reap: 12,
	beacon: 13,
} as const;
export type Timer = (typeof Timer)[keyof typeof Timer];

const NEVER = Number.POSITIVE_INFINITY;

export class Timers {
	/** By the number of the timer. */
	readonly #at: Instant[] = Object.values(Timer).map(() => NEVER);
	#deadline: Instant = NEVER;

	/** The earliest of all; Infinity when none is set. */
	get deadline(): Instant {
		return this.#deadline;
	}

	at(timer: Timer): Instant {
		return this.#at[timer]!;
	}

	set(timer: Timer, at: Instant): void {
		const before = this.#at[timer]!;
		this.#at[timer] = at;
		if (at <= this.#deadline) this.#deadline = at;
		else if (before === this.#deadline) this.#deadline = this.#earliest();
	}

	/** Brings a deadline forward; a later one is left as it is. */
	setEarlier(timer: Timer, at: Instant): void {
		if (at < this.#at[timer]!) this.set(timer, at);
	}

	clear(timer: Timer): void {
		this.set(timer, NEVER);
	}

	clearAll(): void {
		this.#at.fill(NEVER);
		this.#deadline = NEVER;
	}

	/** Takes the earliest timer that is due, clearing it; undefined when none is. */
	takeDue(now: Instant): Timer | undefined {
		if (this.#deadline > now) return undefined;
		const timer = this.#at.indexOf(this.#deadline) as Timer;
		this.clear(timer);
		return timer;
	}

	#earliest(): Instant {
		let earliest = NEVER;
		for (const at of this.#at) if (at < earliest) earliest = at;
		return earliest;
	}
}
