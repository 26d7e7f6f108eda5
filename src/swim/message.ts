// The messages as the machine sees them: field holders that the decoder fills again for each message.

import { ByteRange } from './bytes.ts';

/** Message numbers of memberlist. Only ever append. */
export const MessageType = {
	ping: 0,
	indirectPing: 1,
	ack: 2,
	suspect: 3,
	alive: 4,
	dead: 5,
	pushPull: 6,
	compound: 7,
	user: 8,
	compress: 9,
	encrypt: 10,
	nack: 11,
	crc: 12,
	error: 13,
	label: 244,
} as const;

/** The sender's view digest (X2): two 32-bit sums. */
export interface ViewDigest {
	readonly a: number;
	readonly b: number;
}

/** Ping (0). All `source…` fields are optional on the wire; empty or 0 when absent. */
export class Ping {
	seqNo = 0;
	readonly node: ByteRange = new ByteRange();
	readonly sourceAddr: ByteRange = new ByteRange();
	sourcePort = 0;
	readonly sourceNode: ByteRange = new ByteRange();
	/** Version of the sender's extensions (X1): 0 = the key `lb` was absent, a foreign node. */
	extension = 0;
	digestA = 0;
	digestB = 0;
}

/** IndirectPing (1): please ping `node` at `target`:`port` and forward the ack under `seqNo`. */
export class IndirectPing {
	seqNo = 0;
	readonly target: ByteRange = new ByteRange();
	port = 0;
	readonly node: ByteRange = new ByteRange();
	nack = false;
	readonly sourceAddr: ByteRange = new ByteRange();
	sourcePort = 0;
	readonly sourceNode: ByteRange = new ByteRange();
}

/** AckResp (2). */
export class Ack {
	seqNo = 0;
	readonly payload: ByteRange = new ByteRange();
	/** As in {@link Ping}. */
	extension = 0;
	digestA = 0;
	digestB = 0;
}

/** NackResp (11). */
export class Nack {
	seqNo = 0;
}

/** Suspect (3) and dead (5): `from` accuses `node`; a dead with `from` = `node` is a leave. */
export class Accusation {
	incarnation = 0;
	readonly node: ByteRange = new ByteRange();
	readonly from: ByteRange = new ByteRange();
}

/** Alive (4): everything a member says about itself. */
export class Alive {
	incarnation = 0;
	readonly node: ByteRange = new ByteRange();
	readonly addr: ByteRange = new ByteRange();
	port = 0;
	readonly meta: ByteRange = new ByteRange();
	/** Six bytes: pmin, pmax, pcur, dmin, dmax, dcur. */
	readonly vsn: ByteRange = new ByteRange();
}

/** One entry of a push/pull. `state`: 0 alive, 1 suspect, 2 dead, 3 left. Plain bytes that may be kept. */
export interface PushPullNode {
	readonly name: Uint8Array;
	readonly addr: Uint8Array;
	readonly port: number;
	readonly meta: Uint8Array;
	readonly vsn: Uint8Array;
	readonly incarnation: number;
	readonly state: number;
}

/** PushPull (6), complete. */
export interface PushPull {
	readonly join: boolean;
	readonly nodes: readonly PushPullNode[];
	readonly userState: Uint8Array;
}

/** Position in a walk over a view in the order of name hashes: the first hash that is wanted (X3). Its top 7 bits are the bucket. */
export type SyncCursor = number;

/** X3 request: "these are my buckets; tell me of those that differ, from the cursor on". */
export class SyncRequest {
	nonce = 0;
	/** First name hash that is wanted, see {@link SyncCursor}. */
	cursor = 0;
	/** 128 pairs of sums: sums[2 i] and sums[2 i + 1] belong to bucket i. */
	readonly sums: Uint32Array = new Uint32Array(256);
	/** Bytes of the packet that carried it: no page of the answer may be longer. */
	packetBytes = 0;
}

/** X17: a beacon on its way. */
export class BeaconMessage {
	/** Number of the turn in which it was sent off. */
	number = 0;
	/** How long it had been on its way when it was sent on. */
	ageMs = 0;
}

/** X3 answer; its records follow as alive, suspect and dead messages. */
export class SyncPage {
	nonce = 0;
	/** 16 bytes: bit i (the lowest bit of byte 0 first) is set when bucket i of the two views differs. */
	readonly differs: ByteRange = new ByteRange();
	/** True when nothing follows. */
	end = false;
	/** True when the receiver did not ask: the asker sends back what the other lacks. */
	push = false;
	/** Length of the packet that it came in: what it is answered with is bounded by it. */
	packetBytes = 0;
}
