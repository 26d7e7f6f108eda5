// Encodes each packet message: its type byte and the map of its fields, in memberlist's order (wire spec §4).

import { EXTENSION_VERSION, type Identity, MessageType, type ViewDigest } from '../swim/index.ts';
import { ACCUSATION, ACK, ALIVE, INDIRECT_PING, NACK, PING } from './fields.ts';
import type { MsgpackWriter } from './msgpack-writer.ts';

const [PING_NODE, PING_SEQ_NO, , , , PING_LB] = PING as Names;
const [ACK_PAYLOAD, ACK_SEQ_NO, ACK_LB] = ACK as Names;
const [NACK_SEQ_NO] = NACK as Names;
const [RELAY_NACK, RELAY_NODE, RELAY_PORT, RELAY_SEQ_NO, , , , RELAY_TARGET] = INDIRECT_PING as Names;
const [FROM, INCARNATION, NODE] = ACCUSATION as Names;
const [ALIVE_ADDR, ALIVE_INCARNATION, ALIVE_META, ALIVE_NODE, ALIVE_PORT, ALIVE_VSN] = ALIVE as Names;

/** A table of `fields.ts` taken apart: the positions named above are there. */
type Names = [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];

// The Source* fields are never written: the receiver answers to where the packet came from (X1).

/** Ping (0); with a digest, also the extra key `lb`, which foreign nodes must not get (X1). */
export function writePing(w: MsgpackWriter, seqNo: number, node: Uint8Array, digest: ViewDigest | undefined): void {
	w.byte(MessageType.ping);
	w.mapHeader(digest ? 3 : 2);
	w.raw(PING_NODE);
	w.str(node);
	w.raw(PING_SEQ_NO);
	w.uint(seqNo);
	if (digest) writeExtension(w, PING_LB, digest);
}

/** IndirectPing (1). */
export function writeIndirectPing(w: MsgpackWriter, seqNo: number, target: Identity, nack: boolean): void {
	w.byte(MessageType.indirectPing);
	w.mapHeader(5);
	w.raw(RELAY_NACK);
	w.bool(nack);
	w.raw(RELAY_NODE);
	w.str(target.nameBytes);
	w.raw(RELAY_PORT);
	w.uint(target.port);
	w.raw(RELAY_SEQ_NO);
	w.uint(seqNo);
	w.raw(RELAY_TARGET);
	w.str(target.addressBytes);
}

/** AckResp (2). Without a payload its key is left out, which every memberlist reads as nil. */
export function writeAck(
	w: MsgpackWriter,
	seqNo: number,
	payload: Uint8Array | undefined,
	digest: ViewDigest | undefined,
): void {
	w.byte(MessageType.ack);
	w.mapHeader(1 + (payload ? 1 : 0) + (digest ? 1 : 0));
	if (payload) {
		w.raw(ACK_PAYLOAD);
		w.str(payload);
	}
	w.raw(ACK_SEQ_NO);
	w.uint(seqNo);
	if (digest) writeExtension(w, ACK_LB, digest);
}

/** NackResp (11). */
export function writeNack(w: MsgpackWriter, seqNo: number): void {
	w.byte(MessageType.nack);
	w.mapHeader(1);
	w.raw(NACK_SEQ_NO);
	w.uint(seqNo);
}

/** Suspect (3) or dead (5). */
export function writeAccusation(
	w: MsgpackWriter,
	type: typeof MessageType.suspect | typeof MessageType.dead,
	node: Uint8Array,
	incarnation: number,
	from: Uint8Array,
): void {
	w.byte(type);
	w.mapHeader(3);
	w.raw(FROM);
	w.str(from);
	w.raw(INCARNATION);
	w.uint(incarnation);
	w.raw(NODE);
	w.str(node);
}

/** Alive (4). An empty Meta is nil, as memberlist without a delegate writes it. */
export function writeAlive(w: MsgpackWriter, identity: Identity, incarnation: number): void {
	w.byte(MessageType.alive);
	w.mapHeader(6);
	w.raw(ALIVE_ADDR);
	w.str(identity.addressBytes);
	w.raw(ALIVE_INCARNATION);
	w.uint(incarnation);
	w.raw(ALIVE_META);
	if (identity.meta.length === 0) w.nil();
	else w.str(identity.meta);
	w.raw(ALIVE_NODE);
	w.str(identity.nameBytes);
	w.raw(ALIVE_PORT);
	w.uint(identity.port);
	w.raw(ALIVE_VSN);
	w.str(identity.vsn);
}

/** Bytes of the value of `lb`: the version and the two sums of the digest. */
export const EXTENSION_BYTES = 9;

function writeExtension(w: MsgpackWriter, name: Uint8Array, digest: ViewDigest): void {
	w.raw(name);
	w.byte(0xa0 | EXTENSION_BYTES);
	w.byte(EXTENSION_VERSION);
	w.uint32(digest.a);
	w.uint32(digest.b);
}
