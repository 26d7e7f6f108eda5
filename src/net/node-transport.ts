// The real transport: UDP, and TCP on the same port number.

import { isIP } from 'node:net';
import { type Address, formatAddress, type NetworkInput, type NetworkOutput } from '../swim/index.ts';
import { errorCode, type Faults } from './faults.ts';
import { NoStreams, type StreamOptions, type Streams } from './streams.ts';
import { TcpStreams } from './tcp.ts';
import { type Transport, TransportError } from './transport.ts';
import { UdpSocket } from './udp.ts';

/** Where to bind, and how. */
export interface NodeTransportOptions extends StreamOptions {
	/** IP literal to bind. `::` takes IPv4 as well, and shows its peers as IPv4. */
	readonly host: string;
	/** UDP and TCP port; 0 = one that is free for both. */
	readonly port: number;
	/** Whether TCP is used beside UDP. Without it nothing listens on TCP, and every `open` fails with `STREAMS_OFF`. */
	readonly streams: boolean;
}

/** With port 0 the kernel chooses for UDP alone, and somebody may have the same number for TCP. */
const PORT_ATTEMPTS = 10;

/**
 * A transport on the sockets of this host. `faults` counts by the code of the operating system or of Node (`EPERM`,
 * `EMSGSIZE`, `ERR_SOCKET_BAD_PORT` …) and by our own {@link FaultReason}; of packets among many that go well, a part.
 * @throws {TypeError} when `host` is no IP literal. @throws {RangeError} when `port` is not in 0 to 65,535.
 */
export function createNodeTransport(options: NodeTransportOptions): Transport {
	const { host, port } = options;
	if (isIP(host) === 0) throw new TypeError(`host must be an IP literal, got ${JSON.stringify(host)}`);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) {
		throw new RangeError(`port must be an integer from 0 to 65535, got ${port}`);
	}
	return new NodeTransport(options);
}

interface Sockets {
	readonly udp: UdpSocket;
	readonly streams: Streams;
}

class NodeTransport implements Transport {
	readonly faults: Faults = {};
	readonly #options: NodeTransportOptions;
	#opening: Promise<Sockets> | undefined;
	/** Present from the end of `open` to the beginning of `close`: only then anything is delivered or performed. */
	#sockets: Sockets | undefined;
	#closed: Promise<void> | undefined;

	constructor(options: NodeTransportOptions) {
		this.#options = options;
	}

	async open(deliver: (input: NetworkInput) => void): Promise<Address> {
		if (this.#opening || this.#closed) throw new Error('a transport is opened once');
		this.#opening = this.#bind((input) => {
			if (this.#sockets) deliver(input);
		});
		let sockets: Sockets;
		try {
			sockets = await this.#opening;
		} catch (error) {
			// Nothing is open, so the caller may try again.
			this.#opening = undefined;
			throw error;
		}
		if (this.#closed) throw new TransportError('NET_FAILED', 'the transport was closed while it opened');
		this.#sockets = sockets;
		return sockets.udp.address;
	}

	perform(output: NetworkOutput): void {
		if (!this.#sockets) return;
		if (output.type === 'packet') this.#sockets.udp.send(output.to, output.bytes);
		else this.#sockets.streams.perform(output);
	}

	close(): Promise<void> {
		this.#closed ??= this.#shut();
		return this.#closed;
	}

	async #shut(): Promise<void> {
		this.#sockets = undefined;
		// Should opening fail, then its caller is told, and nothing is there to be closed.
		const sockets = await this.#opening?.catch(() => undefined);
		if (sockets) await Promise.all([sockets.udp.close(), sockets.streams.close()]);
	}

	async #bind(deliver: (input: NetworkInput) => void): Promise<Sockets> {
		const { host, port } = this.#options;
		for (let attempt = 1; ; attempt++) {
			const udp = await UdpSocket.bind(host, port, this.faults, deliver).catch((error: unknown) => {
				throw bindError('UDP', { host, port }, error);
			});
			if (!this.#options.streams) return { udp, streams: new NoStreams(deliver) };
			const address = { host, port: udp.address.port };
			try {
				return { udp, streams: await TcpStreams.listen(address, this.#options, this.faults, deliver) };
			} catch (error) {
				await udp.close();
				const taken = errorCode(error) === 'EADDRINUSE';
				if (port !== 0 || !taken || attempt === PORT_ATTEMPTS) throw bindError('TCP', address, error);
			}
		}
	}
}

function bindError(protocol: 'UDP' | 'TCP', address: Address, cause: unknown): TransportError {
	const { host, port } = address;
	switch (errorCode(cause)) {
		case 'EADDRINUSE':
			return new TransportError('NET_ADDRESS_IN_USE', `${protocol} ${port} is in use on ${host}`, { cause });
		case 'EADDRNOTAVAIL':
		case 'EAFNOSUPPORT':
		case 'EINVAL':
			return new TransportError('NET_ADDRESS_UNAVAILABLE', `${host} is not an address of this host`, { cause });
		case 'EACCES':
		case 'EPERM':
			return new TransportError('NET_DENIED', `${protocol} ${port} on ${host} may not be bound by this user`, {
				cause,
			});
		default: {
			const text = `${protocol} ${formatAddress(address)} cannot be bound: ${errorCode(cause)}`;
			return new TransportError('NET_FAILED', text, { cause });
		}
	}
}
