// The floor under everything that gossips: sockets that send each other packets, send back what they are sent, and do nothing else.

import { createSocket, type Socket } from 'node:dgram';
import { setTimeout } from 'node:timers/promises';

export interface Echo {
	readonly nodes: number;
	/** What each sends, as many packets of that size as a node of a mesh. Half of them are echoes. */
	readonly packetsPerS: number;
	readonly packetBytes: number;
}

/** Runs until the process ends. `packets`: sent so far, by all. */
export async function startEcho({ nodes, packetsPerS, packetBytes }: Echo): Promise<{ readonly packets: number }> {
	const sent = { packets: 0 };
	const sockets: Socket[] = [];
	const request = new Uint8Array(packetBytes);
	const reply = new Uint8Array(packetBytes).fill(1);
	for (let i = 0; i < nodes; i++) {
		const socket = createSocket({ type: 'udp4', lookup: (host, _, callback) => callback(null, host, 4) });
		socket.on('message', (message, from) => {
			if (message[0] === 1) return;
			sent.packets++;
			socket.send(reply, from.port, from.address);
		});
		// With a synchronous lookup it is bound when the call returns.
		socket.bind(0, '127.0.0.1');
		sockets.push(socket);
	}
	for (const socket of sockets) {
		await setTimeout(Math.random() * 10);
		setInterval(() => {
			const to = sockets[Math.floor(Math.random() * nodes)] as Socket;
			sent.packets++;
			socket.send(request, to.address().port, '127.0.0.1');
		}, 2_000 / packetsPerS);
	}
	return sent;
}
