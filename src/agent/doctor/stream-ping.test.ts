// The ways in which a ping over TCP is answered, and the ways in which it is not.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMesh } from '../../mesh/index.ts';
import { createCodec } from '../../wire/index.ts';
import { pingStream } from './stream-ping.ts';

const WAIT_MS = 5_000;
const codec = createCodec({ packetBytes: 1_400 });

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

/** The port of a server that does this with each connection. */
async function serve(connected: (socket: Socket) => void): Promise<number> {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => sockets.delete(socket));
		connected(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	closers.push(async () => {
		for (const socket of sockets) socket.destroy();
		server.close();
		await once(server, 'close');
	});
	return (server.address() as AddressInfo).port;
}

const ping = (port: number, waitMs = WAIT_MS) => pingStream(codec, { host: '127.0.0.1', port }, 'a', waitMs);

describe('pingStream', () => {
	it('answered: by a member; hung-up: by a member with another label', async () => {
		const options = { name: 'a', bindHost: '127.0.0.1', port: 0 };
		const [a, other] = await Promise.all([createMesh(options), createMesh({ ...options, label: 'x' })]);
		closers.push(
			() => a.close(),
			() => other.close(),
		);
		expect(await ping(a.address.port)).toBe('answered');
		expect(await ping(other.address.port)).toBe('hung-up');
	});

	it('refused: nobody listens', async () => {
		const port = await serve((socket) => socket.destroy());
		await closers.pop()?.();
		expect(await ping(port)).toBe('refused');
	});

	it('silent: a process that does not run', async () => {
		expect(await ping(await serve(() => undefined), 50)).toBe('silent');
	});

	it('hung-up: another protocol', async () => {
		expect(await ping(await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))).toBe('hung-up');
		expect(await ping(await serve((socket) => socket.resetAndDestroy()))).toBe('hung-up');
	});
});
