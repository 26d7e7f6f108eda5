// The transport in memory: a network of any number of transports inside one process, for tests.

import {
	type Address,
	formatAddress,
	ipBytes,
	type NetworkInput,
	type NetworkOutput,
	type StreamId,
} from '../swim/index.ts';
import { countFault, type Faults } from './faults.ts';
import { canonicalHost, isWildcard } from './interfaces.ts';
import { MemoryStream, type StreamHost } from './memory-stream.ts';
import { STREAM_DEFAULTS, type StreamOptions, type StreamOutput } from './streams.ts';
import { type Transport, TransportError } from './transport.ts';

/** A packet on its way. */
export interface MemoryPacket {
	readonly from: Address;
	readonly to: Address;
	readonly bytes: Uint8Array;
}

/** How the network behaves; by default it delivers everything, soon. */
export interface MemoryNetworkOptions extends Omit<StreamOptions, 'connectTimeoutMs'> {
	/** Runs a task later, never at once. All that happens on the network is one task each. Default `setImmediate`. */
	readonly schedule?: (task: () => void) => void;
	/** Asked for each packet when it is sent; `drop` loses it, as a network may. */
	readonly filter?: (packet: MemoryPacket) => 'deliver' | 'drop';
}

/** The largest payload of UDP over IPv4. */
const MAX_PACKET_BYTES = 65_507;
/** Packets that a receiver has not taken yet; more are lost, like those that overrun a receive buffer. */
const RECEIVE_QUEUE_PACKETS = 4_096;
/** First of the ports that are given out (RFC 6335 §6: dynamic ports). */
const FIRST_DYNAMIC_PORT = 49_152;

/**
 * A network without sockets. Transports of one network reach each other by address; nothing else can reach them. It has
 * no randomness and no clock, so with a deterministic `schedule` a run is deterministic too.
 */
export class MemoryNetwork {
	readonly #hub: Hub;

	constructor(options: MemoryNetworkOptions = {}) {
		this.#hub = new Hub(options);
	}

	/**
	 * A transport that will listen on this address. Port 0 = any free one, known when `open` resolves.
	 * @throws {TypeError} when the host is a wildcard or no IP literal. @throws {RangeError} when the port is not in 0 to 65,535.
	 */
	transport(address: Address): Transport {
		const { host, port } = address;
		if (!ipBytes(host) || isWildcard(host)) {
			throw new TypeError(`host must be the IP literal of one host, got ${JSON.stringify(host)}`);
		}
		if (!isPort(port) && port !== 0) throw new RangeError(`port must be an integer from 0 to 65535, got ${port}`);
		return new MemoryTransport(this.#hub, { host: canonicalHost(host), port });
	}
}

/** What the transports of one network share. */
class Hub {
	readonly schedule: (task: () => void) => void;
	readonly filter: (packet: MemoryPacket) => 'deliver' | 'drop';
	readonly limits: Required<StreamOptions>;
	readonly #listening = new Map<string, MemoryTransport>();
	#ports = 0;

	constructor({ schedule = setImmediate, filter = () => 'deliver', ...limits }: MemoryNetworkOptions) {
		this.schedule = (task) => void schedule(task);
		this.filter = filter;
		this.limits = { ...STREAM_DEFAULTS, ...limits };
	}

