// The live stream of a node: one look at it for all viewers, four times a second at most, and nothing at all without a viewer.

import {
	type LiveAbout,
	type LiveBeat,
	type LiveCursor,
	type LiveSnapshot,
	LiveView,
	type StatusSource,
} from '../status/index.ts';

export const MAX_VIEWERS = 16;
const TICK_MS = 250;
const BEAT_MS = 5_000;
/** A browser that lost us comes back after this. */
const RETRY_MS = 2_000;
/** Bytes that wait for a slow viewer; while more wait he is told nothing, and then all that is new at once. */
const VIEWER_BYTES = 256 * 1_024;
/** Whoever reads nothing for so long is let go. */
const PATIENCE_MS = 30_000;

interface Viewer {
	readonly controller: ReadableStreamDefaultController<Uint8Array>;
	/** How far he has come. */
	cursor: LiveCursor;
	/** Since when he takes nothing. */
	stuckSince: number | undefined;
}

/** What this has cost so far. */
export interface LiveWork {
	looks: number;
	serialisations: number;
}

export class LiveHub {
	readonly work: LiveWork = { looks: 0, serialisations: 0 };
	readonly #at: { readonly source: StatusSource };
	readonly #about: LiveAbout;
	#source: StatusSource;
	#view: LiveView;
	/** How often another source has taken the place of the one before. */
	#turns = 0;
	readonly #viewers = new Set<Viewer>();
	/** Texts of this tick, by the cursor that they continue. */
	readonly #texts = new Map<string, Uint8Array | undefined>();
	#timer: NodeJS.Timeout | undefined;
	#ticks = 0;
	#closed = false;

	/** Looks at `at.source`; once that is another one, as in a playback, all viewers begin anew with a snapshot of it. */
	constructor(at: { readonly source: StatusSource }, about: LiveAbout) {
		this.#at = at;
		this.#about = about;
		this.#source = at.source;
		this.#view = new LiveView(this.#source, about);
	}

	/** It takes nobody any more. */
	get closed(): boolean {
		return this.#closed;
	}

	get viewers(): number {
		return this.#viewers.size;
	}

	/** Everything at once, for whoever asks once. */
	snapshot(): LiveSnapshot {
		this.#look();
		return this.#view.snapshot();
	}

	/** A stream that continues the id, where that still joins on; `undefined` when all places are taken. */
	open(lastEventId: string | undefined): ReadableStream<Uint8Array> | undefined {
		if (this.#closed || this.#viewers.size >= MAX_VIEWERS) return undefined;
		let viewer: Viewer | undefined;
		return new ReadableStream<Uint8Array>(
			{
				start: (controller) => {
					viewer = this.#welcome(controller, lastEventId);
				},
				cancel: () => viewer && this.#leave(viewer),
			},
			new ByteLengthQueuingStrategy({ highWaterMark: VIEWER_BYTES }),
		);
	}

	/** Ends all streams. */
	close(): void {
		this.#closed = true;
		for (const viewer of [...this.#viewers]) {
			this.#leave(viewer);
			viewer.controller.close();
		}
	}

	#welcome(controller: Viewer['controller'], lastEventId: string | undefined): Viewer {
		if (this.#viewers.size === 0) this.#begin();
		const now = this.#look();
		const before = lastEventId === undefined ? undefined : cursorOf(lastEventId);
		const viewer: Viewer = { controller, cursor: now, stuckSince: undefined };
		this.#viewers.add(viewer);
		controller.enqueue(encode(`retry: ${RETRY_MS}\n\n`));
		controller.enqueue(this.#textFor(before, now) ?? this.#beat());
		return viewer;
	}

	#leave(viewer: Viewer): void {
		if (!this.#viewers.delete(viewer) || this.#viewers.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	#begin(): void {
		this.#ticks = 0;
		this.#timer = setInterval(() => this.#tick(), TICK_MS);
	}

	#tick(): void {
		const beat = ++this.#ticks % (BEAT_MS / TICK_MS) === 0;
		const now = this.#look();
		const beatText = beat ? this.#beat() : undefined;
		for (const viewer of [...this.#viewers]) this.#serve(viewer, now, beatText);
	}

	#serve(viewer: Viewer, now: LiveCursor, beat: Uint8Array | undefined): void {
		const { controller } = viewer;
		if ((controller.desiredSize ?? 0) <= 0) {
			viewer.stuckSince ??= this.#ticks;
			if ((this.#ticks - viewer.stuckSince) * TICK_MS < PATIENCE_MS) return;
			this.#leave(viewer);
			controller.error(new Error('the viewer reads nothing'));
			return;
		}
		viewer.stuckSince = undefined;
		const text = this.#textFor(viewer.cursor, now);
		if (text) {
			controller.enqueue(text);
			viewer.cursor = now;
		}
		if (beat) controller.enqueue(beat);
	}

	/** One look a turn of the event loop serves all who ask in it. */
	#look(): LiveCursor {
		this.work.looks++;
		this.#texts.clear();
		const { source } = this.#at;
		if (source !== this.#source) {
			this.#source = source;
			this.#view = new LiveView(source, this.#about, ++this.#turns);
		}
		return this.#view.refresh();
	}

	/** What leads from one cursor to the other: a delta, a snapshot where only that can tell, nothing when nothing is new. */
	#textFor(from: LiveCursor | undefined, to: LiveCursor): Uint8Array | undefined {
		const key = from ? idOf(from) : '';
		if (this.#texts.has(key)) return this.#texts.get(key);
		const delta = from && this.#view.since(from);
		const isNews = delta === undefined || Object.keys(delta).length > BARE_FIELDS;
		const [event, document] = delta ? ['delta', delta] : ['snapshot', this.#view.snapshot()];
		const text = isNews ? this.#write(event as string, document, to) : undefined;
		this.#texts.set(key, text);
		return text;
	}

	#beat(): Uint8Array {
		const { now, wallMs, events } = this.#source;
		return this.#write('beat', { at: wallMs(now()), seq: events.last } satisfies LiveBeat);
	}

	#write(event: string, document: unknown, cursor?: LiveCursor): Uint8Array {
		this.work.serialisations++;
		const id = cursor ? `id: ${idOf(cursor)}\n` : '';
		return encode(`event: ${event}\n${id}data: ${JSON.stringify(document)}\n\n`);
	}
}

/** `at` and `seq`, which every delta has. */
const BARE_FIELDS = 2;

function idOf({ seq, version, second, life }: LiveCursor): string {
	return `${seq}.${version}.${second}.${life}`;
}

/** `undefined` for anything that is no id of ours. */
function cursorOf(id: string): LiveCursor | undefined {
	const [, seq, version, second, life] = /^(\d{1,15})\.(\d{1,15})\.(-?\d{1,15})\.([0-9a-z_]{1,24})$/.exec(id) ?? [];
	if (life === undefined) return undefined;
	return { seq: Number(seq), version: Number(version), second: Number(second), life };
}

function encode(text: string): Uint8Array {
	return Buffer.from(text);
}
