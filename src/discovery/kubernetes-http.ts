// One request to an API server, with bounds: how long it may take, how much it may answer.

import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';

/** For the connection and the head of the answer. An API server sends the head of a watch at once. */
const HEAD_MS = 15_000;
const KEEP_ALIVE_MS = 30_000;

/**
 * Resolves with the head of the answer, whatever its status; the body ends, or breaks, within `withinMs`.
 * @throws {Error} with the code of the system, or ETIMEDOUT
 */
export async function respond(url: URL, options: RequestOptions, withinMs: number): Promise<IncomingMessage> {
	// Loaded by whoever asks: a node without this provider does without their memory.
	const { request: open } = url.protocol === 'http:' ? await import('node:http') : await import('node:https');
	return new Promise((resolve, reject) => {
		const request = open(url, options);
		const late = setTimeout(() => request.destroy(timedOut(HEAD_MS)), HEAD_MS);
		request.once('response', (response) => {
			clearTimeout(late);
			const endless = setTimeout(() => response.destroy(timedOut(withinMs)), withinMs);
			response.once('close', () => clearTimeout(endless));
			resolve(response);
		});
		request.once('close', () => clearTimeout(late));
		// A watch may be silent for a minute: without these packets, gateways on the way forget the connection.
		request.setSocketKeepAlive(true, KEEP_ALIVE_MS);
		// Stays when the answer has begun: what breaks the connection then is told here and by the body.
		request.on('error', reject);
		request.end();
	});
}

/** @throws {Error} when it is longer than `bytesMax` */
export async function bodyText(response: IncomingMessage, bytesMax: number): Promise<string> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > bytesMax) throw tooLong(bytesMax);
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString();
}

/**
 * The complete lines, as they come; one that a broken connection cut off is none.
 * @throws {Error} when a line is longer than `charactersMax`
 */
export async function* lines(
	body: AsyncIterable<Uint8Array>,
	charactersMax: number,
): AsyncGenerator<string, void, undefined> {
	const decoder = new TextDecoder();
	let rest = '';
	for await (const chunk of body) {
		const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
		rest = parts.pop() as string;
		for (const line of parts) if (line !== '') yield line;
		if (rest.length > charactersMax) throw tooLong(charactersMax);
	}
}

function timedOut(ms: number): Error {
	return Object.assign(new Error(`no answer within ${ms / 1_000} s`), { code: 'ETIMEDOUT' });
}

function tooLong(max: number): Error {
	return new Error(`the answer is longer than ${max} bytes`);
}
