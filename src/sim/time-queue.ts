// Simulated time: what is to happen, in order; among equals, first planned, first done.

/** Milliseconds of simulated time since the start of the run. */
export type SimTime = number;

interface Task {
	readonly at: SimTime;
	readonly order: number;
	readonly run: () => void;
}

/** A binary heap by (time, order of planning), so that a run never depends on anything but its seed. */
export class TimeQueue {
	readonly #heap: Task[] = [];
	#planned = 0;
	#now: SimTime = 0;

	/** Milliseconds since the beginning. */
	get now(): SimTime {
		return this.#now;
	}

	/** Tasks that wait. */
	get size(): number {
		return this.#heap.length;
	}

	/** Plans a task; one in the past happens now. */
	at(time: SimTime, run: () => void): void {
		this.#push({ at: Math.max(time, this.#now), order: this.#planned++, run });
	}

	/** Plans a task for so many milliseconds from now. */
	after(durationMs: number, run: () => void): void {
		this.at(this.#now + durationMs, run);
	}

	/** Runs tasks until the time has come or `done` says so after one of them. True when `done` did. */
	runUntil(time: SimTime, done: () => boolean = () => false): boolean {
		while (!done()) {
			const next = this.#heap[0];
			if (!next || next.at > time) {
				this.#now = Math.max(this.#now, time);
				return done();
			}
			this.#pop();
			this.#now = next.at;
			next.run();
		}
		return true;
	}

	#push(task: Task): void {
		const heap = this.#heap;
		let at = heap.length;
		heap.push(task);
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if (!before(task, heap[parent]!)) break;
			heap[at] = heap[parent]!;
			at = parent;
		}
		heap[at] = task;
	}

	#pop(): void {
		const heap = this.#heap;
		const last = heap.pop()!;
		if (heap.length === 0) return;
		let at = 0;
		for (;;) {
			let child = at * 2 + 1;
			if (child >= heap.length) break;
			if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
			if (!before(heap[child]!, last)) break;
			heap[at] = heap[child]!;
			at = child;
		}
		heap[at] = last;
	}
}

function before(a: Task, b: Task): boolean {
	return a.at < b.at || (a.at === b.at && a.order < b.order);
}
