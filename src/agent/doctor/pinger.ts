// Pings of the doctor: from a socket of its own beside the agent's, in the same network namespace, with the same label and keys.

import { randomInt } from 'node:crypto';
import { createNodeTransport, type Transport } from '../../net/index.ts';
import {
	type Ack,
	type Address,
	IdentityPool,
	ipBytes,
	type Nack,
	type PacketHandler,
	utf8,
} from '../../swim/index.ts';
import { type CodecOptions, createCodec, type MemberlistCodec } from '../../wire/index.ts';

export interface PingerOptions {
	/** IP literal to bind, a wildcard perhaps: the one of the agent's gossip. */
	readonly host: string;
	/** Label and keys, the agent's own. */
	readonly wire: Pick<CodecOptions, 'label' | 'keyring' | 'verifyIncoming' | 'verifyOutgoing'>;
	/** The largest packet that will be asked for. */
	readonly packetBytes: number;
}

export interface PingOptions {
	readonly waitMs: number;
	/** How long the packet is to be, all layers included; default as short as it gets. */
	readonly bytes?: number;
}

/** A helper's word; undefined = none came. */
export type RelayAnswer = 'ack' | 'nack' | undefined;

const UINT32 = 2 ** 32;
/** The writer keeps room for a checksum that we do without, and the padding overshoots by some bytes before it fits. */
const WRITER_RESERVE_BYTES = 32;

/**
 * Members answer a ping whoever sends it, and it changes nothing in them. So the doctor needs no place in the mesh, and
 * the packets go the way that the mesh's own go, but for the port that they leave from.
 */
export class Pinger {
	readonly #transport: Transport;
	readonly #codec: MemberlistCodec;
	readonly #identities: IdentityPool;
	readonly #waiting = new Map<number, (answer: 'ack' | 'nack') => void>();
	#seqNo = randomInt(UINT32);

	private constructor(options: PingerOptions) {
		const { host, wire, packetBytes } = options;
		this.#codec = createCodec({ ...wire, packetBytes: packetBytes + WRITER_RESERVE_BYTES });
		this.#identities = new IdentityPool((meta) => this.#codec.decodeTags(meta));
		this.#transport = createNodeTransport({ host, port: 0, streams: false });
	}

	/** @throws {TransportError} when no socket can be had. */
	static async open(options: PingerOptions): Promise<Pinger> {
		const pinger = new Pinger(options);
		const handler = answersTo((seqNo, answer) => pinger.#waiting.get(seqNo)?.(answer));
		await pinger.#transport.open((input) => {
			if (input.type === 'packet') pinger.#codec.readPacket(input.bytes, handler);
		});
		return pinger;
	}

	/** For pings over streams, which bear the same label and keys. */
	get codec(): MemberlistCodec {
		return this.#codec;
	}

	/** What the operating system refused to send, by its code. */
	get faults(): Readonly<Record<string, number>> {
		return this.#transport.faults;
	}

	/** Milliseconds of the round trip; undefined when no ack came. An empty name asks whoever is there. */
	async ping(to: Address, name: string, { waitMs, bytes }: PingOptions): Promise<number | undefined> {
		const sentAt = performance.now();
		const answer = await this.#ask(to, waitMs, (seqNo) => this.#pingPacket(seqNo, utf8(name), bytes));
		return answer === 'ack' ? performance.now() - sentAt : undefined;
	}

	/** Asks a member to ping another one at that address, as a probe does (SWIM §3.1): from its socket to theirs. */
	async pingThrough(
		helper: Address,
		target: { readonly name: string; readonly address: Address },
		waitMs: number,
	): Promise<RelayAnswer> {
		const addr = ipBytes(target.address.host);
		if (!addr) return undefined;
		const identity = this.#identities.identity({
			name: utf8(target.name),
			addr,
			port: target.address.port,
			meta: new Uint8Array(),
			vsn: new Uint8Array(6),
		});
		return this.#ask(helper, waitMs, (seqNo) => {
			const packet = this.#codec.packet();
			packet.indirectPing(seqNo, identity, true);
			return packet.finish({ crc: false });
		});
	}

	close(): Promise<void> {
		return this.#transport.close();
	}

	#nextSeqNo(): number {
		this.#seqNo = (this.#seqNo + 1) % UINT32;
		return this.#seqNo;
	}

	#ask(to: Address, waitMs: number, packet: (seqNo: number) => Uint8Array): Promise<RelayAnswer> {
		const seqNo = this.#nextSeqNo();
		return new Promise((resolve) => {
			const settle = (answer: RelayAnswer): void => {
				clearTimeout(timer);
				this.#waiting.delete(seqNo);
				resolve(answer);
			};
			const timer = setTimeout(() => settle(undefined), waitMs);
			this.#waiting.set(seqNo, settle);
			this.#transport.perform({ type: 'packet', to, bytes: packet(seqNo) });
		});
	}

	/**
	 * Made longer by an ack that nobody waits for, with a payload: memberlist and this project take notice of neither.
	 * The head of the payload grows with it, so the length is met by correction.
	 */
	#pingPacket(seqNo: number, name: Uint8Array, bytes: number | undefined): Uint8Array {
		let payload = bytes === undefined ? -1 : 0;
		let result = this.#padded(seqNo, name, payload);
		for (let tries = 0; bytes !== undefined && result.length !== bytes && tries < PADDING_TRIES; tries++) {
			payload = Math.max(0, payload + bytes - result.length);
			result = this.#padded(seqNo, name, payload);
		}
		return result;
	}

	#padded(seqNo: number, name: Uint8Array, payload: number): Uint8Array {
		const packet = this.#codec.packet();
		if (payload >= 0) packet.ack(this.#nextSeqNo(), new Uint8Array(payload), undefined);
		packet.ping(seqNo, name, undefined);
		return packet.finish({ crc: false });
	}
}

/** Enough for the head of the payload to settle. */
const PADDING_TRIES = 3;

/** Takes acks and nacks; what else comes with them, such as news, is not for the doctor. */
function answersTo(answered: (seqNo: number, answer: 'ack' | 'nack') => void): PacketHandler {
	const ignore = (): void => undefined;
	return {
		ack: (message: Ack) => answered(message.seqNo, 'ack'),
		nack: (message: Nack) => answered(message.seqNo, 'nack'),
		ping: ignore,
		indirectPing: ignore,
		alive: ignore,
		suspect: ignore,
		dead: ignore,
		user: ignore,
		syncRequest: ignore,
		syncPage: ignore,
		syncPageEnd: ignore,
		beacon: ignore,
		rejected: ignore,
	};
}
