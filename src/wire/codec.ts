// The codec of the machine: memberlist's bytes for packets and streams, under one configuration.

import {
	type Codec,
	type Identity,
	MessageType,
	type PacketHandler,
	type PacketWriter,
	type PushPull,
	type StreamDecoder,
	type StreamHandler,
} from '../swim/index.ts';
import type { Keyring } from './keyring.ts';
import { labelBytes, labelHeader } from './label.ts';
import { WIRE_LIMITS, type WireLimits } from './limits.ts';
import { writeAccusation, writeAlive } from './message-writer.ts';
import { MsgpackWriter } from './msgpack-writer.ts';
import { OWN_USER_MESSAGE, writeBeacon } from './own-messages.ts';
import { PacketReader } from './packet-reader.ts';
import type { PacketTap } from './packet-tap.ts';
import { SlabPacketWriter } from './packet-writer.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import type { StreamOptions, StreamRole } from './stream-options.ts';
import { streamAck, streamError, streamPing, streamPushPull } from './stream-writer.ts';
import { decodeTags, encodeTags } from './tags.ts';

/** How packets and streams are dressed. */
export interface CodecOptions {
	/** The largest packet in bytes, all layers included. */
	readonly packetBytes: number;
	/** Keeps clusters that share a network apart; at most 255 bytes of UTF-8. None, or empty: only unlabelled peers. */
	readonly label?: string | undefined;
	/** Encrypts all that is sent and received. Keys may be rotated in it while the codec runs. */
	readonly keyring?: Keyring | undefined;
	/** Whether what comes in must be encrypted when there is a keyring (true). False only while a cluster moves to encryption. */
	readonly verifyIncoming?: boolean | undefined;
	/** Whether what goes out is encrypted when there is a keyring (true). */
	readonly verifyOutgoing?: boolean | undefined;
	/** Compress streams, and packets that get shorter by it (false). What comes in may always be either. */
	readonly compress?: boolean | undefined;
	readonly limits?: Partial<WireLimits> | undefined;
	/** Is shown packets as they are inside label and encryption. */
	readonly tap?: PacketTap | undefined;
	/** Makes packets so many bytes longer, as label and encryption would: a replay has neither, and must not fit more. */
	readonly reservedBytes?: number | undefined;
}

/** The codec of `wire/`, with a door for packets that were opened before. */
export interface MemberlistCodec extends Codec {
	/** What label and encryption add to each packet that is sent. */
	readonly sealBytes: number;
	/** Decodes what lies inside label and encryption of a packet that was `packetBytes` long with them. Never throws. */
	readClear(clear: Uint8Array, packetBytes: number, handler: PacketHandler): void;
}

/**
 * A codec uses its one reader and its one writer again for each packet, and knows nothing of the node
 * that it serves: a simulation may give one codec to all nodes with the same options.
 * @throws {RangeError} on a label of more than 255 bytes.
 */
export function createCodec(options: CodecOptions): MemberlistCodec {
	return new LayeredCodec(options);
}

// What a member says of itself is encoded once, however often and by however many nodes of the process it is passed on.
const encodedAlives = new WeakMap<Identity, { readonly incarnation: number; readonly bytes: Uint8Array }>();

class LayeredCodec implements MemberlistCodec {
	readonly packetRoom: number;
	readonly sealBytes: number;
	readonly #reader: PacketReader;
	readonly #writer: SlabPacketWriter;
	readonly #scratch: MsgpackWriter = new MsgpackWriter();
	readonly #streamOptions: StreamOptions;

	constructor(options: CodecOptions) {
		const { keyring, tap, verifyIncoming = true, verifyOutgoing = true, compress = false } = options;
		const sealing = verifyOutgoing ? keyring : undefined;
		const label = labelBytes(options.label);
		const limits: WireLimits = { ...WIRE_LIMITS, ...options.limits };
		this.#reader = new PacketReader({ label, keyring, verifyIncoming, limits, tap });
		this.#writer = new SlabPacketWriter({
			packetBytes: options.packetBytes,
			label,
			keyring: sealing,
			compress,
			tap,
			reservedBytes: options.reservedBytes,
		});
		this.sealBytes = labelHeader(label).length + (sealing?.overheadBytes ?? 0);
		this.packetRoom = this.#writer.room;
		this.#streamOptions = { label: options.label, keyring, verifyIncoming, verifyOutgoing, compress, limits };
	}

	readPacket(bytes: Uint8Array, handler: PacketHandler): void {
		this.#reader.read(bytes, handler);
	}

	readClear(clear: Uint8Array, packetBytes: number, handler: PacketHandler): void {
		this.#reader.readClear(clear, packetBytes, handler);
	}

	packet(): PacketWriter {
		this.#writer.reset();
		return this.#writer;
	}

	alive(identity: Identity, incarnation: number): Uint8Array {
		const known = encodedAlives.get(identity);
		if (known?.incarnation === incarnation) return known.bytes;
		this.#scratch.reset();
		writeAlive(this.#scratch, identity, incarnation);
		const bytes = this.#scratch.copy();
		encodedAlives.set(identity, { incarnation, bytes });
		return bytes;
	}

	suspect(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array {
		this.#scratch.reset();
		writeAccusation(this.#scratch, MessageType.suspect, node, incarnation, from);
		return this.#scratch.copy();
	}

	dead(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array {
		this.#scratch.reset();
		writeAccusation(this.#scratch, MessageType.dead, node, incarnation, from);
		return this.#scratch.copy();
	}

	/** @throws {RangeError} when the body begins with `fe`, the mark of our own messages (X1). */
	user(body: Uint8Array): Uint8Array {
		if (body[0] === OWN_USER_MESSAGE) throw new RangeError('body: a user message must not begin with the byte fe');
		const message = new Uint8Array(1 + body.length);
		message[0] = MessageType.user;
		message.set(body, 1);
		return message;
	}

	beacon(number: number, ageMs: number): Uint8Array {
		this.#scratch.reset();
		writeBeacon(this.#scratch, number, ageMs);
		return this.#scratch.copy();
	}

	streamDecoder(role: StreamRole, handler: StreamHandler): StreamDecoder {
		return createStreamDecoder(this.#streamOptions, role, handler);
	}

	streamPing(role: StreamRole, seqNo: number, node: Uint8Array): Uint8Array {
		return streamPing(this.#streamOptions, role, seqNo, node);
	}

	streamAck(role: StreamRole, seqNo: number): Uint8Array {
		return streamAck(this.#streamOptions, role, seqNo);
	}

	streamPushPull(role: StreamRole, message: PushPull): Uint8Array {
		return streamPushPull(this.#streamOptions, role, message);
	}

	streamError(role: StreamRole, text: string): Uint8Array {
		return streamError(this.#streamOptions, role, text);
	}

	decodeTags(meta: Uint8Array): Readonly<Record<string, string>> {
		return decodeTags(meta);
	}

	encodeTags(tags: Readonly<Record<string, string>>): Uint8Array {
		return encodeTags(tags);
	}
}
