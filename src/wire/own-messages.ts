// The bytes of what only our own nodes say to each other: view sync (X3), a request with its buckets and a page of records; beacons (X17).
//
// All are user messages of a foreign cluster's point of view, marked by the first byte of their body:
//
//   request  08 fe 01 | nonce u32 | cursor u32 | 128 × (sum a u32, sum b u32) | zeros
//   page     08 fe 02 | nonce u32 | flags u8 | differs 16 bytes | count u8 | count × length u16 | bodies
//   beacon   08 fe 03 | number u32 | age in tenths of a millisecond u32
//
// All integers are big-endian. The cursor is the first name hash that is wanted. In `differs`, bit i
// (the lowest bit of the first byte first) is set when bucket i differs. Bit 0 of the flags says that nothing
// follows, bit 1 that the receiver did not ask; other bits are ignored. Each body is one alive,
// suspect or dead message with its type byte; there are at most 127. Bytes behind the last body are
// ignored. The zeros of a request are there for its length alone: an answer may be three times as
// long as the request, so that nobody can use a node to multiply what he sends to a forged address.
// The next page is asked for with a new request whose cursor has moved on, so the answerer keeps
// no session.

import {
	type BeaconMessage,
	MessageType,
	type SyncCursor,
	type SyncPage,
	type SyncRequest,
	WireError,
} from '../swim/index.ts';
import type { MsgpackWriter } from './msgpack-writer.ts';

/** First byte of the body of every user message that is ours. Applications must not begin theirs with it. */
export const OWN_USER_MESSAGE = 0xfe;
export const SYNC_REQUEST = 1;
export const SYNC_PAGE = 2;
export const BEACON = 3;

/** One bit for each of the 128 buckets. */
export const SYNC_DIFFERS_BYTES = 16;

const SUMS = 256;
/** Type, mark and kind. */
const MARK_BYTES = 3;
const REQUEST_BODY_BYTES = 4 + 4 + SUMS * 4;
const PAGE_BODY_HEAD_BYTES = 4 + 1 + SYNC_DIFFERS_BYTES + 1;

/** What a request is padded to where the packet has room for it. */
export const SYNC_REQUEST_PADDED_BYTES = 1_390;
/** A page before its length table, in bytes. */
export const SYNC_PAGE_HEAD_BYTES: number = MARK_BYTES + PAGE_BODY_HEAD_BYTES;
/** Parts of a page, as of a compound (trap 2). */
export const MAX_SYNC_RECORDS = 127;

const FLAG_END = 1;
const FLAG_PUSH = 2;

/** Writes a request, padded to `paddedBytes` if that is more than its own length. */
export function writeSyncRequest(
	w: MsgpackWriter,
	nonce: number,
	cursor: SyncCursor,
	sums: Uint32Array,
	paddedBytes: number,
): void {
	if (sums.length !== SUMS) throw new RangeError(`sums: ${sums.length} numbers are not ${SUMS}`);
	const start = w.at;
	writeMark(w, SYNC_REQUEST);
	w.uint32(nonce);
	w.uint32(cursor);
	for (let i = 0; i < SUMS; i++) w.uint32(sums[i] as number);
	w.zeros(Math.max(0, start + paddedBytes - w.at));
}

/** Writes the head of a page, before its length table. */
export function writeSyncPageHead(
	w: MsgpackWriter,
	nonce: number,
	flags: { readonly end: boolean; readonly push: boolean },
	differs: Uint8Array,
	count: number,
): void {
	writeMark(w, SYNC_PAGE);
	w.uint32(nonce);
	w.byte((flags.end ? FLAG_END : 0) | (flags.push ? FLAG_PUSH : 0));
	w.raw(differs);
	w.byte(count);
}

const BEACON_BODY_BYTES = 8;
/** Ages are written in tenths of a millisecond; what is older than days is written as that. */
const AGE_UNITS = 10;
const MAX_AGE = 0xffff_ffff;

export function writeBeacon(w: MsgpackWriter, number: number, ageMs: number): void {
	writeMark(w, BEACON);
	w.uint32(number);
	w.uint32(Math.min(MAX_AGE, Math.round(ageMs * AGE_UNITS)));
}

/** Fills `message` from what follows the kind byte. @throws {WireError} `bad-sync` */
export function readBeacon(bytes: Uint8Array, start: number, end: number, message: BeaconMessage): void {
	if (end - start < BEACON_BODY_BYTES) throw new WireError('bad-sync', 'beacon too short');
	message.number = uint32(bytes, start);
	message.ageMs = uint32(bytes, start + 4) / AGE_UNITS;
}

function writeMark(w: MsgpackWriter, kind: number): void {
	w.byte(MessageType.user);
	w.byte(OWN_USER_MESSAGE);
	w.byte(kind);
}

/** Fills `message` from what follows the kind byte. @throws {WireError} `bad-sync` */
export function readSyncRequest(bytes: Uint8Array, start: number, end: number, message: SyncRequest): void {
	if (end - start < REQUEST_BODY_BYTES) throw new WireError('bad-sync', 'request too short');
	message.nonce = uint32(bytes, start);
	message.cursor = uint32(bytes, start + 4);
	for (let i = 0, at = start + 8; i < SUMS; i++, at += 4) message.sums[i] = uint32(bytes, at);
}

/**
 * Fills `message` from what follows the kind byte and returns where the length table begins, with the
 * count in the byte before it and the bodies behind it. All of them have been found to be there: the
 * receiver must not take a page with a missing tail for a complete one.
 * @throws {WireError} `bad-sync`
 */
export function readSyncPageHead(bytes: Uint8Array, start: number, end: number, message: SyncPage): number {
	const table = start + PAGE_BODY_HEAD_BYTES;
	if (end < table) throw new WireError('bad-sync', 'page without a head');
	const count = bytes[table - 1] as number;
	if (count > MAX_SYNC_RECORDS) throw new WireError('bad-sync', `page of ${count} records`);
	let length = table + 2 * count;
	if (end < length) throw new WireError('bad-sync', 'page with a truncated table');
	for (let i = 0; i < count; i++)
		length += ((bytes[table + 2 * i] as number) << 8) | (bytes[table + 2 * i + 1] as number);
	if (end < length) throw new WireError('bad-sync', 'page with a truncated body');
	const flags = bytes[start + 4] as number;
	message.nonce = uint32(bytes, start);
	message.end = (flags & FLAG_END) !== 0;
	message.push = (flags & FLAG_PUSH) !== 0;
	message.differs.set(bytes, start + 5, start + 5 + SYNC_DIFFERS_BYTES);
	return table;
}

function uint32(bytes: Uint8Array, at: number): number {
	return (
		(((bytes[at] as number) << 24) |
			((bytes[at + 1] as number) << 16) |
			((bytes[at + 2] as number) << 8) |
			(bytes[at + 3] as number)) >>>
		0
	);
}
