// Tests of the bounds of a request: lines in any chunks, lengths that are too long, servers that never answer.

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { bodyText, lines, respond } from './kubernetes-http.ts';

const servers: Server[] = [];

afterEach(() => {
	for (const server of servers.splice(0)) {
		server.close();
		server.closeAllConnections();
	}
});

async function serve(listener: RequestListener): Promise<URL> {
	const server = createServer(listener).listen(0, '127.0.0.1');
	servers.push(server);
	await once(server, 'listening');
	return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

async function read(chunks: readonly Uint8Array[], charactersMax = 100): Promise<string[]> {
	const found: string[] = [];
	const body = (async function* () {
		yield* chunks;
	})();
	for await (const line of lines(body, charactersMax)) found.push(line);
	return found;
}

describe('lines', () => {
	it('come the same in whatever chunks, and the last one only when it is complete', async () => {
		const bytes = new TextEncoder().encode('{"a":"ä€𝄞"}\n\n{"b":2}\n{"cut off":');
		const cuts = [...bytes.keys()];
		for (const cut of cuts) {
			expect(await read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['{"a":"ä€𝄞"}', '{"b":2}']);
		}
		expect(await read(cuts.map((i) => bytes.subarray(i, i + 1)))).toEqual(['{"a":"ä€𝄞"}', '{"b":2}']);
	});

	it('end with an error when one is too long', async () => {
		await expect(read([new Uint8Array(101).fill(97)])).rejects.toThrow('longer than 100 bytes');
	});
});

describe('a request', () => {
	it('answers with any status', async () => {
		const url = await serve((_, response) => response.writeHead(403).end('no'));
		const response = await respond(url, {}, 5_000);
		expect([response.statusCode, await bodyText(response, 10)]).toEqual([403, 'no']);
	});

	it('refuses a body that is too long', async () => {
		const url = await serve((_, response) => response.end('x'.repeat(1_000)));
		await expect(bodyText(await respond(url, {}, 5_000), 999)).rejects.toThrow('longer than 999 bytes');
	});

	it('breaks a body that does not end in time, with the code of a timeout', async () => {
		const url = await serve((_, response) => response.writeHead(200).write('begun'));
		const response = await respond(url, {}, 50);
		await expect(bodyText(response, 10)).rejects.toMatchObject({
			code: 'ETIMEDOUT',
			message: 'no answer within 0.05 s',
		});
	});

	it('ends at an abort before the answer, and during it', async () => {
		const silent = await serve(() => undefined);
		await expect(respond(silent, { signal: AbortSignal.timeout(50) }, 5_000)).rejects.toThrow(/abort/);
		const endless = await serve((_, response) => response.writeHead(200).write('begun'));
		const response = await respond(endless, { signal: AbortSignal.timeout(50) }, 5_000);
		await expect(bodyText(response, 10)).rejects.toThrow(/abort/);
	});
});
