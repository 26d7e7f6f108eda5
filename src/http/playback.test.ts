// The transport of a playback over a connection: what it tells, what it obeys, and that viewers follow when another view is shown.

import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, serve } from '../../test/support/http-server.ts';
import { testFacts, testMember, testSource } from '../../test/support/status-source.ts';
import type { LivePlayback, PlaybackCommand } from '../status/index.ts';
import type { PlaybackDoor } from './playback.ts';
import { createHttpServer, type HttpServerOptions } from './server.ts';

afterEach(closeServers);

const STATE: LivePlayback = {
	positionMs: 5_000,
	durationMs: 60_000,
	playing: false,
	speed: 1,
	seeking: false,
	seenFrom: 'a',
	everyone: false,
	differing: [],
};

function door(): PlaybackDoor & { readonly commands: PlaybackCommand[] } {
	const commands: PlaybackCommand[] = [];
	return {
		commands,
		document: {
			origin: 'simulated',
			title: 'Simulated, seed 7',
			durationMs: 60_000,
			beganAt: 1_700_000_000_000,
			nodes: ['a', 'b'],
			marks: [{ atMs: 5_100, member: 'b', to: 'suspect' }],
			marksDropped: 0,
		},
		get state() {
			return { ...STATE, playing: commands.at(-1)?.play ?? false };
		},
		command(command) {
			if (command.speed === 0) throw new RangeError('speed: a number from 1 to 100');
			commands.push(command);
		},
	};
}

function post(address: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
	return fetch(`http://${address}/api/v1/playback`, {
		method: 'POST',
		body,
		headers: { 'Content-Type': 'application/json', ...headers },
	});
}

describe('a playback', () => {
	it('tells what is played, and how far it is', async () => {
		const playback = door();
		const { address } = await serve({ playback, origin: 'simulated' });
		const document = await (await fetch(`http://${address}/api/v1/playback`)).json();
		expect(document).toEqual({ schema: 1, ...playback.document });
		const snapshot = await (await fetch(`http://${address}/api/v1/status`)).json();
		expect(snapshot).toMatchObject({ node: { origin: 'simulated' }, playback: STATE });
	});

	it('obeys, and answers with its new state', async () => {
		const playback = door();
		const { address } = await serve({ playback });
		const response = await post(address, '{"play":true,"speed":10}');
		expect([response.status, await response.json()]).toEqual([200, { ...STATE, playing: true }]);
		expect(playback.commands).toEqual([{ play: true, speed: 10 }]);
	});

	it.each([
		['no object', '[]', {}, 400, 'a command is a JSON object'],
		['no JSON', '{"play"', {}, 400, 'a command is a JSON object'],
		['a speed that it has not', '{"speed":0}', {}, 400, 'speed: a number from 1 to 100'],
		['a form', 'play=true', { 'Content-Type': 'text/plain' }, 415, 'Content-Type: application/json'],
		['another site', '{"play":true}', { 'Sec-Fetch-Site': 'cross-site' }, 403, 'another site'],
		['a large body', `{"x":"${'x'.repeat(5_000)}"}`, {}, 413, '4096 at most'],
	])('refuses %s', async (_, body, headers, status, error) => {
		const playback = door();
		const { address } = await serve({ playback });
		const response = await post(address, body, headers);
		expect(response.status).toBe(status);
		expect(((await response.json()) as { error: string }).error).toContain(error);
		expect(playback.commands).toEqual([]);
	});

	it('is nothing that a living node has', async () => {
		const { address } = await serve();
		expect((await fetch(`http://${address}/api/v1/playback`)).status).toBe(404);
		expect((await post(address, '{"play":true}')).status).toBe(405);
		expect(await (await fetch(`http://${address}/api/v1/status`)).json()).not.toHaveProperty('playback');
	});

	it('has no metrics, and says so', async () => {
		await using server = await bare({ source: testSource([testMember('a')]) });
		expect((await fetch(`http://${server.address}/metrics`)).status).toBe(404);
	});
});

/** A service without metrics, over a source that may be another one at each request. */
async function bare(
	views: Pick<HttpServerOptions, 'source' | 'playback'>,
): Promise<{ readonly address: string } & AsyncDisposable> {
	const options = { ready: () => ({ ready: true, reasons: [] }), facts: testFacts, address: '127.0.0.1:0' };
	const server = await createHttpServer(Object.assign(views, options));
	return { address: server.address, [Symbol.asyncDispose]: () => server.close() };
}

describe('viewers of a playback', () => {
	it('get a snapshot as soon as another source is shown', async () => {
		const sources = [testSource([testMember('a'), testMember('b')]), testSource([testMember('b'), testMember('a')])];
		let shown = 0;
		await using server = await bare({
			get source() {
				return sources[shown] as (typeof sources)[0];
			},
			playback: door(),
		});
		const { address } = server;
		const abort = new AbortController();
		const response = await fetch(`http://${address}/api/v1/live`, { signal: abort.signal });
		const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
		let text = '';
		const names = (): string[] =>
			Array.from(text.matchAll(/event: snapshot\n.*\n.*?"node":\{"name":"(\w)"/g), ([, n]) => n ?? '');
		const read = async (count: number): Promise<void> => {
			while (names().length < count) {
				const { value, done } = await reader.read();
				if (done) throw new Error(`the stream ended after ${text}`);
				text += value;
			}
		};
		await read(1);
		shown = 1;
		await read(2);
		expect(names()).toEqual(['a', 'b']);
		const ids = Array.from(text.matchAll(/^id: (.*)$/gm), ([, id]) => id);
		expect(new Set(ids.map((id) => id?.split('.').at(-1))).size).toBe(2);
		abort.abort();
	});
});
