// The latest events of a node, for whoever comes later or reads on: bounded.

import type { MeshEvent } from '../swim/index.ts';

/** Events that are kept. */
export const EVENT_LOG_LIMIT = 2_000;

export interface LoggedEvents {
	/** Oldest first, without refused input and probes. */
	readonly events: readonly MeshEvent[];
	/** Number of the node's newest event: what to ask from next. */
	readonly last: number;
	/** Events after the number asked for that are no longer kept: the page does not join on to it. */
	readonly missed: boolean;
}

export interface EventLogView {
	/** Number of the node's newest event. */
	readonly last: number;
	/** Events with a number above `since`. A number that the node has not reached yet, of an earlier life perhaps, is taken as 0. */
	after(since: number): LoggedEvents;
}

/** A ring of the latest 2,000 events. */
export class EventLog implements EventLogView {
	readonly #events: MeshEvent[] = [];
	/** Where the oldest stands once the ring is full. */
	#start = 0;
	#last = 0;
	/** Number of the newest event that was dropped. */
	#dropped = 0;

	/** Takes the next event of the node. */
	note(event: MeshEvent): void {
		this.#last = event.seq;
		if (event.type === 'rejected' || event.type === 'probe') return;
		if (this.#events.length < EVENT_LOG_LIMIT) {
			this.#events.push(event);
			return;
		}
		this.#dropped = this.#events[this.#start]!.seq;
		this.#events[this.#start] = event;
		this.#start = (this.#start + 1) % EVENT_LOG_LIMIT;
	}

	get last(): number {
		return this.#last;
	}

	after(since: number): LoggedEvents {
		const from = since > this.#last ? 0 : since;
		const events: MeshEvent[] = [];
		for (let i = 0; i < this.#events.length; i++) {
			const event = this.#events[(this.#start + i) % this.#events.length]!;
			if (event.seq > from) events.push(event);
		}
		return { events, last: this.#last, missed: since > this.#last || from < this.#dropped };
	}
}
