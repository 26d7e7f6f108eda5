// The connection under simulated time: it resumes, notices silence, waits longer after each failure, and lets go when told.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Connection, type LiveDocument, LiveStream, SILENCE_MS } from './live-stream.ts';

interface Served {
	readonly headers: Record<string, string>;
	send(text: string): void;
	end(): void;
	readonly aborted: () => boolean;
}

/** A node that the test plays: every request is recorded and answered by hand. */
function world() {
	const requests: Served[] = [];
	const documents: LiveDocument[] = [];
	const states: Connection[] = [];
	let answer = async (): Promise<Response | undefined> => undefined;
	vi.useFakeTimers({ now: 1_000_000 });
	const fetch = async (
		_url: string,
		init: { headers: Record<string, string>; signal: AbortSignal },
	): Promise<Response> => {
		const early = await answer();
		if (early) return early;
		let controller!: ReadableStreamDefaultController<Uint8Array>;
		const body = new ReadableStream<Uint8Array>({
			start: (started) => {
				controller = started;
			},
		});
		init.signal.addEventListener('abort', () => controller.error(new Error('aborted')));
		requests.push({
			headers: init.headers,
			send: (text) => controller.enqueue(new TextEncoder().encode(text)),
			end: () => controller.close(),
			aborted: () => init.signal.aborted,
		});
		return new Response(body, { status: 200 });
	};
	const after = (ms: number, run: () => void): (() => void) => {
		const timer = setTimeout(run, ms);
		return () => clearTimeout(timer);
	};
	const stream = new LiveStream(
		'./live',
		{ fetch, now: Date.now, after },
		(d) => documents.push(d),
		(c) => states.push(c),
	);
	const refuse = (make: (() => Response | Error) | undefined): void => {
		answer = async () => {
			const made = make?.();
			if (made instanceof Error) throw made;
			return made;
		};
	};
	return {
		stream,
		requests,
		documents,
		refuse,
		state: () => states.at(-1)!,
		pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
	};
}

afterEach(() => {
	vi.useRealTimers();
});

const BEAT = 'id: 5.a.9\nevent: beat\ndata: {"at":1,"seq":5}\n\n';

describe('the live stream', () => {
	it('tells documents, and that it is open', async () => {
		const { stream, requests, documents, state, pass } = world();
		stream.open();
		await pass(0);
		expect([requests.length, requests[0]?.headers, state().phase]).toEqual([
			1,
			{ Accept: 'text/event-stream' },
			'connecting',
		]);
		requests[0]?.send(BEAT);
		await pass(0);
		expect(documents).toEqual([{ kind: 'beat', beat: { at: 1, seq: 5 } }]);
		expect(state()).toMatchObject({ phase: 'open', lostAt: undefined, heardAt: Date.now() });
	});

	it('resumes after the stream ended, with the id of what it has', async () => {
		const { stream, requests, state, pass } = world();
		stream.open();
		await pass(0);
		requests[0]?.send(BEAT);
		await pass(0);
		requests[0]?.end();
		await pass(0);
		expect(state()).toMatchObject({ phase: 'waiting', nextTryAt: Date.now() + 500, lostAt: Date.now() });
		await pass(500);
		expect(requests[1]?.headers['Last-Event-ID']).toBe('5.a.9');
		requests[1]?.send(BEAT);
		await pass(0);
		expect(state().phase).toBe('open');
	});

	it('gives up a connection that says nothing for 12 s, and opens another', async () => {
		const { stream, requests, state, pass } = world();
		stream.open();
		await pass(0);
		requests[0]?.send(BEAT);
		await pass(SILENCE_MS - 1);
		expect(state().phase).toBe('open');
		await pass(1);
		expect([state().phase, requests[0]?.aborted()]).toEqual(['waiting', true]);
		await pass(500);
		expect(requests.length).toBe(2);
	});

	it('waits twice as long after each failure, five seconds at most, and says what the node said', async () => {
		const { stream, state, pass, refuse, requests } = world();
		refuse(() => Response.json({ error: '16 pages already watch this node' }, { status: 503 }));
		stream.open();
		const waits: number[] = [];
		for (let i = 0; i < 6; i++) {
			await pass(0);
			waits.push(state().nextTryAt - Date.now());
			await pass(waits.at(-1)!);
		}
		expect(waits).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
		expect(state().reason).toBe('16 pages already watch this node.');
		refuse(undefined);
		stream.open();
		await pass(0);
		requests[0]?.send(BEAT);
		await pass(0);
		expect(state()).toMatchObject({ phase: 'open', reason: undefined });
	});

	it('keeps the last word of a node that then answers no more', async () => {
		const { stream, state, pass, refuse } = world();
		refuse(() => Response.json({ error: 'this node is shutting down' }, { status: 503 }));
		stream.open();
		await pass(0);
		refuse(() => new TypeError('fetch failed'));
		await pass(500);
		expect(state()).toMatchObject({ phase: 'waiting', reason: 'This node is shutting down.' });
		stream.close();
	});

	it('lets go when nobody looks, and counts no silence then', async () => {
		const { stream, requests, state, pass } = world();
		stream.open();
		await pass(0);
		requests[0]?.send(BEAT);
		await pass(0);
		stream.close();
		expect([state().phase, requests[0]?.aborted()]).toEqual(['closed', true]);
		await pass(600_000);
		expect(requests.length).toBe(1);
		stream.open();
		await pass(0);
		expect(state()).toMatchObject({ phase: 'connecting', heardAt: Date.now(), lostAt: undefined });
		expect(requests[1]?.headers['Last-Event-ID']).toBe('5.a.9');
	});
});
