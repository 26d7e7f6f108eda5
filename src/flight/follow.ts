// The event log as pages that go on: what a viewer has not seen yet is read from the log, so nothing is queued for it.

import { type EventPage, eventPage, type StatusSource } from '../status/index.ts';

export interface EventsObject extends EventPage {
	/** Whose log it is. */
	readonly self: string;
}

/** Events of so long a time come as one page, so that a storm of them costs a viewer ten pages a second. */
const GATHER_MS = 100;
/** A page, if need be an empty one, at least so often: silence means that the agent is stopped, or gone. */
const BEAT_MS = 5_000;

/** The page of the events after number `since`, at once, and with `follow` those of later ones until `stop`. */
export async function* eventPages(
	source: StatusSource,
	{ since, follow, stop }: { readonly since: number; readonly follow: boolean; readonly stop: AbortSignal },
): AsyncGenerator<EventsObject> {
	const self = source.self.name;
	const bell = follow ? new Bell(source, stop) : undefined;
	try {
		let page = eventPage(source, since);
		yield { self, ...page };
		let sentAt = performance.now();
		while (bell && !stop.aborted) {
			await bell.rung(BEAT_MS);
			await bell.pause(GATHER_MS);
			page = eventPage(source, page.last);
			const beat = !stop.aborted && performance.now() - sentAt >= BEAT_MS;
			if (page.events.length === 0 && !page.missed && !beat) continue;
			yield { self, ...page };
			sentAt = performance.now();
		}
	} finally {
		bell?.hang();
	}
}

/** Rings when there are events. Every wait ends with `stop`. */
class Bell {
	readonly hang: () => void;
	readonly #stop: AbortSignal;
	#rang = false;
	#wake: (() => void) | undefined;

	constructor(source: StatusSource, stop: AbortSignal) {
		this.#stop = stop;
		this.hang = source.onEvent(() => {
			this.#rang = true;
			this.#wake?.();
		});
	}

	/** Until there has been an event since the last call, but no longer than this. */
	async rung(mostMs: number): Promise<void> {
		if (!this.#rang) {
			await this.#wait(mostMs, (wake) => {
				this.#wake = wake;
			});
		}
		this.#wake = undefined;
		this.#rang = false;
	}

	pause(ms: number): Promise<void> {
		return this.#wait(ms, () => undefined);
	}

	#wait(ms: number, wakeBy: (wake: () => void) => void): Promise<void> {
		if (this.#stop.aborted) return Promise.resolve();
		return new Promise((resolve) => {
			const end = (): void => {
				clearTimeout(timer);
				this.#stop.removeEventListener('abort', end);
				resolve();
			};
			const timer = setTimeout(end, ms);
			this.#stop.addEventListener('abort', end);
			wakeBy(end);
		});
	}
}
