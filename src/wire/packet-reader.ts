// Decodes datagrams: peels off the layers, then hands the messages over one by one (wire spec §5).

import {
	BeaconMessage,
	ByteRange,
	MessageType,
	type PacketHandler,
	type RejectCode,
	SyncPage,
	SyncRequest,
	WireError,
} from '../swim/index.ts';
import { unwrapCompressed } from './compression.ts';
import { crc32 } from './crc32.ts';
import type { Keyring } from './keyring.ts';
import { afterLabel } from './label.ts';
import type { WireLimits } from './limits.ts';
import { MessageReader } from './message-reader.ts';
import {
	BEACON,
	OWN_USER_MESSAGE,
	readBeacon,
	readSyncPageHead,
	readSyncRequest,
	SYNC_PAGE,
	SYNC_REQUEST,
} from './own-messages.ts';
import type { PacketTap } from './packet-tap.ts';

/** After so many parts that nobody can read the rest of a packet is left alone: each refusal costs more than to read a part. */
const REFUSED_MOST = 16;
/** CRC wrapper: type byte and checksum. */
const CRC_BYTES = 5;

export interface PacketReaderOptions {
	readonly label: Uint8Array;
	readonly keyring: Keyring | undefined;
	/** With false, a packet that cannot be decrypted is taken for plain (migrations, wire spec §5.3). */
	readonly verifyIncoming: boolean;
	readonly limits: WireLimits;
	readonly tap?: PacketTap | undefined;
}

/**
 * One reader serves all packets, one after the other: its message holders and buffers are filled
 * again for each. A handler must not call `read` from within a call.
 */
export class PacketReader {
	readonly #options: PacketReaderOptions;
	readonly #messages: MessageReader = new MessageReader();
	readonly #userBody: ByteRange = new ByteRange();
	readonly #syncRequest: SyncRequest = new SyncRequest();
	readonly #syncPage: SyncPage = new SyncPage();
	readonly #beacon: BeaconMessage = new BeaconMessage();
	#packetBytes = 0;
	/** What may still be inflated of this packet, all its parts together. */
	#inflatable = 0;
	/** Parts of this packet so far, and those of them that were refused. */
	#parts = 0;
	#refused = 0;
	#syncSeen = false;

	constructor(options: PacketReaderOptions) {
		this.#options = options;
	}

	/** Never throws because of the bytes; what a handler throws passes through. */
	read(packet: Uint8Array, handler: PacketHandler): void {
		const { label, keyring, tap } = this.#options;
		let bytes = packet;
		let start = 0;
		// An unlabelled, unencrypted mesh is the fast path: nothing to peel off, nothing that could throw.
		if (label.length > 0 || keyring !== undefined || packet[0] === MessageType.label) {
			try {
				start = afterLabel(packet, 0, packet.length, label);
				if (keyring !== undefined) {
					bytes = this.#decrypted(packet.subarray(start), keyring);
					start = 0;
				}
			} catch (error) {
				if (error instanceof WireError) tap?.refused(error.code, error.message);
				reject(handler, error);
				return;
			}
		}
		tap?.opened(bytes.subarray(start));
		this.#readClear(bytes, start, packet.length, handler);
	}

	/** Reads what lies inside label and encryption of a packet of `packetBytes`. */
	readClear(clear: Uint8Array, packetBytes: number, handler: PacketHandler): void {
		this.#readClear(clear, 0, packetBytes, handler);
	}

