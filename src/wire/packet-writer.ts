// Builds datagrams in a slab: parts, then compound, compression, checksum, encryption and label around them (wire spec §5).

import { type Identity, MessageType, type PacketWriter, type SyncCursor, type ViewDigest } from '../swim/index.ts';
import { wrapCompressed } from './compression.ts';
import { crc32 } from './crc32.ts';
import type { Keyring } from './keyring.ts';
import { labelHeader } from './label.ts';
import { writeAck, writeIndirectPing, writeNack, writePing } from './message-writer.ts';
import { MsgpackWriter } from './msgpack-writer.ts';
import {
	MAX_SYNC_RECORDS,
	SYNC_DIFFERS_BYTES,
	SYNC_PAGE_HEAD_BYTES,
	SYNC_REQUEST_PADDED_BYTES,
	writeSyncPageHead,
	writeSyncRequest,
} from './own-messages.ts';
import type { PacketTap } from './packet-tap.ts';

const SLAB_BYTES = 64 * 1024;
/** CRC wrapper: type byte and checksum. */
const CRC_BYTES = 5;
/** Compound: type byte and count; then a length for each part. */
const COMPOUND_HEAD_BYTES = 2;
const LENGTH_BYTES = 2;
/** memberlist before 0.2.4 doubles the count in 8 bits (trap 2). */
const MAX_PARTS = 127;

export interface PacketWriterOptions {
	/** The largest packet in bytes, all layers included. */
	readonly packetBytes: number;
	readonly label: Uint8Array;
	/** Present when packets are to be encrypted. */
	readonly keyring: Keyring | undefined;
	/** Compress a packet when that makes it shorter. */
	readonly compress: boolean;
	readonly tap?: PacketTap | undefined;
	/** Bytes that stand at the end of each packet in place of label and encryption (0). */
	readonly reservedBytes?: number | undefined;
}

/** Flags of a page that has not been ended. */
const OPEN = { end: false, push: false };

/**
 * The one writer of a codec. Parts are encoded straight into the slab, behind a gap for label and
 * checksum; only a compound moves them once, when its table goes before them. `finish` gives the
 * range away for good, and the next packet begins behind it.
 */
export class SlabPacketWriter implements PacketWriter {
	readonly #options: PacketWriterOptions;
	readonly #labelHeader: Uint8Array;
	/** Largest content: packetBytes without label, checksum and envelope. */
	readonly #capacity: number;
	/** Content of the page that is begun, at most. */
	#pageCapacity = 0;
	readonly #sealBytes: number;
	readonly #out: MsgpackWriter = new MsgpackWriter(SLAB_BYTES);
	/** Where in the slab the packet begins, with its gap; and its first part. */
	#start = 0;
	#first = 0;
	readonly #lengths: Uint16Array = new Uint16Array(MAX_PARTS);
	#parts = 0;
	#isPage = false;
	#pageNonce = 0;
	readonly #pageDiffers: Uint8Array = new Uint8Array(SYNC_DIFFERS_BYTES);
	#pageFlags: { readonly end: boolean; readonly push: boolean } = OPEN;
	#isRequest = false;

	constructor(options: PacketWriterOptions) {
		this.#options = options;
		this.#labelHeader = labelHeader(options.label);
		this.#sealBytes = this.#labelHeader.length + (options.keyring?.overheadBytes ?? 0) + (options.reservedBytes ?? 0);
		this.#capacity = options.packetBytes - CRC_BYTES - this.#sealBytes;
		this.reset();
	}

