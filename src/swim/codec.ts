// Port: bytes to messages and back. The machine knows no byte layout; `wire/` answers this port.

import type { ByteRange } from './bytes.ts';
import type { Identity } from './identity.ts';
import type {
	Accusation,
	Ack,
	Alive,
	BeaconMessage,
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
	/** Somebody asks whether the node that it names is there. */
	ping(message: Ping): void;
	/** Somebody asks us to ping another one. */
	indirectPing(message: IndirectPing): void;
	/** The answer to a ping. */
	ack(message: Ack): void;
	/** A helper has had no ack either. */
	nack(message: Nack): void;
	/** A member's word: it is there, at this address, with these tags. */
	alive(message: Alive): void;
	/** Somebody accuses a member. */
	suspect(message: Accusation): void;
	/** Somebody declares a member dead; the member itself, when it leaves. */
	dead(message: Accusation): void;
	/** An application message (memberlist type 8) that is not one of ours. */
	user(body: ByteRange): void;
	/** Somebody asks for the records of buckets that differ from its own (X3). */
	syncRequest(message: SyncRequest): void;
	/** Opens a page: the alive, suspect and dead calls until `syncPageEnd` are its records. */
	syncPage(message: SyncPage): void;
	/** Closes a page. */
	syncPageEnd(message: SyncPage): void;
	/** A stamped beacon, by which the spreading of news is measured. */
	beacon(message: BeaconMessage): void;
	/** A part of the packet, or all of it, was refused. Parts before it have been handed over. */
	rejected(code: RejectCode, detail: string): void;
}

/** Receives the messages of one stream. Arguments may be kept. */
export interface StreamHandler {
	/** A ping over a stream, for the node of that name. */
	streamPing(seqNo: number, node: Uint8Array): void;
	/** Its answer. */
	streamAck(seqNo: number): void;
	/** All that the peer knows. */
	pushPull(message: PushPull): void;
	/** An application message. */
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
	/** A ping to the node of that name, empty = whoever is there; with the digest of our view (X2) for our own nodes. */
	ping(seqNo: number, node: Uint8Array, digest: ViewDigest | undefined): void;
	/** Asks a helper to ping the target; `nack`: and to say when it gets no ack. */
	indirectPing(seqNo: number, target: Identity, nack: boolean): void;
	/** Answers a ping, with an application's payload and the digest of our view. */
	ack(seqNo: number, payload: Uint8Array | undefined, digest: ViewDigest | undefined): void;
	/** Says to whoever asked for help that there was no ack. */
	nack(seqNo: number): void;
	/** Appends a message that was encoded before (alive, suspect, dead, or `user`). At most `room` bytes. */
	message(encoded: Uint8Array): void;
	/** Asks for the records that differ from these sums, from the cursor on; filled up, for no page of the answer is longer. */
	syncRequest(nonce: number, cursor: SyncCursor, sums: Uint32Array): void;
	/**
	 * Starts a page; the records follow by `record` while they fit. A page stands alone in its packet. `differs`: 16 bytes,
	 * see SyncPage. `mostBytes`: the finished packet is to be no longer, where that is less than any packet may be.
	 */
	syncPage(nonce: number, differs: Uint8Array, mostBytes?: number): void;
	/** Adds one complete record to the page; false, and nothing is added, when it does not fit. */
	record(messages: readonly Uint8Array[]): boolean;
	/** Ends the page with its flags (only after `syncPage`). */
	endPage(flags: { readonly end: boolean; readonly push: boolean }): void;
	/** The finished packet, sealed. The bytes belong to the caller and are never written again. */
	finish(options: { readonly crc: boolean }): Uint8Array;
}

/** What the machine needs of a wire format. `createCodec` of longbow-mesh/wire makes the one that speaks memberlist. */
export interface Codec {
	/** Decodes one datagram. Never throws: what cannot be read is told by `rejected`. */
	readPacket(bytes: Uint8Array, handler: PacketHandler): void;
	/** An empty packet to fill, at most `packetBytes` long when finished. */
	packet(): PacketWriter;
	/** Bytes of label, encryption and compound overhead are deducted: the room of an empty packet. */
	readonly packetRoom: number;

	/** A member's word, encoded once and copied into packets by `message`. */
	alive(identity: Identity, incarnation: number): Uint8Array;
	/** An accusation by `from`. */
	suspect(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array;
	/** A death declared by `from`; a goodbye when `from` is the node itself. */
	dead(node: Uint8Array, incarnation: number, from: Uint8Array): Uint8Array;
	/** An application message for packets: type byte and body. */
	user(body: Uint8Array): Uint8Array;
	/** A beacon that is so old (X17). */
	beacon(number: number, ageMs: number): Uint8Array;

	/** `dialer`: whether this side opened the stream (the dialer alone writes the label header). */
	streamDecoder(role: 'dialer' | 'listener', handler: StreamHandler): StreamDecoder;
	/** A whole stream message: a ping. */
	streamPing(role: 'dialer' | 'listener', seqNo: number, node: Uint8Array): Uint8Array;
	/** A whole stream message: the answer to a ping. */
	streamAck(role: 'dialer' | 'listener', seqNo: number): Uint8Array;
	/** A whole stream message: all that we know. */
	streamPushPull(role: 'dialer' | 'listener', message: PushPull): Uint8Array;
	/** A whole stream message: why we refuse. */
	streamError(role: 'dialer' | 'listener', text: string): Uint8Array;

	/** Tags of a member's Meta (serf's encoding; anything else is one tag `role`, as serf reads it). */
	decodeTags(meta: Uint8Array): Readonly<Record<string, string>>;
	/** @throws {RangeError} when the encoded tags exceed 512 bytes. */
	encodeTags(tags: Readonly<Record<string, string>>): Uint8Array;
}