	listen(wanted: Address, transport: MemoryTransport): Address {
		const address = wanted.port === 0 ? { host: wanted.host, port: this.#freePort(wanted.host) } : wanted;
		const key = formatAddress(address);
		if (this.#listening.has(key)) {
			throw new TransportError('NET_ADDRESS_IN_USE', `${address.port} is in use on ${address.host}`);
		}
		this.#listening.set(key, transport);
		return address;
	}

	unlisten(address: Address): void {
		this.#listening.delete(formatAddress(address));
	}

	find(to: Address): MemoryTransport | undefined {
		return this.#listening.get(formatAddress({ host: canonicalHost(to.host), port: to.port }));
	}

	/** The next dynamic port, in a circle. */
	nextPort(): number {
		return FIRST_DYNAMIC_PORT + (this.#ports++ % (65_536 - FIRST_DYNAMIC_PORT));
	}

	#freePort(host: string): number {
		for (let tries = FIRST_DYNAMIC_PORT; tries < 65_536; tries++) {
			const port = this.nextPort();
			if (!this.#listening.has(formatAddress({ host, port }))) return port;
		}
		throw new TransportError('NET_ADDRESS_IN_USE', `no port is free on ${host}`);
	}
}

class MemoryTransport implements Transport {
	readonly faults: Faults = {};
	readonly #hub: Hub;
	readonly #wanted: Address;
	readonly #streams = new Map<StreamId, MemoryStream>();
	readonly #streamHost: StreamHost;
	/** Both are present while open. */
	#address: Address | undefined;
	#deliver: ((input: NetworkInput) => void) | undefined;
	#used = false;
	#waiting = 0;
	#accepted = 0;
	#lastAccepted: StreamId = 0;

	constructor(hub: Hub, wanted: Address) {
		this.#hub = hub;
		this.#wanted = wanted;
		this.#streamHost = {
			schedule: hub.schedule,
			deliver: (input) => this.#deliver?.(input),
			forget: (id) => this.#forget(id),
			maxBufferedBytes: hub.limits.maxBufferedBytes,
		};
	}

	async open(deliver: (input: NetworkInput) => void): Promise<Address> {
		if (this.#used) throw new Error('a transport is opened once');
		this.#address = this.#hub.listen(this.#wanted, this);
		this.#used = true;
		this.#deliver = deliver;
		return this.#address;
	}

	perform(output: NetworkOutput): void {
		if (!this.#address) return;
		if (output.type === 'packet') this.#send(this.#address, output.to, output.bytes);
		else this.#performStream(this.#address, output);
	}

	async close(): Promise<void> {
		this.#used = true;
		if (!this.#address) return;
		this.#hub.unlisten(this.#address);
		this.#address = undefined;
		this.#deliver = undefined;
		for (const stream of [...this.#streams.values()]) stream.abandon();
	}

	#send(from: Address, to: Address, bytes: Uint8Array): void {
		const fault = packetFault(to, bytes);
		if (fault) {
			countFault(this.faults, fault);
			return;
		}
		if (this.#hub.filter({ from, to, bytes }) === 'drop') return;
		const receiver = this.#hub.find(to);
		// The sender may keep its bytes, and the receiver may overwrite them.
		if (receiver) receiver.#receive({ type: 'packet', from, bytes: new Uint8Array(bytes) });
	}

	#receive(packet: NetworkInput): void {
		if (this.#waiting >= RECEIVE_QUEUE_PACKETS) {
			countFault(this.faults, 'RECEIVE_QUEUE_FULL');
			return;
		}
		this.#waiting++;
		this.#hub.schedule(() => {
			this.#waiting--;
			this.#deliver?.(packet);
		});
	}

	#performStream(from: Address, output: StreamOutput): void {
		const stream = this.#streams.get(output.stream);
		if (output.type === 'open') {
			if (stream) countFault(this.faults, 'STREAM_IN_USE');
			else this.#open(from, output.stream, output.to);
			return;
		}
		// Over already: the machine's output and our news of the end have crossed.
		if (!stream) return;
		if (output.type === 'write') stream.write(output.bytes);
		else if (output.type === 'end') stream.end();
		else stream.reset();
	}

	#open(from: Address, id: StreamId, to: Address): void {
		const stream = new MemoryStream(id, this.#streamHost);
		this.#streams.set(id, stream);
		// As with TCP, the source port of a stream is not the port that its opener listens on.
		const source = { host: from.host, port: this.#hub.nextPort() };
		stream.connect((opener) => {
			const target = this.#hub.find(to);
			return target ? target.#accept(source, opener) : 'ECONNREFUSED';
		});
	}

	#accept(from: Address, opener: MemoryStream): MemoryStream | string {
		if (this.#accepted >= this.#hub.limits.maxAcceptedStreams) {
			countFault(this.faults, 'ACCEPT_LIMIT');
			return 'ECONNRESET';
		}
		this.#accepted++;
		this.#lastAccepted += 2;
		const stream = new MemoryStream(this.#lastAccepted, this.#streamHost, opener);
		this.#streams.set(stream.id, stream);
		this.#deliver?.({ type: 'accept', stream: stream.id, from });
		return stream;
	}

	#forget(id: StreamId): void {
		this.#streams.delete(id);
		if (id % 2 === 0) this.#accepted--;
	}
}

function isPort(port: number): boolean {
	return Number.isInteger(port) && port > 0 && port <= 65_535;
}

/** Why the packet cannot be sent, in the words of the node transport. */
function packetFault(to: Address, bytes: Uint8Array): string | undefined {
	if (!isPort(to.port)) return 'ERR_SOCKET_BAD_PORT';
	if (!ipBytes(to.host)) return 'NO_IP_LITERAL';
	return bytes.length > MAX_PACKET_BYTES ? 'EMSGSIZE' : undefined;
}
