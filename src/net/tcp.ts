// The TCP half of the node transport: a server, and streams known to the machine by number.

import { once } from 'node:events';
import { createServer, isIP, type Server, Socket } from 'node:net';
import type { Address, NetworkInput, StreamId } from '../swim/index.ts';
import { plainBytes } from './bytes.ts';
import { codedError, countError, countFault, errorCode, type Faults } from './faults.ts';
import { isWildcard, unmapHost } from './interfaces.ts';
import { STREAM_DEFAULTS, type StreamOptions, type StreamOutput, type Streams } from './streams.ts';

/** How long `close` waits for what was written. */
const CLOSE_TIMEOUT_MS = 500;

interface Stream {
	readonly id: StreamId;
	readonly socket: Socket;
	/** We write no more. */
	ended: boolean;
	/** The peer writes no more. */
	peerEnded: boolean;
}

export class TcpStreams implements Streams {
	readonly #server: Server;
	readonly #faults: Faults;
	readonly #deliver: (input: NetworkInput) => void;
	readonly #options: Required<StreamOptions>;
	/** Streams leave from the bound address, as packets do: an allow list of the peer knows both by it. */
	readonly #from: { readonly localAddress?: string };
	/** The streams the machine knows: nothing is delivered for any other. */
	readonly #streams = new Map<StreamId, Stream>();
	/** All sockets, those that linger included. */
	readonly #sockets = new Set<Socket>();
	#accepted = 0;
	readonly #acceptedOf = new Map<string, number>();
	#lastAccepted: StreamId = 0;

