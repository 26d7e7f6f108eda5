// The journal's bytes: a magic line, then blocks of `length | xxHash32 | body`; the first body is the header as JSON, the others are records.

import { type Address, type Instant, type RejectCode, utf8, utf8Text, xxHash32 } from '../swim/index.ts';

/** `LBMJ`, the version of the format, and a line feed. */
export const MAGIC: Uint8Array = Uint8Array.from([0x4c, 0x42, 0x4d, 0x4a, 1, 0x0a]);
export const BLOCK_HEAD_BYTES = 8;

/** What was found inside label and encryption of a packet that came in; `unread`: the machine did not look. */
export type Opened =
	| { readonly type: 'clear'; readonly bytes: Uint8Array }
	| { readonly type: 'refused'; readonly code: RejectCode; readonly detail: string }
	| { readonly type: 'unread' };

export type Entry =
	| { readonly type: 'timeout'; readonly now: Instant }
	| {
			readonly type: 'packet';
			readonly now: Instant;
			readonly from: Address;
			/** Length with label and encryption. */
			readonly packetBytes: number;
			readonly opened: Opened;
	  }
	/** Any other input, and what its stream said, as JSON (see `json.ts`). */
	| { readonly type: 'other'; readonly now: Instant; readonly json: string }
	/** After so many inputs the output hash was this. */
	| { readonly type: 'checkpoint'; readonly inputs: number; readonly hash: string }
	| { readonly type: 'end'; readonly reason: string };

const KINDS = ['timeout', 'packet', 'other', 'checkpoint', 'end'] as const;
const OPENED = ['clear', 'refused', 'unread'] as const;

export function encodeEntry(entry: Entry): Uint8Array {
	const kind = KINDS.indexOf(entry.type);
	switch (entry.type) {
		case 'timeout':
			return joined(head(kind, entry.now));
		case 'packet': {
			const { opened } = entry;
			const body =
				opened.type === 'clear'
					? opened.bytes
					: utf8(opened.type === 'refused' ? `${opened.code} ${opened.detail}` : '');
			const host = utf8(entry.from.host);
			const fixed = new DataView(new ArrayBuffer(12));
			fixed.setUint8(0, host.length);
			fixed.setUint16(1, entry.from.port);
			fixed.setUint32(3, entry.packetBytes);
			fixed.setUint8(7, OPENED.indexOf(opened.type));
			fixed.setUint32(8, body.length);
			return joined(head(kind, entry.now), new Uint8Array(fixed.buffer), host, body);
		}
		case 'other':
			return joined(head(kind, entry.now), sized(utf8(entry.json)));
		case 'checkpoint':
			return joined(head(kind, entry.inputs), utf8(entry.hash));
		case 'end':
			return joined(head(kind, 0), sized(utf8(entry.reason)));
	}
	return entry satisfies never;
}

/** Kind, and a number: the instant, or the count of inputs. */
function head(kind: number, value: number): Uint8Array {
	const view = new DataView(new ArrayBuffer(9));
	view.setUint8(0, kind);
	view.setFloat64(1, value);
	return new Uint8Array(view.buffer);
}

function sized(bytes: Uint8Array): Uint8Array {
	const length = new Uint8Array(4);
	new DataView(length.buffer).setUint32(0, bytes.length);
	return joined(length, bytes);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** A block around the records: length, checksum, records. */
export function encodeBlock(records: readonly Uint8Array[]): Uint8Array {
	const body = joined(...records);
	const block = new Uint8Array(BLOCK_HEAD_BYTES + body.length);
	const view = new DataView(block.buffer);
	view.setUint32(0, body.length);
	view.setUint32(4, xxHash32(body));
	block.set(body, BLOCK_HEAD_BYTES);
	return block;
}

/** The records of a block's body. @throws {RangeError} when they do not fill it. */
export function* decodeEntries(body: Uint8Array): Generator<Entry> {
	const view = new DataView(body.buffer, body.byteOffset, body.length);
	let at = 0;
	const take = (length: number): Uint8Array => {
		if (at + length > body.length) throw new RangeError('a record is longer than its block');
		at += length;
		return body.subarray(at - length, at);
	};
	const takeSized = (): Uint8Array => {
		take(4);
		return take(view.getUint32(at - 4));
	};
	while (at < body.length) {
		const start = at;
		take(9);
		const type = KINDS[view.getUint8(start)];
		const now = view.getFloat64(start + 1);
		if (type === 'timeout') yield { type, now };
		else if (type === 'other') yield { type, now, json: utf8Text(takeSized()) };
		else if (type === 'checkpoint') yield { type, inputs: now, hash: utf8Text(take(16)) };
		else if (type === 'end') yield { type, reason: utf8Text(takeSized()) };
		else if (type === 'packet') {
			const fixed = at;
			take(12);
			const host = utf8Text(take(view.getUint8(fixed)));
			const from = { host, port: view.getUint16(fixed + 1) };
			const bytes = take(view.getUint32(fixed + 8));
			yield {
				type,
				now,
				from,
				packetBytes: view.getUint32(fixed + 3),
				opened: opened(view.getUint8(fixed + 7), bytes),
			};
		} else throw new RangeError(`a record of kind ${view.getUint8(start)}`);
	}
}

function opened(kind: number, bytes: Uint8Array): Opened {
	const type = OPENED[kind];
	if (type === 'clear') return { type, bytes };
	if (type !== 'refused') return { type: 'unread' };
	const text = utf8Text(bytes);
	const space = text.indexOf(' ');
	return { type, code: text.slice(0, space) as RejectCode, detail: text.slice(space + 1) };
}
