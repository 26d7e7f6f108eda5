// Simulated time: what is to happen, in order; among equals, first planned, first done.

/** Milliseconds of simulated time since the start of the run. */
export type SimTime = number;

/** What happens at an instant. One object may be planned any number of times. */
export interface Task {
	run(): void;
}

const INITIAL_CAPACITY = 64;
/** Children of a node of the heap: four beside each other lie in one line of the processor's cache, or two. */
const ARITY = 4;

/**
 * A heap by (time, order of planning), so that a run never depends on anything but its seed. Its keys are two columns of
 * numbers: to compare them touches no task.
 */
export class TimeQueue {
	#times: Float64Array = new Float64Array(INITIAL_CAPACITY);
	#orders: Float64Array = new Float64Array(INITIAL_CAPACITY);
	readonly #tasks: (Task | undefined)[] = [];
	#size = 0;
	#planned = 0;
	#now: SimTime = 0;

	/** Milliseconds since the beginning. */
	get now(): SimTime {
		return this.#now;
	}

	/** Tasks that wait. */
	get size(): number {
		return this.#size;
	}

	/** Plans a call; one in the past happens now. */
	at(time: SimTime, run: () => void): void {
		this.plan(time, { run });
	}

	/** Plans a call for so many milliseconds from now. */
	after(durationMs: number, run: () => void): void {
		this.at(this.#now + durationMs, run);
	}

	/** Plans a task; one in the past happens now. */
	plan(time: SimTime, task: Task): void {
		if (this.#size === this.#times.length) this.#grow();
		const at = Math.max(time, this.#now);
		// The newest is behind all of the same time, so only the time decides.
		let place = this.#size++;
		while (place > 0) {
			const parent = ((place - 1) / ARITY) | 0;
			if (this.#times[parent]! <= at) break;
			this.#move(parent, place);
			place = parent;
		}
		this.#times[place] = at;
		this.#orders[place] = this.#planned++;
		this.#tasks[place] = task;
	}

	/** Runs tasks until the time has come or `done` says so after one of them. True when `done` did. */
	runUntil(time: SimTime, done?: () => boolean): boolean {
		while (!done?.()) {
			if (this.#size === 0 || this.#times[0]! > time) {
				this.#now = Math.max(this.#now, time);
				return done?.() ?? false;
			}
			this.#now = this.#times[0]!;
			this.#take().run();
		}
		return true;
	}

	/** Takes the first task; the last one sinks from its place. */
	#take(): Task {
		const first = this.#tasks[0]!;
		const last = --this.#size;
		const time = this.#times[last]!;
		const order = this.#orders[last]!;
		let place = 0;
		for (;;) {
			const child = this.#firstOf(place * ARITY + 1, Math.min(place * ARITY + ARITY + 1, last));
			if (child < 0 || !this.#isBefore(child, time, order)) break;
			this.#move(child, place);
			place = child;
		}
		this.#times[place] = time;
		this.#orders[place] = order;
		this.#tasks[place] = this.#tasks[last];
		this.#tasks[last] = undefined;
		return first;
	}

	/** Which of the places [from, to) comes first; -1 when there are none. */
	#firstOf(from: number, to: number): number {
		let first = from < to ? from : -1;
		for (let place = from + 1; place < to; place++) {
			if (this.#isBefore(place, this.#times[first]!, this.#orders[first]!)) first = place;
		}
		return first;
	}

	#isBefore(place: number, time: SimTime, order: number): boolean {
		const at = this.#times[place]!;
		return at < time || (at === time && this.#orders[place]! < order);
	}

	#move(from: number, to: number): void {
		this.#times[to] = this.#times[from]!;
		this.#orders[to] = this.#orders[from]!;
		this.#tasks[to] = this.#tasks[from];
	}

	#grow(): void {
		const [times, orders] = [this.#times, this.#orders];
		this.#times = new Float64Array(2 * times.length);
		this.#orders = new Float64Array(2 * orders.length);
		this.#times.set(times);
		this.#orders.set(orders);
	}
}
