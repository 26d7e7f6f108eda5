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
	/** When it rings, and its place in the heap; both written by the clock alone. */
	at: Instant = NEVER;
	place = -1;

	/** `ring` is called at the instant or moments later, never before; the alarm is off by then. */
	constructor(clock: AlarmClock, ring: () => void) {
		this.#clock = clock;
		this.ring = ring;
	}

	/** Rings then and not at any other instant that was set before; `Infinity` = not at all. */
	set(at: Instant): void {
		if (at !== this.at) this.#clock.move(this, at);
	}
}

/** Alarms stand in a heap, the earliest first: setting one costs no timer of Node unless it is the next to ring. */
export class AlarmClock {
	readonly #clock: Pick<Clock, 'now'>;
	readonly #heap: Alarm[] = [];
	readonly #wake: () => void = () => this.#ring();
	#timer: NodeJS.Timeout | undefined;
	#timerAt: Instant = NEVER;
	#ringing = false;

	constructor(clock: Pick<Clock, 'now'>) {
		this.#clock = clock;
	}

	/** For {@link Alarm.set}. */
	move(alarm: Alarm, at: Instant): void {
		alarm.at = at;
		if (at === NEVER) this.#remove(alarm);
		else {
			if (alarm.place < 0) alarm.place = this.#heap.push(alarm) - 1;
			this.#settle(alarm);
		}
		if (!this.#ringing) this.#arm();
	}

	#ring(): void {
		this.#timerAt = NEVER;
		this.#ringing = true;
		try {
			const now = this.#clock.now();
			for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
				first.at = NEVER;
				this.#remove(first);
				first.ring();
			}
		} finally {
			this.#ringing = false;
			this.#arm();
		}
	}

	// A timer that is only moments early is left alone: it fires, sees that nothing is due, and is set anew.
	#arm(): void {
		const first = this.#heap[0]?.at ?? NEVER;
		if (first >= this.#timerAt && first - this.#timerAt <= EARLY_MS) return;
		clearTimeout(this.#timer);
		this.#timerAt = first;
		if (first === NEVER) return;
		this.#timerAt = (this.#heap[this.#lastWithin(first + TOGETHER_MS, 0, 0)] as Alarm).at;
		const wait = Math.min(Math.max(0, this.#timerAt - this.#clock.now()), LONGEST_SLEEP_MS);
		// Node cuts fractions off, and would fire early.
		this.#timer = setTimeout(this.#wake, Math.ceil(wait));
	}

	/** The place of the last alarm that is due no later than `at`: `last`, or one at or below `place` in the heap. */
	#lastWithin(at: Instant, place: number, last: number): number {
		const heap = this.#heap;
		const alarm = heap[place];
		if (alarm === undefined || alarm.at > at) return last;
		const later = alarm.at > (heap[last] as Alarm).at ? place : last;
		return this.#lastWithin(at, 2 * place + 2, this.#lastWithin(at, 2 * place + 1, later));
	}

	#remove(alarm: Alarm): void {
		if (alarm.place < 0) return;
		const last = this.#heap.pop() as Alarm;
		if (last !== alarm) {
			last.place = alarm.place;
			this.#settle(last);
		}
		alarm.place = -1;
	}

	/** Moves the alarm from its place to where it belongs. */
	#settle(alarm: Alarm): void {
		const heap = this.#heap;
		let { place } = alarm;
		for (let parent = (place - 1) >> 1; place > 0 && alarm.at < (heap[parent] as Alarm).at; parent = (place - 1) >> 1) {
			this.#put(heap[parent] as Alarm, place);
			place = parent;
		}
		for (let child = 2 * place + 1; child < heap.length; child = 2 * place + 1) {
			if (child + 1 < heap.length && (heap[child + 1] as Alarm).at < (heap[child] as Alarm).at) child++;
			if ((heap[child] as Alarm).at >= alarm.at) break;
			this.#put(heap[child] as Alarm, place);
			place = child;
		}
		this.#put(alarm, place);
	}

	#put(alarm: Alarm, place: number): void {
		this.#heap[place] = alarm;
		alarm.place = place;
	}
}
