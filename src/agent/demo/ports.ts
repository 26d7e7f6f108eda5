// Free ports on loopback for the demo: the usual ones, or the next that nobody holds.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/** First port from `from` on that is free for TCP, and for UDP if asked, and not in `taken`; it is added there. */
export async function freePort(from: number, taken: Set<number>, options: { udp?: boolean } = {}): Promise<number> {
	for (let port = from; port < 65_536; port++) {
		if (taken.has(port) || !(await tcpFree(port)) || (options.udp && !(await udpFree(port)))) continue;
		taken.add(port);
		return port;
	}
	throw new RangeError(`no free port from ${from} on`);
}

function tcpFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)));
	});
}

function udpFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = createSocket('udp4');
		socket.once('error', () => socket.close(() => resolve(false)));
		socket.bind({ address: HOST, port, exclusive: true }, () => socket.close(() => resolve(true)));
	});
}
