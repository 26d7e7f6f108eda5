// Port: bytes to messages and back. The machine knows no byte layout; `wire/` answers this port.

import type { ByteRange } from './bytes.ts';
import type { Identity } from './identity.ts';
import type {
	Accusation,
	Ack,
	Alive,
	IndirectPing,
	Nack,
	Ping,
	PushPull,
	SyncCursor,
	SyncPage,
	SyncRequest,
	ViewDigest,
} from './message.ts';

/** Why bytes were refused. One counter each; a closed list, so that no label grows without bound. */
export type RejectCode =
	| 'empty'
	| 'truncated'
	| 'bad-msgpack'
	| 'bad-field'
	| 'bad-label'
	| 'cannot-decrypt'
	| 'bad-crc'
	| 'bad-compression'
	| 'too-deep'
	| 'too-large'
	| 'unknown-type'
	| 'bad-sync'
	// refused by the machine
	| 'not-for-us'
	| 'bad-incarnation'
	| 'bad-version'
	| 'bad-address'
	| 'bad-meta'
	| 'accuser-not-alive'
	| 'unknown-member'
	| 'table-full'
	| 'too-many'
	| 'muted'
	| 'name-conflict'
	| 'address-not-allowed'
	| 'name-not-allowed';

/** A peer's nonsense. Thrown by `wire/` alone; the state of whoever catches it is unchanged. */
export class WireError extends Error {
	readonly code: RejectCode;
	constructor(code: RejectCode, message: string) {
		super(message);
		this.name = 'WireError';
		this.code = code;
	}
}

/** Receives the messages of one packet, in order. Every argument is valid only during the call. */
export interface PacketHandler {
	ping(message: Ping): void;
	indirectPing(message: IndirectPing): void;
	ack(message: Ack): void;
	nack(message: Nack): void;
	alive(message: Alive): void;
	suspect(message: Accusation): void;
	dead(message: Accusation): void;
	/** An application message (memberlist type 8) that is not one of ours. */
	user(body: ByteRange): void;
	syncRequest(message: SyncRequest): void;
	/** Opens a page: the alive, suspect and dead calls until `syncPageEnd` are its records. */
	syncPage(message: SyncPage): void;
	syncPageEnd(message: SyncPage): void;
	/** A part of the packet, or all of it, was refused. Parts before it have been handed over. */
	rejected(code: RejectCode, detail: string): void;
}

/** Receives the messages of one stream. Arguments may be kept. */
export interface StreamHandler {
	streamPing(seqNo: number, node: Uint8Array): void;
	streamAck(seqNo: number): void;
	pushPull(message: PushPull): void;
	streamUser(body: Uint8Array): void;
	/** The peer refused what we sent. */
	streamError(text: string): void;
}

/** Decodes one direction of one stream, in chunks of any size. */
export interface StreamDecoder {
	/**
	 * Takes the next bytes; calls the handler for each complete message.
	 * @throws {WireError} on nonsense or on a limit; the stream is then to be reset.
	 */
	push(bytes: Uint8Array): void;
	/** True when bytes of an incomplete message are waiting: an end of stream now is a truncation. */
	readonly pending: boolean;
	/** About how much memory the incomplete message takes, in bytes. */
	readonly held: number;
}

/** A packet under construction. One writer serves all packets: finish one before the next `packet()`. */
export interface PacketWriter {
	/** The largest encoded message that still fits as one more part, in bytes. */
	readonly room: number;
	/** The number of parts so far. */
	readonly parts: number;
	ping(seqNo: number, node: Uint8Array, digest: ViewDigest | undefined): void;
	indirectPing(seqNo: number, target: Identity, nack: boolean): void;
	ack(seqNo: number, payload: Uint8Array | undefined, digest: ViewDigest | undefined): void;
	nack(seqNo: number): void;
	/** Appends a message that was encoded before (alive, suspect, dead, or `user`). At most `room` bytes. */
	message(encoded: Uint8Array): void;
	syncRequest(nonce: number, cursor: SyncCursor, sums: Uint32Array): void;
	/** Starts a page; the records follow by `record` while they fit. A page stands alone in its packet. `differs`: 16 bytes, see SyncPage. */
	syncPage(nonce: number, differs: Uint8Array): void;
	/** Adds one complete record to the page; false, and nothing is added, when it does not fit. */
	record(messages: readonly Uint8Array[]): boolean;
	/** Ends the page with its flags (only after `syncPage`). */
	endPage(flags: { readonly end: boolean; readonly push: boolean }): void;
	/** The finished packet, sealed. The bytes belong to the caller and are never written again. */
	finish(options: { readonly crc: boolean }): Uint8Array;
}

export interface Codec {
	/** Decodes one datagram. Never throws: what cannot be read is told by `rejected`. */
	readPacket(bytes: Uint8Array, handler: PacketHandler): void;
	/** An empty packet to fill, at most `packetBytes` long when finished. */
	packet(): PacketWriter;
	/** Bytes of label, encryption and compound overhead are deducted: the room of an empty packet. */
	readonly packetRoom: number;

	alive(identity: Identity, incarnation: number): Uint8Array;
	suspect(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array;
	dead(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array;
	/** An application message for packets: type byte and body. */
	user(body: Uint8Array): Uint8Array;

	/** `dialer`: whether this side opened the stream (the dialer alone writes the label header). */
	streamDecoder(role: 'dialer' | 'listener', handler: StreamHandler): StreamDecoder;
	streamPing(role: 'dialer' | 'listener', seqNo: number, node: Uint8Array): Uint8Array;
	streamAck(role: 'dialer' | 'listener', seqNo: number): Uint8Array;
	streamPushPull(role: 'dialer' | 'listener', message: PushPull): Uint8Array;
	streamError(role: 'dialer' | 'listener', text: string): Uint8Array;

	/** Tags of a member's Meta (serf's encoding; anything else is one tag `role`, as serf reads it). */
	decodeTags(meta: Uint8Array): Readonly<Record<string, string>>;
	/** @throws {RangeError} when the encoded tags exceed 512 bytes. */
	encodeTags(tags: Readonly<Record<string, string>>): Uint8Array;
}
