// The machine's alarm clock: a fixed table of named deadlines, one real timer for all of them.

import type { Instant } from './member.ts';

/** In the order in which they are served when several are due at one instant. */
export const TIMERS = [
	'relay',
	'ack',
	'probe',
	'suspicion',
	'contact',
	'sync',
	'challenge',
	'stream',
	'leave',
	'gossip',
	'push-pull',
	'reconnect',
	'reap',
	'beacon',
] as const;
export type TimerName = (typeof TIMERS)[number];

export class Timers {
	readonly #at: Record<TimerName, Instant>;
	#deadline: Instant = Number.POSITIVE_INFINITY;

	constructor() {
		this.#at = Object.fromEntries(TIMERS.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<TimerName, Instant>;
	}

	/** The earliest of all; Infinity when none is set. */
	get deadline(): Instant {
		return this.#deadline;
	}

	at(name: TimerName): Instant {
		return this.#at[name];
	}

	set(name: TimerName, at: Instant): void {
		this.#at[name] = at;
		this.#update();
	}

	/** Brings a deadline forward; a later one is left as it is. */
	setEarlier(name: TimerName, at: Instant): void {
		if (at < this.#at[name]) this.set(name, at);
	}

	clear(name: TimerName): void {
		this.set(name, Number.POSITIVE_INFINITY);
	}

	clearAll(): void {
		for (const name of TIMERS) this.#at[name] = Number.POSITIVE_INFINITY;
		this.#update();
	}

	/** Takes the earliest timer that is due, clearing it; undefined when none is. */
	takeDue(now: Instant): TimerName | undefined {
		if (this.#deadline > now) return undefined;
		for (const name of TIMERS) {
			if (this.#at[name] === this.#deadline) {
				this.clear(name);
				return name;
			}
		}
		return undefined;
	}

	#update(): void {
		let earliest = Number.POSITIVE_INFINITY;
		for (const name of TIMERS) if (this.#at[name] < earliest) earliest = this.#at[name];
		this.#deadline = earliest;
	}
}
