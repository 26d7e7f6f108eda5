// A gRPC call against servers that behave, misbehave and vanish: what the caller is told of each.

import { once } from 'node:events';
import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../test/support/agent-process.ts';
import { until } from '../../test/support/until.ts';
import { type GrpcCallOptions, GrpcConnection } from './grpc-call.ts';

const closers: (() => void)[] = [];
afterEach(() => {
	for (const close of closers.splice(0)) close();
});

async function listening(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	closers.push(() => server.close());
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server of HTTP/2 whose every stream is answered so. */
function answering(answer: (stream: ServerHttp2Stream) => void): Promise<string> {
	const server = createHttp2Server();
	server.on('session', (session) => closers.push(() => session.destroy()));
	server.on('stream', (stream) => {
		stream.on('error', () => undefined); // the caller may cut it off
		answer(stream);
	});
	return listening(server as unknown as Server);
}

const HEAD = { ':status': 200, 'content-type': 'application/grpc' };

/** Answers with these bytes and then with that status. */
function sending(bytes: readonly Buffer[], trailers: Record<string, string>): Promise<string> {
	return answering((stream) => {
		stream.respond(HEAD, { waitForTrailers: true });
		stream.on('wantTrailers', () => stream.sendTrailers(trailers));
		for (const part of bytes) stream.write(part);
		stream.end();
	});
}

function grpcCall(
	address: string,
	message: string,
	options: Partial<GrpcCallOptions> = {},
): AsyncGenerator<Buffer, void, undefined> {
	const connection = new GrpcConnection(address);
	closers.push(() => connection.close());
	return connection.call('/a.B/C', Buffer.from(message), { timeoutMs: 10_000, ...options });
}

async function collect(address: string, options: Partial<GrpcCallOptions> = {}): Promise<string[]> {
	const texts: string[] = [];
	for await (const message of grpcCall(address, 'hello', options)) texts.push(String(message));
	return texts;
}

function framed(text: string): Buffer {
	const prefix = Buffer.alloc(5);
	prefix.writeUInt32BE(Buffer.byteLength(text), 1);
	return Buffer.concat([prefix, Buffer.from(text)]);
}

describe('messages', () => {
	it('come whole and in order, wherever the chunks end', async () => {
		const texts = ['one', '', 'x'.repeat(300), 'last'];
		const bytes = Buffer.concat(texts.map(framed));
		for (const size of [1, 2, 5, 7, 64, bytes.length]) {
			const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
				bytes.subarray(i * size, (i + 1) * size),
			);
			expect(await collect(await sending(parts, { 'grpc-status': '0' }))).toEqual(texts);
		}
	});

	it('that are larger than the window pass', async () => {
		const text = 'y'.repeat(3_000_000);
		expect((await collect(await sending([framed(text)], { 'grpc-status': '0' })))[0]?.length).toBe(text.length);
	});

	it('carry the path, the deadline and the token', async () => {
		let seen: Record<string, unknown> = {};
		const server = createHttp2Server();
		server.on('session', (session) => closers.push(() => session.destroy()));
		server.on('stream', (stream, headers) => {
			seen = headers;
			stream.respond({ ...HEAD, 'grpc-status': '0' }, { endStream: true });
		});
		expect(await collect(await listening(server as unknown as Server), { timeoutMs: 9_000, token: 'secret' })).toEqual(
			[],
		);
		expect(seen).toMatchObject({
			':path': '/a.B/C',
			':method': 'POST',
			te: 'trailers',
			'content-type': 'application/grpc',
			'grpc-timeout': '9000m',
			authorization: 'Bearer secret',
		});
	});
});

