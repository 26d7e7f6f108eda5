// One reader's queue of events, bounded: a reader that lags too far behind is told so and ends.

import type { MeshEvent } from '../swim/index.ts';
import { MeshError } from './errors.ts';

export const MAX_LAG = 10_000;

type Result = IteratorResult<MeshEvent, undefined>;

export class EventStream implements AsyncIterableIterator<MeshEvent, undefined> {
	readonly #ended: () => void;
	#queue: MeshEvent[] = [];
	#waiters: ((result: Result) => void)[] = [];
	#error: MeshError | undefined;
	#open = true;

	/** `ended` is called once, when nothing more is taken. */
	constructor(ended: () => void) {
		this.#ended = ended;
	}

	push(event: MeshEvent): void {
		if (!this.#open) return;
		const waiter = this.#waiters.shift();
		if (waiter) waiter({ done: false, value: event });
		else this.#queue.push(event);
		if (this.#queue.length <= MAX_LAG) return;
		// What the reader missed is gone either way; memory is given back at once.
		this.#queue = [];
		this.#error = new MeshError('MESH_LAGGED', `a reader of events is more than ${MAX_LAG} behind`);
		this.end();
	}

	/** What is queued can still be read. */
	end(): void {
		if (!this.#open) return;
		this.#open = false;
		for (const waiter of this.#waiters.splice(0)) waiter({ done: true, value: undefined });
		this.#ended();
	}

	next(): Promise<Result> {
		const value = this.#queue.shift();
		if (value !== undefined) return Promise.resolve({ done: false, value });
		const error = this.#error;
		this.#error = undefined;
		if (error) return Promise.reject(error);
		if (!this.#open) return Promise.resolve({ done: true, value: undefined });
		return new Promise((resolve) => this.#waiters.push(resolve));
	}

	return(): Promise<Result> {
		this.#queue = [];
		this.end();
		return Promise.resolve({ done: true, value: undefined });
	}

	[Symbol.asyncIterator](): this {
		return this;
	}
}