	#readClear(bytes: Uint8Array, from: number, packetBytes: number, handler: PacketHandler): void {
		this.#packetBytes = packetBytes;
		this.#inflatable = this.#options.limits.packetMessageBytes;
		this.#parts = 0;
		this.#refused = 0;
		this.#syncSeen = false;
		let start = from;
		const end = bytes.length;
		if (bytes[start] === MessageType.crc && end - start >= CRC_BYTES) {
			const inner = start + CRC_BYTES;
			if (crc32(bytes, inner, end) !== uint32(bytes, start + 1)) {
				handler.rejected('bad-crc', 'checksum mismatch');
				return;
			}
			start = inner;
		}
		this.#part(bytes, start, end, 0, handler);
	}

	#decrypted(envelope: Uint8Array, keyring: Keyring): Uint8Array {
		try {
			return keyring.open(envelope, this.#options.label);
		} catch (error) {
			if (this.#options.verifyIncoming || !(error instanceof WireError)) throw error;
			return envelope;
		}
	}

	/** One message, or one container of messages: bytes[start, end) from its type byte on. */
	#part(bytes: Uint8Array, start: number, end: number, depth: number, handler: PacketHandler): void {
		if (start >= end) {
			this.#refuse(handler, 'empty', 'no type byte');
			return;
		}
		switch (bytes[start]) {
			case MessageType.compound:
				this.#compound(bytes, start + 1, end, depth + 1, handler);
				return;
			case MessageType.compress:
				this.#compressed(bytes, start + 1, end, depth + 1, handler);
				return;
			case MessageType.user:
				this.#user(bytes, start + 1, end, handler);
				return;
		}
		this.#message(bytes, start, end, handler);
	}

	#compound(bytes: Uint8Array, start: number, end: number, depth: number, handler: PacketHandler): void {
		if (this.#tooDeep(depth, handler)) return;
		const count = start < end ? (bytes[start] as number) : -1;
		const table = start + 1;
		let at = table + 2 * count;
		if (count < 0 || at > end) {
			this.#refuse(handler, 'truncated', 'compound with a truncated table');
			return;
		}
		for (let i = 0; i < count; i++) {
			// Beyond a limit nothing more is read, in no layer. Only the first to notice says so.
			if (this.#parts > this.#options.limits.parts || this.#refused > REFUSED_MOST) return;
			if (++this.#parts > this.#options.limits.parts) {
				this.#refuse(handler, 'too-many', `more than ${this.#options.limits.parts} parts`);
				return;
			}
			const next = at + uint16(bytes, table + 2 * i);
			if (next > end) {
				this.#refuse(handler, 'truncated', `compound with ${count - i} of ${count} parts missing`);
				return;
			}
			this.#part(bytes, at, next, depth, handler);
			at = next;
		}
	}

	#compressed(bytes: Uint8Array, start: number, end: number, depth: number, handler: PacketHandler): void {
		if (this.#tooDeep(depth, handler)) return;
		let inflated: Uint8Array;
		try {
			inflated = unwrapCompressed(bytes.subarray(start, end), this.#inflatable);
		} catch (error) {
			// It may have been inflated nearly to the end before that showed: a packet gets one such attempt.
			this.#inflatable = 0;
			this.#refuseError(handler, error);
			return;
		}
		this.#inflatable -= inflated.length;
		this.#part(inflated, 0, inflated.length, depth, handler);
	}

	#refuse(handler: PacketHandler, code: RejectCode, detail: string): void {
		this.#refused++;
		handler.rejected(code, detail);
	}

	#refuseError(handler: PacketHandler, error: unknown): void {
		this.#refused++;
		reject(handler, error);
	}

	#tooDeep(depth: number, handler: PacketHandler): boolean {
		if (depth <= this.#options.limits.depth) return false;
		this.#refuse(handler, 'too-deep', `more than ${this.#options.limits.depth} layers`);
		return true;
	}

	/** A message that is one msgpack map. It is read whole before the handler hears of it. */
	#message(bytes: Uint8Array, start: number, end: number, handler: PacketHandler): void {
		const messages = this.#messages;
		const type = bytes[start] as number;
		const body = start + 1;
		try {
			switch (type) {
				case MessageType.ping:
					messages.readPing(bytes, body, end);
					break;
				case MessageType.indirectPing:
					messages.readIndirectPing(bytes, body, end);
					break;
				case MessageType.ack:
					messages.readAck(bytes, body, end);
					break;
				case MessageType.nack:
					messages.readNack(bytes, body, end);
					break;
				case MessageType.alive:
					messages.readAlive(bytes, body, end);
					break;
				case MessageType.suspect:
				case MessageType.dead:
					messages.readAccusation(bytes, body, end);
					break;
				default:
					throw new WireError('unknown-type', `message type ${type}`);
			}
		} catch (error) {
			this.#refuseError(handler, error);
			return;
		}
		// Outside the `try`: an error of the handler is a bug of ours, not the peer's nonsense.
		this.#handOver(type, handler);
	}

	#handOver(type: number, handler: PacketHandler): void {
		const messages = this.#messages;
		switch (type) {
			case MessageType.ping:
				handler.ping(messages.ping);
				break;
			case MessageType.indirectPing:
				handler.indirectPing(messages.indirectPing);
				break;
			case MessageType.ack:
				handler.ack(messages.ack);
				break;
			case MessageType.nack:
				handler.nack(messages.nack);
				break;
			case MessageType.alive:
				handler.alive(messages.alive);
				break;
			case MessageType.suspect:
				handler.suspect(messages.accusation);
				break;
			case MessageType.dead:
				handler.dead(messages.accusation);
				break;
		}
	}

	#user(bytes: Uint8Array, start: number, end: number, handler: PacketHandler): void {
		if (start >= end || bytes[start] !== OWN_USER_MESSAGE) {
			this.#userBody.set(bytes, start, end);
			this.#options.tap?.user?.(this.#userBody);
			handler.user(this.#userBody);
			return;
		}
		const kind = start + 1 < end ? bytes[start + 1] : undefined;
		if (kind === SYNC_REQUEST) this.#readSyncRequest(bytes, start + 2, end, handler);
		else if (kind === SYNC_PAGE) this.#readSyncPage(bytes, start + 2, end, handler);
		else if (kind === BEACON) this.#readBeacon(bytes, start + 2, end, handler);
		else this.#refuse(handler, 'bad-sync', `kind ${kind}`);
	}

	#readBeacon(bytes: Uint8Array, start: number, end: number, handler: PacketHandler): void {
		try {
			readBeacon(bytes, start, end, this.#beacon);
		} catch (error) {
			this.#refuseError(handler, error);
			return;
		}
		handler.beacon(this.#beacon);
	}

	#readSyncRequest(bytes: Uint8Array, start: number, end: number, handler: PacketHandler): void {
		const message = this.#syncRequest;
		try {
			this.#onlyOne();
			readSyncRequest(bytes, start, end, message);
		} catch (error) {
			this.#refuseError(handler, error);
			return;
		}
		message.packetBytes = this.#packetBytes;
		handler.syncRequest(message);
	}

	/** Each is answered with up to three times the packet's length, so a packet may ask, or hand over, once only. */
	#onlyOne(): void {
		if (this.#syncSeen) throw new WireError('bad-sync', 'a second request or page in one packet');
		this.#syncSeen = true;
	}

	#readSyncPage(bytes: Uint8Array, start: number, end: number, handler: PacketHandler): void {
		const page = this.#syncPage;
		let table = 0;
		try {
			this.#onlyOne();
			table = readSyncPageHead(bytes, start, end, page);
		} catch (error) {
			this.#refuseError(handler, error);
			return;
		}
		page.packetBytes = this.#packetBytes;
		handler.syncPage(page);
		const count = bytes[table - 1] as number;
		let at = table + 2 * count;
		for (let i = 0; i < count; i++) {
			const next = at + uint16(bytes, table + 2 * i);
			const type = next > at ? bytes[at] : undefined;
			const isRecord = type === MessageType.alive || type === MessageType.suspect || type === MessageType.dead;
			if (isRecord) this.#message(bytes, at, next, handler);
			else this.#refuse(handler, 'bad-sync', `record of type ${type}`);
			at = next;
		}
		handler.syncPageEnd(page);
	}
}

function reject(handler: PacketHandler, error: unknown): void {
	if (!(error instanceof WireError)) throw error;
	handler.rejected(error.code, error.message);
}

function uint16(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function uint32(bytes: Uint8Array, at: number): number {
	return (uint16(bytes, at) * 0x1_0000 + uint16(bytes, at + 2)) >>> 0;
}
