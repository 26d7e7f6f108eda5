// The floor under everything that gossips: sockets that send each other packets, send back what they are sent, and do nothing else.

import { createSocket, type Socket } from 'node:dgram';
import { setTimeout } from 'node:timers/promises';

export interface Echo {
	readonly nodes: number;
	/** What each sends, as many packets of that size as a node of a mesh. Half of them are echoes. */
	readonly packetsPerS: number;
	readonly packetBytes: number;
}

export interface RunningEcho {
	/** Sent so far, by all. */
	readonly packets: number;
	close(): void;
}

/** Begins to send; every node asks at instants of its own, as nodes of a mesh do. */
export async function startEcho({ nodes, packetsPerS, packetBytes }: Echo): Promise<RunningEcho> {
	const periodMs = 2_000 / packetsPerS;
	const request = new Uint8Array(packetBytes);
	const reply = new Uint8Array(packetBytes).fill(1);
	const timers: NodeJS.Timeout[] = [];
	const sockets = Array.from({ length: nodes }, () => {
		const socket = createSocket({ type: 'udp4', lookup: (host, _, callback) => callback(null, host, 4) });
		socket.on('message', (message, from) => {
			if (message[0] === 1) return;
			running.packets++;
			socket.send(reply, from.port, from.address);
		});
		// With a synchronous lookup it is bound when the call returns.
		return socket.bind(0, '127.0.0.1');
	});
	const ports = sockets.map((socket) => socket.address().port);
	const running = {
		packets: 0,
		close() {
			for (const timer of timers) clearInterval(timer);
			for (const socket of sockets) socket.close();
		},
	};
	const ask = (socket: Socket): void => {
		running.packets++;
		socket.send(request, ports[Math.floor(Math.random() * nodes)] as number, '127.0.0.1');
	};
	for (const socket of sockets) {
		await setTimeout((Math.random() * 2 * periodMs) / nodes);
		timers.push(setInterval(ask, periodMs, socket));
	}
	return running;
}
