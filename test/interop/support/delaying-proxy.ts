// A slow path on loopback: datagrams to its port reach another port later, and so do the answers.

import { createSocket, type Socket } from 'node:dgram';

export interface DelayingProxy {
	readonly port: number;
	close(): Promise<void>;
}

/** Delays each way by `delayMs`. Every sender has a socket of its own behind the proxy, as behind NAT. */
export async function startDelayingProxy(targetPort: number, delayMs: number): Promise<DelayingProxy> {
	const front = await bound();
	const backs = new Map<number, Promise<Socket>>();
	const timers = new Set<NodeJS.Timeout>();
	const later = (send: () => void): void => {
		const timer = setTimeout(() => {
			timers.delete(timer);
			send();
		}, delayMs);
		timers.add(timer);
	};
	const backFor = (port: number): Promise<Socket> => {
		const known = backs.get(port);
		if (known) return known;
		const made = bound().then((back) =>
			back.on('message', (bytes) => later(() => front.send(bytes, port, '127.0.0.1'))),
		);
		backs.set(port, made);
		return made;
	};
	front.on('message', (bytes, { port }) => {
		void backFor(port).then((back) => later(() => back.send(bytes, targetPort, '127.0.0.1')));
	});
	return {
		port: front.address().port,
		close: async () => {
			for (const timer of timers) clearTimeout(timer);
			front.close();
			for (const back of await Promise.all(backs.values())) back.close();
		},
	};
}

function bound(): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = createSocket('udp4');
		socket.once('error', reject);
		socket.bind(0, '127.0.0.1', () => resolve(socket));
	});
}
