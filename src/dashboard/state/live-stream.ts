// The connection to the node: opens the live stream, keeps it, notices silence, tries again, and lets go while nobody looks.

import type { LiveBeat, LiveDelta, LiveSnapshot } from '../../status/index.ts';
import { type SseEvent, SseParser } from './sse.ts';

export type LiveDocument =
	| { readonly kind: 'snapshot'; readonly snapshot: LiveSnapshot }
	| { readonly kind: 'delta'; readonly delta: LiveDelta }
	| { readonly kind: 'beat'; readonly beat: LiveBeat };

/** What the page needs to say about the connection. */
export interface Connection {
	/** `closed`: on purpose, nobody looks. */
	readonly phase: 'connecting' | 'open' | 'waiting' | 'closed';
	/** When the next try is, while waiting. */
	readonly nextTryAt: number;
	/** Why the last try failed, as a sentence; undefined when it just ended. */
	readonly reason: string | undefined;
	/** Since when there has been no stream, or the silence is counted from. */
	readonly lostAt: number | undefined;
	/** The latest document, or the latest deliberate opening: silence is counted from it. */
	readonly heardAt: number;
}

/** The world around it: what a browser gives, and a test replaces. */
export interface StreamWorld {
	readonly fetch: (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;
	readonly now: () => number;
	readonly after: (ms: number, run: () => void) => () => void;
}

/** Two beats missed and a little: the connection is lost, whatever TCP thinks. */
export const SILENCE_MS = 12_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;

/** All methods may be called at any time; documents and states are told in order. */
export class LiveStream {
	readonly #url: string;
	readonly #world: StreamWorld;
	readonly #onDocument: (document: LiveDocument) => void;
	readonly #onConnection: (connection: Connection) => void;
	#abort: AbortController | undefined;
	#cancel: () => void = () => undefined;
	#lastId = '';
	#failures = 0;
	#connection: Connection;

	constructor(
		url: string,
		world: StreamWorld,
		onDocument: (document: LiveDocument) => void,
		onConnection: (connection: Connection) => void,
	) {
		this.#url = url;
		this.#world = world;
		this.#onDocument = onDocument;
		this.#onConnection = onConnection;
		const heardAt = world.now();
		this.#connection = { phase: 'closed', nextTryAt: 0, reason: undefined, lostAt: undefined, heardAt };
	}

	/** Opens, or tries again at once. */
	open(): void {
		const { phase } = this.#connection;
		if (phase === 'open' || phase === 'connecting') return;
		if (phase === 'closed') this.#tell({ heardAt: this.#world.now(), lostAt: undefined, reason: undefined });
		this.#stop();
		this.#tell({ phase: 'connecting', nextTryAt: 0 });
		const abort = new AbortController();
		this.#abort = abort;
		this.#watch();
		this.#read(abort).catch((error: unknown) => {
			if (this.#abort === abort) this.#lose(error instanceof StreamRefused ? error.message : undefined);
		});
	}

	close(): void {
		this.#stop();
		this.#tell({ phase: 'closed' });
	}

	async #read(abort: AbortController): Promise<void> {
		const headers: Record<string, string> = { Accept: 'text/event-stream' };
		if (this.#lastId !== '') headers['Last-Event-ID'] = this.#lastId;
		const response = await this.#world.fetch(this.#url, { headers, signal: abort.signal });
		if (!response.ok || response.body === null) throw new StreamRefused(await refusal(response));
		const parser = new SseParser();
		const text = response.body.pipeThrough(new TextDecoderStream());
		for await (const piece of chunksOf(text)) {
			if (this.#abort !== abort) return;
			for (const event of parser.push(piece)) this.#take(event);
		}
		throw new Error('The stream ended.');
	}

	#take({ event, data, id }: SseEvent): void {
		const document = documentOf(event, data);
		if (document === undefined) return;
		this.#lastId = id;
		this.#failures = 0;
		this.#tell({ phase: 'open', heardAt: this.#world.now(), lostAt: undefined, reason: undefined });
		this.#watch();
		this.#onDocument(document);
	}

	/** Silence ends a connection that looks open. */
	#watch(): void {
		this.#cancel();
		this.#cancel = this.#world.after(SILENCE_MS, () => this.#lose());
	}

	/** Without a `reason` the last word of the node stands: what was told as lost is not live again because nobody answers. */
	#lose(reason: string | undefined = this.#connection.reason): void {
		this.#stop();
		const now = this.#world.now();
		const waitMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
		this.#failures++;
		const lostAt = this.#connection.lostAt ?? now;
		this.#tell({ phase: 'waiting', nextTryAt: now + waitMs, reason, lostAt });
		this.#cancel = this.#world.after(waitMs, () => this.open());
	}

	#stop(): void {
		this.#cancel();
		const abort = this.#abort;
		this.#abort = undefined;
		abort?.abort();
	}

	#tell(change: Partial<Connection>): void {
		this.#connection = { ...this.#connection, ...change };
		this.#onConnection(this.#connection);
	}
}

/** The node answered, and said no. */
class StreamRefused extends Error {}

async function refusal(response: Response): Promise<string> {
	const body: unknown = await response.json().catch(() => undefined);
	const { error } = (body ?? {}) as { error?: unknown };
	if (typeof error !== 'string') return `The node answered ${response.status}.`;
	const sentence = error.charAt(0).toUpperCase() + error.slice(1);
	return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function documentOf(event: string, data: string): LiveDocument | undefined {
	switch (event) {
		case 'snapshot':
			return { kind: 'snapshot', snapshot: JSON.parse(data) as LiveSnapshot };
		case 'delta':
			return { kind: 'delta', delta: JSON.parse(data) as LiveDelta };
		case 'beat':
			return { kind: 'beat', beat: JSON.parse(data) as LiveBeat };
		default:
			return undefined; // of a newer node
	}
}

/** Safari has no async iterator on streams. */
async function* chunksOf<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
	const reader = stream.getReader();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			yield value;
		}
	} finally {
		reader.releaseLock();
	}
}