	/** Drops what was begun and starts an empty packet. */
	reset(): void {
		const out = this.#out;
		if (this.#start + this.#options.packetBytes > out.bytes.length) {
			out.bytes = new Uint8Array(Math.max(SLAB_BYTES, 4 * this.#options.packetBytes));
			this.#start = 0;
		}
		this.#first = out.at = this.#start + this.#labelHeader.length + CRC_BYTES;
		this.#parts = 0;
		this.#isPage = this.#isRequest = false;
		this.#pageFlags = OPEN;
	}

	get room(): number {
		return this.#roomFor(1);
	}

	get parts(): number {
		return this.#parts;
	}

	ping(seqNo: number, node: Uint8Array, digest: ViewDigest | undefined): void {
		const start = this.#out.at;
		writePing(this.#out, seqNo, node, digest);
		this.#endPart(start);
	}

	indirectPing(seqNo: number, target: Identity, nack: boolean): void {
		const start = this.#out.at;
		writeIndirectPing(this.#out, seqNo, target, nack);
		this.#endPart(start);
	}

	ack(seqNo: number, payload: Uint8Array | undefined, digest: ViewDigest | undefined): void {
		const start = this.#out.at;
		writeAck(this.#out, seqNo, payload, digest);
		this.#endPart(start);
	}

	nack(seqNo: number): void {
		const start = this.#out.at;
		writeNack(this.#out, seqNo);
		this.#endPart(start);
	}

	message(encoded: Uint8Array): void {
		const start = this.#out.at;
		this.#out.raw(encoded);
		this.#endPart(start);
	}

	/**
	 * Where `packetBytes` is too short for the 128 buckets, the request is written whole all the same:
	 * 1,035 bytes, at most 1,100 with encryption and a label of up to 29 bytes. Cutting it in two would
	 * be a second kind of message for the few who choose such short packets.
	 */
	syncRequest(nonce: number, cursor: SyncCursor, sums: Uint32Array): void {
		if (this.#parts > 0) throw new RangeError('a sync request stands alone in its packet');
		const start = this.#out.at;
		writeSyncRequest(this.#out, nonce, cursor, sums, Math.min(SYNC_REQUEST_PADDED_BYTES, this.#capacity));
		this.#isRequest = true;
		this.#lengths[this.#parts++] = this.#out.at - start;
	}

	syncPage(nonce: number, differs: Uint8Array, mostBytes: number = this.#options.packetBytes): void {
		if (differs.length !== this.#pageDiffers.length) throw new RangeError(`differs: ${differs.length} bytes`);
		if (this.#parts > 0) throw new RangeError('a sync page stands alone in its packet');
		this.#isPage = true;
		// Pages have no checksum.
		this.#pageCapacity = Math.min(this.#capacity, mostBytes - this.#sealBytes);
		this.#pageNonce = nonce;
		this.#pageDiffers.set(differs);
	}

	record(messages: readonly Uint8Array[]): boolean {
		let bytes = 0;
		for (const message of messages) bytes += message.length;
		if (this.#parts + messages.length > MAX_SYNC_RECORDS || bytes > this.#roomFor(messages.length)) return false;
		for (const message of messages) this.message(message);
		return true;
	}

	endPage(flags: { readonly end: boolean; readonly push: boolean }): void {
		this.#pageFlags = flags;
	}

	finish(options: { readonly crc: boolean }): Uint8Array {
		if (this.#parts === 0 && !this.#isPage) throw new RangeError('a packet needs at least one part');
		if (this.#parts > 1 || this.#isPage) this.#frame();
		// A request is long on purpose.
		if (this.#options.compress && !this.#isRequest) this.#compress();
		const packet = this.#seal(options.crc ? this.#checksum() : this.#first);
		this.reset();
		return packet;
	}

	/** What is left for the bodies of `more` parts together. A first part already counts as one of a compound. */
	#roomFor(more: number): number {
		const parts = this.#parts + more;
		if (this.#isRequest || parts > MAX_PARTS) return 0;
		const head = this.#isPage ? SYNC_PAGE_HEAD_BYTES : COMPOUND_HEAD_BYTES;
		const capacity = this.#isPage ? this.#pageCapacity : this.#capacity;
		return Math.max(0, capacity - head - LENGTH_BYTES * parts - (this.#out.at - this.#first));
	}

	/** Counts what was written from `start` on as one more part. A part that does not fit is a bug of the caller's. */
	#endPart(start: number): void {
		const out = this.#out;
		const length = out.at - start;
		const parts = this.#parts + 1;
		const isBare = parts === 1 && !this.#isPage;
		const head = isBare ? 0 : LENGTH_BYTES * parts + (this.#isPage ? SYNC_PAGE_HEAD_BYTES : COMPOUND_HEAD_BYTES);
		if (this.#isRequest || parts > MAX_PARTS || out.at - this.#first + head > this.#capacity) {
			out.at = start;
			throw new RangeError(`a part of ${length} bytes does not fit as number ${parts} of its packet`);
		}
		this.#lengths[parts - 1] = length;
		this.#parts = parts;
	}

	/** Puts the head of a compound or page, and its length table, before the parts. */
	#frame(): void {
		const out = this.#out;
		const parts = this.#parts;
		const head = LENGTH_BYTES * parts + (this.#isPage ? SYNC_PAGE_HEAD_BYTES : COMPOUND_HEAD_BYTES);
		const end = out.at;
		out.reserve(head);
		out.bytes.copyWithin(this.#first + head, this.#first, end);
		out.at = this.#first;
		if (this.#isPage) {
			writeSyncPageHead(out, this.#pageNonce, this.#pageFlags, this.#pageDiffers, parts);
		} else {
			out.byte(MessageType.compound);
			out.byte(parts);
		}
		for (let i = 0; i < parts; i++) out.uint16(this.#lengths[i] as number);
		out.at = end + head;
	}

	#compress(): void {
		const out = this.#out;
		const plain = out.bytes.subarray(this.#first, out.at);
		const wrapped = wrapCompressed(plain);
		if (wrapped.length >= plain.length) return;
		out.at = this.#first;
		out.raw(wrapped);
	}

	/** Puts the checksum into the gap and returns where it begins. */
	#checksum(): number {
		const out = this.#out;
		const end = out.at;
		const sum = crc32(out.bytes, this.#first, end);
		const start = this.#first - CRC_BYTES;
		out.at = start;
		out.byte(MessageType.crc);
		out.uint32(sum);
		out.at = end;
		return start;
	}

	/** Encrypts what begins at `start`, if configured, and puts the label before it. */
	#seal(start: number): Uint8Array {
		const { keyring, label, tap, reservedBytes = 0 } = this.#options;
		const header = this.#labelHeader;
		const out = this.#out;
		tap?.sealing(out.bytes.subarray(start, out.at));
		if (keyring === undefined) {
			out.at += reservedBytes;
			const begin = start - header.length;
			if (header.length > 0) out.bytes.set(header, begin);
			this.#start = out.at;
			return out.bytes.subarray(begin, out.at);
		}
		const envelope = keyring.seal(out.bytes.subarray(start, out.at), label);
		if (header.length === 0) return envelope;
		const packet = new Uint8Array(header.length + envelope.length);
		packet.set(header);
		packet.set(envelope, header.length);
		return packet;
	}
}
