// The UDP half of the node transport: one socket for everything that is sent and received.

import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Address, NetworkInput } from '../swim/index.ts';
import { plainBytes } from './bytes.ts';
import { codedError, countError, countFault, type Faults } from './faults.ts';
import { unmapHost } from './interfaces.ts';

/** The kernel keeps packets here while the event loop is busy; 2 MiB hold about 1,000 full packets with their overhead. */
const RECEIVE_BUFFER_BYTES = 2 * 1024 * 1024;
/** Packets that wait in user space because the kernel takes no more; beyond it they are dropped, as the kernel would. */
const SEND_QUEUE_PACKETS = 1_024;
/**
 * After so many packets that went well, one in as many is asked how it went, until one fails: Node makes a callback a turn
 * of its task queue, which costs more than our half of the packet.
 */
const ASKED_EVERY = 64;
/** How long `close` waits for those that wait. */
const CLOSE_TIMEOUT_MS = 200;

export class UdpSocket {
	readonly #socket: Socket;
	readonly #faults: Faults;
	/** One function for all packets: a closure a packet would be garbage a packet. */
	readonly #sent: (error: Error | null) => void;
	/** Packets that went well, or were not asked, since one failed. */
	#well = 0;
	#closed = false;

	private constructor(socket: Socket, faults: Faults, deliver: (input: NetworkInput) => void) {
		this.#socket = socket;
		this.#faults = faults;
		this.#sent = (error) => {
			if (!error || this.#closed) return;
			this.#well = 0;
			countError(faults, error);
		};
		// An error of one read or one write (ECONNREFUSED, EPERM …) says nothing about the next one: the socket stays open
		// and goes on receiving. A node that goes deaf keeps accusing the others.
		socket.on('error', (error) => countError(faults, error));
		socket.on('message', (message, { address, family, port }: RemoteInfo) => {
			if (this.#closed) return;
			const from = { host: family === 'IPv4' ? address : unmapHost(address), port };
			deliver({ type: 'packet', from, bytes: plainBytes(message) });
		});
	}

	/** Binds; rejects with the error of Node. A host of `::` takes IPv4 as well. Port 0 = any free one. */
	static async bind(
		host: string,
		port: number,
		faults: Faults,
		deliver: (input: NetworkInput) => void,
	): Promise<UdpSocket> {
		const family = isIP(host) === 6 ? 6 : 4;
		const lookup = family === 6 ? lookup6 : lookup4;
		const socket = createSocket({ type: `udp${family}`, lookup });
		try {
			// With a synchronous lookup the socket is bound before `bind` returns.
			const listening = once(socket, 'listening');
			socket.bind({ address: host, port, exclusive: true });
			await listening;
		} catch (error) {
			socket.close();
			throw error;
		}
		enlargeReceiveBuffer(socket, faults);
		return new UdpSocket(socket, faults, deliver);
	}

	get address(): Address {
		const { address, port } = this.#socket.address();
		return { host: address, port };
	}

	/** Sends one packet, best effort: failures are counted, the first of a run of them at the latest by its 64th. */
	send(to: Address, bytes: Uint8Array): void {
		if (this.#closed) return;
		// Node takes an absent host as its own.
		if (to.host === '') {
			countFault(this.#faults, 'NO_IP_LITERAL');
			return;
		}
		if (this.#socket.getSendQueueCount() >= SEND_QUEUE_PACKETS) {
			countFault(this.#faults, 'SEND_QUEUE_FULL');
			return;
		}
		try {
			const asked = this.#well < ASKED_EVERY || this.#well % ASKED_EVERY === 0;
			this.#well++;
			this.#socket.send(bytes, to.port, to.host, asked ? this.#sent : undefined);
		} catch (error) {
			countError(this.#faults, error);
		}
	}

	/** Lets packets go that the kernel has not yet taken, for a short time, and frees the port. */
	async close(): Promise<void> {
		this.#closed = true;
		const deadline = performance.now() + CLOSE_TIMEOUT_MS;
		while (this.#socket.getSendQueueCount() > 0 && performance.now() < deadline) await nextTurn();
		await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
	}
}

function enlargeReceiveBuffer(socket: Socket, faults: Faults): void {
	try {
		socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
		// Linux grants less than asked without an error.
		if (socket.getRecvBufferSize() < RECEIVE_BUFFER_BYTES) countFault(faults, 'RECEIVE_BUFFER');
	} catch {
		// Other systems refuse what is above their maximum. The socket works, with its default buffer.
		countFault(faults, 'RECEIVE_BUFFER');
	}
}

type Lookup = NonNullable<SocketOptions['lookup']>;

// Both answer before they return; Node's own lookup defers even literals to a later tick. A name is an error, so nothing
// that the network says can cause a DNS query. What looks like IPv4 and is none, such as 1.2.3, the socket refuses.
const lookup4: Lookup = (host, _options, callback) => {
	if (looksLikeIPv4(host)) callback(null, host, 4);
	else callback(codedError(isIP(host) === 6 ? 'EAFNOSUPPORT' : 'NO_IP_LITERAL'), host, 4);
};

// An IPv6 socket reaches IPv4 under the mapped form (RFC 4291 §2.5.5.2).
const lookup6: Lookup = (host, _options, callback) => {
	if (looksLikeIPv4(host)) callback(null, `::ffff:${host}`, 6);
	else callback(isIP(host) === 6 ? null : codedError('NO_IP_LITERAL'), host, 6);
};

/** Digits and dots alone: `isIP` runs a regular expression, and this a packet. */
function looksLikeIPv4(host: string): boolean {
	for (let i = 0; i < host.length; i++) {
		const code = host.charCodeAt(i);
		if (code !== DOT && (code < DIGIT_0 || code > DIGIT_0 + 9)) return false;
	}
	return true;
}

const DOT = 0x2e;
const DIGIT_0 = 0x30;
