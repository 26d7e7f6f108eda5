// A member's tags in its Meta, as serf encodes them: `ff` and a msgpack map of strings (wire spec §11.2).

import { compareBytes, utf8, utf8Text, WireError } from '../swim/index.ts';
import { MsgpackReader } from './msgpack-reader.ts';
import { MsgpackWriter } from './msgpack-writer.ts';

const TAGS_MAGIC = 0xff;
/** memberlist net.go: MetaMaxSize. */
const MAX_META_BYTES = 512;

const reader = new MsgpackReader();

/**
 * The same tags always give the same bytes: keys stand in byte order.
 * @throws {RangeError} when they exceed 512 bytes.
 */
export function encodeTags(tags: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
	const entries = Object.entries(tags).map(([key, value]) => ({ key: utf8(key), value: utf8(value) }));
	entries.sort((a, b) => compareBytes(a.key, b.key));
	const writer = new MsgpackWriter(MAX_META_BYTES);
	writer.byte(TAGS_MAGIC);
	writer.mapHeader(entries.length);
	for (const { key, value } of entries) {
		writer.str(key);
		writer.str(value);
	}
	if (writer.at > MAX_META_BYTES) {
		throw new RangeError(`tags: ${writer.at} bytes encoded; at most ${MAX_META_BYTES} are allowed`);
	}
	return writer.copy();
}

/**
 * Tags for display. A Meta of another application is one tag `role`, as in serf; a map that cannot be
 * read gives no tags. Never encode the result again for another member: only its own bytes are its Meta.
 */
export function decodeTags(meta: Uint8Array): Readonly<Record<string, string>> {
	if (meta.length === 0) return {};
	if (meta[0] !== TAGS_MAGIC) return { role: utf8Text(meta) };
	try {
		return readTags(meta);
	} catch (error) {
		if (error instanceof WireError) return {};
		throw error;
	}
}

function readTags(meta: Uint8Array): Readonly<Record<string, string>> {
	reader.reset(meta, 1);
	// Pairs end with the bytes at the latest, so the count needs no limit of its own.
	const pairs: [string, string][] = [];
	for (let left = reader.mapHeader(); left > 0; left--) pairs.push([utf8Text(reader.view()), utf8Text(reader.view())]);
	// Not by assignment: a peer may well name a tag `__proto__`.
	return Object.fromEntries(pairs);
}
