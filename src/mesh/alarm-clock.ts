// The alarm clock of a process: one timer of Node for all its nodes, which wakes those together who are to be woken within moments.

import type { Instant } from '../swim/index.ts';
import type { Clock } from './clock.ts';

/** Alarms that are due within so many milliseconds after the first one wait for the last of them: a wake-up costs more than what is done in it. */
const TOGETHER_MS = 2;
/** A timer of Node that is earlier than the first alarm by more than this is set anew: to do so costs less than a wake-up for nothing. */
const EARLY_MS = 10;
/** Wake up now and then even when nothing is due: timers of Node take at most 2³¹ ms. */
const LONGEST_SLEEP_MS = 3_600_000;
const NEVER: Instant = Number.POSITIVE_INFINITY;

/** One node's alarm, set to one instant. */
export class Alarm {
	readonly ring: () => void;
	readonly #clock: AlarmClock;
	/** Its place in the heap, written by the clock alone; negative while it is off. */
	place = -1;

	/** `ring` is called at the instant or moments later, never before; the alarm is off by then. */
	constructor(clock: AlarmClock, ring: () => void) {
		this.#clock = clock;
		this.ring = ring;
	}

	/** Rings then and not at any other instant that was set before; `Infinity` = not at all. */
	set(at: Instant): void {
		this.#clock.set(this, at);
	}
}

/**
 * Alarms stand in a heap, the earliest first: setting one costs no timer of Node unless it is the next to ring. Their
 * instants stand in an array of their own, so that comparing them touches no node.
 */
export class AlarmClock {
	readonly #clock: Pick<Clock, 'now'>;
	readonly #alarms: Alarm[] = [];
	#instants: Float64Array = new Float64Array(16);
	readonly #wake: () => void = () => this.#ring();
	#timer: NodeJS.Timeout | undefined;
	#timerAt: Instant = NEVER;
	#ringing = false;

	constructor(clock: Pick<Clock, 'now'>) {
		this.#clock = clock;
	}

	/** For {@link Alarm.set}. */
	set(alarm: Alarm, at: Instant): void {
		const { place } = alarm;
		if (place >= 0 && this.#instants[place] === at) return;
		if (at < NEVER) this.#settle(alarm, at, place < 0 ? this.#alarms.length : place);
		else if (place >= 0) this.#remove(alarm);
		if (!this.#ringing) this.#arm();
	}

	get #first(): Instant {
		return this.#alarms.length === 0 ? NEVER : (this.#instants[0] as Instant);
	}

	#ring(): void {
		this.#timerAt = NEVER;
		this.#ringing = true;
		try {
			const now = this.#clock.now();
			while (this.#first <= now) {
				const alarm = this.#alarms[0] as Alarm;
				this.#remove(alarm);
				alarm.ring();
			}
		} finally {
			this.#ringing = false;
			this.#arm();
		}
	}

	// A timer that is only moments early is left alone: it fires, sees that nothing is due, and is set anew.
	#arm(): void {
		const first = this.#first;
		if (first >= this.#timerAt && first - this.#timerAt <= EARLY_MS) return;
		clearTimeout(this.#timer);
		this.#timerAt = first;
		if (first === NEVER) return;
		this.#timerAt = this.#instants[this.#lastWithin(first + TOGETHER_MS, 0, 0)] as Instant;
		const wait = Math.min(Math.max(0, this.#timerAt - this.#clock.now()), LONGEST_SLEEP_MS);
		// Node cuts fractions off, and would fire early.
		this.#timer = setTimeout(this.#wake, Math.ceil(wait));
	}

	/** The place of the last alarm that is due no later than `at`: `last`, or one at or below `place` in the heap. */
	#lastWithin(at: Instant, place: number, last: number): number {
		const instants = this.#instants;
		if (place >= this.#alarms.length || (instants[place] as Instant) > at) return last;
		const later = (instants[place] as Instant) > (instants[last] as Instant) ? place : last;
		return this.#lastWithin(at, 2 * place + 2, this.#lastWithin(at, 2 * place + 1, later));
	}

	#remove(alarm: Alarm): void {
		const at = this.#instants[this.#alarms.length - 1] as Instant;
		const last = this.#alarms.pop() as Alarm;
		if (last !== alarm) this.#settle(last, at, alarm.place);
		alarm.place = -1;
	}

	/** Puts the alarm where it belongs, from a place that is free or its own. */
	#settle(alarm: Alarm, at: Instant, from: number): void {
		if (from === this.#instants.length) this.#grow();
		const instants = this.#instants;
		let place = from;
		for (let parent = (place - 1) >> 1; place > 0 && at < (instants[parent] as Instant); parent = (place - 1) >> 1) {
			this.#put(this.#alarms[parent] as Alarm, instants[parent] as Instant, place);
			place = parent;
		}
		for (let child = 2 * place + 1; child < this.#alarms.length; child = 2 * place + 1) {
			if (child + 1 < this.#alarms.length && (instants[child + 1] as Instant) < (instants[child] as Instant)) child++;
			if ((instants[child] as Instant) >= at) break;
			this.#put(this.#alarms[child] as Alarm, instants[child] as Instant, place);
			place = child;
		}
		this.#put(alarm, at, place);
	}

	#put(alarm: Alarm, at: Instant, place: number): void {
		this.#alarms[place] = alarm;
		this.#instants[place] = at;
		alarm.place = place;
	}

	#grow(): void {
		const wider = new Float64Array(2 * this.#instants.length);
		wider.set(this.#instants);
		this.#instants = wider;
	}
}
