// The machine's codec while it is recorded or replayed: what goes out on streams is hashed as clear text.

import type {
	Codec,
	Identity,
	PacketHandler,
	PacketWriter,
	PushPull,
	StreamDecoder,
	StreamHandler,
} from '../swim/index.ts';
import type { OutputHash } from './output-hash.ts';

type Role = Parameters<Codec['streamDecoder']>[0];

/** Delegates to `inner`; `clear` encodes the same without label and encryption. */
export abstract class JournalCodec<C extends Codec> implements Codec {
	protected readonly inner: C;
	readonly #clear: Codec;
	readonly #hash: OutputHash;

	constructor(inner: C, clear: Codec, hash: OutputHash) {
		this.inner = inner;
		this.#clear = clear;
		this.#hash = hash;
	}

	abstract readPacket(bytes: Uint8Array, handler: PacketHandler): void;
	abstract streamDecoder(role: Role, handler: StreamHandler): StreamDecoder;

	get packetRoom(): number {
		return this.inner.packetRoom;
	}

	packet(): PacketWriter {
		return this.inner.packet();
	}

	alive(identity: Identity, incarnation: number): Uint8Array {
		return this.inner.alive(identity, incarnation);
	}

	suspect(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array {
		return this.inner.suspect(node, incarnation, from);
	}

	dead(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array {
		return this.inner.dead(node, incarnation, from);
	}

	beacon(number: number, ageMs: number): Uint8Array {
		return this.inner.beacon(number, ageMs);
	}

	user(body: Uint8Array): Uint8Array {
		return this.inner.user(body);
	}

	streamPing(role: Role, seqNo: number, node: Uint8Array): Uint8Array {
		return this.#hashed((codec) => codec.streamPing(role, seqNo, node));
	}

	streamAck(role: Role, seqNo: number): Uint8Array {
		return this.#hashed((codec) => codec.streamAck(role, seqNo));
	}

	streamPushPull(role: Role, message: PushPull): Uint8Array {
		return this.#hashed((codec) => codec.streamPushPull(role, message));
	}

	streamError(role: Role, text: string): Uint8Array {
		return this.#hashed((codec) => codec.streamError(role, text));
	}

	decodeTags(meta: Uint8Array): Readonly<Record<string, string>> {
		return this.inner.decodeTags(meta);
	}

	encodeTags(tags: Readonly<Record<string, string>>): Uint8Array {
		return this.inner.encodeTags(tags);
	}

	#hashed(encode: (codec: Codec) => Uint8Array): Uint8Array {
		this.#hash.bytes(encode(this.#clear));
		return encode(this.inner);
	}
}