describe('the end of a call', () => {
	it.each([
		['a status', { 'grpc-status': '5', 'grpc-message': 'no member %22zo%C3%AB%22' }, 'NOT_FOUND', 'no member "zoë"'],
		['a status without a word', { 'grpc-status': '14' }, 'UNAVAILABLE', 'UNAVAILABLE'],
		['an unknown status', { 'grpc-status': '99', 'grpc-message': '100%' }, 'UNKNOWN', '100%'],
	])('%s', async (_case, trailers, code, message) => {
		await expect(collect(await sending([framed('{}')], trailers))).rejects.toMatchObject({ code, message });
	});

	it.each([
		[404, 'UNIMPLEMENTED'],
		[503, 'UNAVAILABLE'],
		[418, 'UNKNOWN'],
	])('HTTP status %i is %s', async (status, code) => {
		const address = await answering((stream) => stream.respond({ ':status': status }, { endStream: true }));
		await expect(collect(address)).rejects.toMatchObject({ code });
	});

	it('an answer that is no gRPC is UNIMPLEMENTED', async () => {
		const address = await answering((stream) => {
			stream.respond({ ':status': 200, 'content-type': 'text/html' });
			stream.end('<html>');
		});
		await expect(collect(address)).rejects.toMatchObject({ code: 'UNIMPLEMENTED' });
	});

	it.each([
		['compressed', Buffer.from([1, 0, 0, 0, 1, 7]), 'INTERNAL'],
		['too large', Buffer.from([0, 0xff, 0, 0, 0, 7]), 'RESOURCE_EXHAUSTED'],
	])('a frame that is %s is refused', async (_case, bytes, code) => {
		await expect(collect(await sending([bytes], { 'grpc-status': '0' }))).rejects.toMatchObject({ code });
	});

	it('a server that speaks HTTP/1 is told apart from an agent', async () => {
		const address = await listening(createHttp1Server((_, response) => response.end('hello')));
		await expect(collect(address)).rejects.toMatchObject({ name: 'FlightError', code: 'UNAVAILABLE' });
	});

	it('nobody there is UNAVAILABLE, with the reason of the system', async () => {
		await expect(collect(`127.0.0.1:${await freePort()}`)).rejects.toMatchObject({
			code: 'UNAVAILABLE',
			message: expect.stringContaining('ECONNREFUSED'),
		});
		await expect(collect('no-such-host.invalid:1')).rejects.toMatchObject({
			code: 'UNAVAILABLE',
			message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
		});
	});

	it('a connection that is cut in the middle is UNAVAILABLE', async () => {
		const address = await answering((stream) => {
			stream.respond(HEAD);
			stream.write(framed('first'), () => stream.session?.destroy());
		});
		await expect(collect(address)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
	});

	it.each([2, 7, 8, 11])('a stream that is reset with %i before its status is UNAVAILABLE', async (reset) => {
		const address = await answering((stream) => {
			stream.respond(HEAD);
			stream.close(reset);
		});
		await expect(collect(address)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
	});
});

describe('silence', () => {
	const silent = (): Promise<string> =>
		listening(createTcpServer((socket) => void socket.on('error', () => undefined).resume()));

	it('is DEADLINE_EXCEEDED where there is a deadline', async () => {
		await expect(collect(await silent(), { timeoutMs: 50 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
	});

	it('after the first answer of a call that goes on is noticed', async () => {
		const server = await answering((stream) => {
			stream.respond(HEAD);
			stream.write(framed('first'));
		});
		let stopped = false;
		const between = createTcpServer((socket) => {
			const upstream = connect(Number(server.split(':')[1]), '127.0.0.1');
			closers.push(
				() => socket.destroy(),
				() => upstream.destroy(),
			);
			upstream.pipe(socket);
			socket.on('error', () => undefined).on('data', (bytes) => stopped || upstream.write(bytes));
		});
		const texts: string[] = [];
		const read = async (): Promise<void> => {
			const options = { goesOn: true, keepAliveMs: 40 };
			for await (const message of grpcCall(await listening(between), '', options)) {
				texts.push(String(message));
				stopped = true;
			}
		};
		await expect(read()).rejects.toMatchObject({
			code: 'UNAVAILABLE',
			message: expect.stringContaining('sign of life'),
		});
		expect(texts).toEqual(['first']);
	});

	it('of a server that still answers pings is patience', async () => {
		let stream: ServerHttp2Stream | undefined;
		let pings = 0;
		const server = createHttp2Server();
		server.on('session', (session) => {
			session.on('ping', () => pings++);
			closers.push(() => session.destroy());
		});
		server.on('stream', (opened) => {
			stream = opened;
			opened.respond(HEAD, { waitForTrailers: true });
			opened.on('wantTrailers', () => opened.sendTrailers({ 'grpc-status': '0' }));
			opened.write(framed('first'));
		});
		const options = { goesOn: true, timeoutMs: 5_000, keepAliveMs: 200 };
		const answers = collect(await listening(server as unknown as Server), options);
		await until('five pings came', () => pings >= 5);
		stream?.end(framed('late'));
		expect(await answers).toEqual(['first', 'late']);
	});
});

describe('the caller', () => {
	it('ends a call with its signal, and is told of no error', async () => {
		const stop = new AbortController();
		const address = await answering((stream) => {
			stream.respond(HEAD);
			stream.write(framed('first'));
		});
		const texts: string[] = [];
		for await (const message of grpcCall(address, '', { signal: stop.signal })) {
			texts.push(String(message));
			stop.abort();
		}
		expect(texts).toEqual(['first']);
		expect(await collect(address, { signal: stop.signal })).toEqual([]);
	});

	it('ends it by asking no further, and the server learns of it', async () => {
		let closed = false;
		const address = await answering((stream) => {
			stream.on('close', () => {
				closed = true;
			});
			stream.respond(HEAD);
			stream.write(framed('first'));
		});
		for await (const message of grpcCall(address, '')) {
			expect(String(message)).toBe('first');
			break;
		}
		await until('the server learns of it', () => closed);
	});
});

describe('a connection', () => {
	it('is shared by calls, also at one time, and made again when it was lost', async () => {
		const sessions: ServerHttp2Session[] = [];
		const server = createHttp2Server();
		server.on('session', (session) => {
			sessions.push(session);
			closers.push(() => session.destroy());
		});
		server.on('stream', (stream) => {
			stream.respond(HEAD, { waitForTrailers: true });
			stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
			stream.end(framed('yes'));
		});
		const connection = new GrpcConnection(await listening(server as unknown as Server));
		closers.push(() => connection.close());
		const ask = async (): Promise<string[]> => {
			const texts: string[] = [];
			for await (const message of connection.call('/a.B/C', Buffer.from(''), { timeoutMs: 10_000 }))
				texts.push(String(message));
			return texts;
		};
		expect(await Promise.all([ask(), ask(), ask()])).toEqual([['yes'], ['yes'], ['yes']]);
		expect(await ask()).toEqual(['yes']);
		expect(sessions).toHaveLength(1);
		sessions[0]?.destroy();
		const again = await ask().catch(ask);
		expect(again).toEqual(['yes']);
		expect(sessions).toHaveLength(2);
	});
});
