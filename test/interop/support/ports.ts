// Ports of the loopback interface that are free for UDP and TCP alike.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

const given = new Set<number>();

/** A port that was free a moment ago and is given to nobody else in this process. */
export async function freePort(): Promise<number> {
	for (;;) {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const free = !given.has(port) && (await isFreeForPackets(port));
		server.close();
		await once(server, 'close');
		if (!free) continue;
		given.add(port);
		return port;
	}
}

function isFreeForPackets(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = createSocket('udp4');
		socket.once('error', () => socket.close(() => resolve(false)));
		socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
	});
}