	private constructor(
		server: Server,
		host: string,
		options: StreamOptions,
		faults: Faults,
		deliver: (input: NetworkInput) => void,
	) {
		this.#server = server;
		this.#from = isWildcard(host) ? {} : { localAddress: host };
		this.#faults = faults;
		this.#deliver = deliver;
		this.#options = { ...STREAM_DEFAULTS, ...options };
		server.on('error', (error) => countError(faults, error));
		server.on('connection', (socket) => this.#accept(socket));
	}

	/** Binds; rejects with the error of Node. */
	static async listen(
		address: Address,
		options: StreamOptions,
		faults: Faults,
		deliver: (input: NetworkInput) => void,
	): Promise<TcpStreams> {
		// memberlist half-closes after its request and then reads the answer.
		const server = createServer({ allowHalfOpen: true, noDelay: true });
		const listening = once(server, 'listening');
		server.listen({ host: address.host, port: address.port, exclusive: true });
		await listening;
		return new TcpStreams(server, address.host, options, faults, deliver);
	}

	perform(output: StreamOutput): void {
		if (output.type === 'open') {
			this.#open(output.stream, output.to);
			return;
		}
		const stream = this.#streams.get(output.stream);
		// Over already: the machine's output and our news of the end have crossed.
		if (!stream) return;
		switch (output.type) {
			case 'write':
				this.#write(stream, output.bytes);
				break;
			case 'end':
				this.#end(stream);
				break;
			case 'reset':
				this.#streams.delete(stream.id);
				resetSocket(stream.socket);
				break;
			default:
				output satisfies never;
		}
	}

	/** Lets what was written go out, for a short time, and frees the port. Nothing is delivered any more. */
	async close(): Promise<void> {
		this.#streams.clear();
		const closed = once(this.#server, 'close');
		this.#server.close();
		const sockets = [...this.#sockets];
		const allClosed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
		for (const socket of sockets) socket.destroySoon();
		const timer = setTimeout(() => {
			for (const socket of sockets) socket.destroy();
		}, CLOSE_TIMEOUT_MS);
		await Promise.all([closed, ...allClosed]);
		clearTimeout(timer);
	}

	#open(id: StreamId, to: Address): void {
		if (this.#streams.has(id)) {
			countFault(this.#faults, 'STREAM_IN_USE');
			return;
		}
		const socket = new Socket({ allowHalfOpen: true });
		this.#add(id, socket);
		// `destroy` reports its error on a later tick, like a failed connect.
		if (isIP(to.host) === 0) {
			socket.destroy(codedError('NO_IP_LITERAL'));
			return;
		}
		socket.setTimeout(this.#options.connectTimeoutMs, () => socket.destroy(codedError('ETIMEDOUT')));
		socket.once('connect', () => socket.setTimeout(0));
		try {
			socket.connect({ host: to.host, port: to.port, noDelay: true, ...this.#from });
		} catch (error) {
			socket.destroy(error as Error);
		}
	}

	#write({ socket, ended }: Stream, bytes: Uint8Array): void {
		if (ended) return;
		// The socket keeps what the peer does not take yet, from before the connection on; `writableLength` is all of it.
		if (socket.writableLength + bytes.length > this.#options.maxBufferedBytes) socket.destroy(codedError('ENOBUFS'));
		else socket.write(bytes);
	}

	#end(stream: Stream): void {
		if (stream.ended) return;
		stream.ended = true;
		const { socket } = stream;
		socket.end();
		// The machine keeps no watch on it any more: a peer that neither reads nor ends could hold it for ever.
		const timer = setTimeout(() => socket.destroy(), this.#options.lingerMs);
		socket.once('close', () => clearTimeout(timer));
		this.#forgetWhenDone(stream);
	}

	#accept(socket: Socket): void {
		// Absent when the peer was quicker to go than we to look.
		const { remoteAddress, remotePort } = socket;
		if (remoteAddress === undefined || remotePort === undefined) {
			socket.destroy();
			return;
		}
		const { maxAcceptedStreams, maxAcceptedPerHost } = this.#options;
		const ofHost = this.#acceptedOf.get(remoteAddress) ?? 0;
		if (this.#accepted >= maxAcceptedStreams || ofHost >= maxAcceptedPerHost) {
			countFault(this.#faults, 'ACCEPT_LIMIT');
			socket.on('error', (error) => countError(this.#faults, error));
			socket.resetAndDestroy();
			return;
		}
		this.#countAccepted(remoteAddress, +1);
		socket.once('close', () => this.#countAccepted(remoteAddress, -1));
		this.#lastAccepted += 2;
		this.#add(this.#lastAccepted, socket);
		const from = { host: unmapHost(remoteAddress), port: remotePort };
		this.#deliver({ type: 'accept', stream: this.#lastAccepted, from });
	}

	#countAccepted(host: string, change: 1 | -1): void {
		this.#accepted += change;
		const ofHost = (this.#acceptedOf.get(host) ?? 0) + change;
		if (ofHost > 0) this.#acceptedOf.set(host, ofHost);
		else this.#acceptedOf.delete(host);
	}

	#add(id: StreamId, socket: Socket): void {
		const stream: Stream = { id, socket, ended: false, peerEnded: false };
		this.#streams.set(id, stream);
		this.#sockets.add(socket);
		socket.on('data', (chunk: Buffer) => {
			if (this.#knows(stream)) this.#deliver({ type: 'data', stream: id, bytes: plainBytes(chunk) });
		});
		socket.on('end', () => this.#peerEnded(stream));
		socket.on('error', (error) => this.#fail(stream, errorCode(error)));
		socket.on('close', () => {
			this.#sockets.delete(socket);
			this.#fail(stream, 'ECONNRESET');
		});
	}

	#knows(stream: Stream): boolean {
		return this.#streams.get(stream.id) === stream;
	}

	#peerEnded(stream: Stream): void {
		if (!this.#knows(stream)) return;
		stream.peerEnded = true;
		this.#forgetWhenDone(stream);
		this.#deliver({ type: 'end', stream: stream.id });
	}

	#fail(stream: Stream, reason: string): void {
		if (!this.#knows(stream)) return;
		this.#streams.delete(stream.id);
		this.#deliver({ type: 'fail', stream: stream.id, reason });
	}

	#forgetWhenDone({ id, ended, peerEnded }: Stream): void {
		if (ended && peerEnded) this.#streams.delete(id);
	}
}

// libuv can neither reset a connection that does not exist yet nor one whose half-close is still on its way; it would
// leave both open. Closing is the nearest thing.
function resetSocket(socket: Socket): void {
	if (socket.connecting || (socket.writableEnded && !socket.writableFinished)) socket.destroy();
	else socket.resetAndDestroy();
}
