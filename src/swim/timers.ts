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
	/** The earliest, of several the one with the lowest number. */
	#next: Timer = Timer.relay;

	/** The earliest of all; Infinity when none is set. */
	get deadline(): Instant {
		return this.#at[this.#next]!;
	}

	at(timer: Timer): Instant {
		return this.#at[timer]!;
	}

	set(timer: Timer, at: Instant): void {
		const all = this.#at;
		all[timer] = at;
		if (timer === this.#next) this.#next = earliest(all);
		else if (at < this.deadline || (at === this.deadline && timer < this.#next)) this.#next = timer;
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
	}

	/** Takes the earliest timer that is due, clearing it; undefined when none is. */
	takeDue(now: Instant): Timer | undefined {
		if (this.deadline > now) return undefined;
		const due = this.#next;
		this.clear(due);
		return due;
	}
}

function earliest(all: readonly Instant[]): Timer {
	let first = 0;
	for (let timer = 1; timer < all.length; timer++) if (all[timer]! < all[first]!) first = timer;
	return first as Timer;
}
