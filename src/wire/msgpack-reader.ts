// Reads msgpack in place, without building objects: the dialect of go-msgpack (wire spec §3.2).

import { type ByteRange, WireError } from '../swim/index.ts';
import type { PackedNames } from './packed-names.ts';

/**
 * A cursor over `bytes[at, end)`. Every method reads one value and moves on; a nil is the zero value
 * of whatever was asked for, as in Go.
 *
 * All methods throw {@link WireError}: `truncated` when the bytes end inside a value (a stream then
 * waits for more), `bad-field` for a value of another kind or out of range, `bad-msgpack` for what
 * is no msgpack at all. After an error the position means nothing.
 */
export class MsgpackReader {
	bytes: Uint8Array = new Uint8Array(0);
	at = 0;
	end = 0;

	/** Begins anew, on other bytes. */
	reset(bytes: Uint8Array, start = 0, end: number = bytes.length): void {
		this.bytes = bytes;
		this.at = start;
		this.end = end;
	}

	/** Whether everything has been read. */
	get done(): boolean {
		return this.at >= this.end;
	}

	/** The number of key-value pairs that follow. Nothing is allocated for them, so a lie costs nothing. */
	mapHeader(): number {
		const tag = this.byte();
		if (tag >= 0x80 && tag <= 0x8f) return tag & 0x0f;
		if (tag === 0xde) return this.bigEndian(2);
		if (tag === 0xdf) return this.bigEndian(4);
		if (tag === 0xc0) return 0;
		throw unexpected('a map', tag);
	}

	/** The number of elements that follow. */
	arrayHeader(): number {
		const tag = this.byte();
		if (tag >= 0x90 && tag <= 0x9f) return tag & 0x0f;
		if (tag === 0xdc) return this.bigEndian(2);
		if (tag === 0xdd) return this.bigEndian(4);
		if (tag === 0xc0) return 0;
		throw unexpected('an array', tag);
	}

	/**
	 * Reads a map key and returns its index in `names` (made by `fieldNames`), or -1 when it is not
	 * there. The search begins at `hint`: peers write keys in the order of the table, so the index
	 * after the previous one nearly always hits at once.
	 */
	key(names: readonly Uint8Array[], hint: number): number {
		const count = names.length;
		for (let tried = 0, index = hint < count ? hint : 0; tried < count; tried++) {
			if (this.#startsWith(names[index] as Uint8Array)) {
				this.at += (names[index] as Uint8Array).length;
				return index;
			}
			index = index + 1 < count ? index + 1 : 0;
		}
		return this.#foreignKey(names);
	}

	/** As {@link key}, and quicker where the key at `hint` is the one that comes. */
	field(packed: PackedNames, hint: number): number {
		const length = packed.match(hint, this.bytes, this.at, this.end);
		if (length === 0) return this.key(packed.names, hint);
		this.at += length;
		return hint;
	}

	/** An integer of any width, signed or not, from 0 to 2⁵³ - 1. */
	uint(): number {
		const tag = this.byte();
		if (tag <= 0x7f) return tag;
		switch (tag) {
			case 0xc0:
				return 0;
			case 0xcc:
				return this.byte();
			case 0xcd:
				return this.bigEndian(2);
			case 0xce:
				return this.bigEndian(4);
			case 0xcf:
				return this.#uint64();
			case 0xd0:
				return positive(this.bigEndian(1), 0x80);
			case 0xd1:
				return positive(this.bigEndian(2), 0x8000);
			case 0xd2:
				return positive(this.bigEndian(4), 0x8000_0000);
			case 0xd3:
				return this.#uint64();
		}
		throw unexpected('a non-negative integer', tag);
	}

	/** An integer that fits 32 bits unsigned. */
	uint32(): number {
		const value = this.uint();
		if (value > 0xffff_ffff) throw new WireError('bad-field', `${value} does not fit 32 bits`);
		return value;
	}

	/** An integer that fits 16 bits unsigned. */
	uint16(): number {
		const value = this.uint();
		if (value > 0xffff) throw new WireError('bad-field', `${value} does not fit 16 bits`);
		return value;
	}

	/** True or false; also 1 or 0, which real decoders take. */
	bool(): boolean {
		const tag = this.byte();
		if (tag === 0xc3 || tag === 0x01) return true;
		if (tag === 0xc2 || tag === 0x00 || tag === 0xc0) return false;
		throw unexpected('a bool', tag);
	}

	/** A 64-bit float. @throws {WireError} when something else stands here. */
	float64(): number {
		const tag = this.byte();
		if (tag === 0xc0) return 0;
		if (tag !== 0xcb && tag !== 0xca) throw unexpected('a float', tag);
		const size = tag === 0xcb ? 8 : 4;
		const at = this.#take(size);
		const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + at, size);
		return size === 8 ? view.getFloat64(0) : view.getFloat32(0);
	}

	/** A byte string, text or binary alike: `into` becomes the range of it in the bytes that are being read. */
	range(into: ByteRange): void {
		// Nearly all are shorter than 32 bytes; this path is short enough to be inlined.
		const at = this.at;
		if (at < this.end) {
			const tag = this.bytes[at] as number;
			const next = at + 1 + (tag & 0x1f);
			if ((tag & 0xe0) === 0xa0 && next <= this.end) {
				this.at = next;
				into.set(this.bytes, at + 1, next);
				return;
			}
		}
		this.#longRange(into);
	}

	#longRange(into: ByteRange): void {
		const length = this.#stringLength();
		const start = this.#take(length);
		into.set(this.bytes, start, start + length);
	}

	/** A byte string as a view on the bytes that are being read. */
	view(): Uint8Array {
		const length = this.#stringLength();
		const start = this.#take(length);
		return this.bytes.subarray(start, start + length);
	}

	/** Passes over one value of any kind. Nesting is counted, not recursed into, so depth needs no limit. */
	skip(): void {
		for (let left = 1; left > 0; left--) {
			const tag = this.byte();
			if (tag <= 0x7f || tag >= 0xe0) continue;
			if (tag <= 0x8f) left += 2 * (tag & 0x0f);
			else if (tag <= 0x9f) left += tag & 0x0f;
			else if (tag <= 0xbf) this.#take(tag & 0x1f);
			else left += this.#skipTagged(tag);
		}
	}

	/** The next byte as it is. */
	byte(): number {
		if (this.at >= this.end) throw truncated();
		return this.bytes[this.at++] as number;
	}

	/** An unsigned big-endian integer of 1, 2 or 4 bytes, without a tag. */
	bigEndian(size: 1 | 2 | 4): number {
		const at = this.#take(size);
		const bytes = this.bytes;
		if (size === 1) return bytes[at] as number;
		const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
		if (size === 2) return high;
		return ((high << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0;
	}

	#take(size: number): number {
		const at = this.at;
		if (size > this.end - at) throw truncated();
		this.at = at + size;
		return at;
	}

	#startsWith(name: Uint8Array): boolean {
		const { bytes, at } = this;
		const length = name.length;
		if (length > this.end - at) return false;
		for (let i = 0; i < length; i++) if (bytes[at + i] !== name[i]) return false;
		return true;
	}

	// A key that we do not know, or a known one in an encoding that no memberlist peer writes.
	#foreignKey(names: readonly Uint8Array[]): number {
		const key = this.view();
		return names.findIndex((name) => name.length === key.length + 1 && key.every((byte, i) => byte === name[i + 1]));
	}

	#stringLength(): number {
		const tag = this.byte();
		if (tag >= 0xa0 && tag <= 0xbf) return tag & 0x1f;
		switch (tag) {
			case 0xc0:
				return 0;
			case 0xc4:
			case 0xd9:
				return this.byte();
			case 0xc5:
			case 0xda:
				return this.bigEndian(2);
			case 0xc6:
			case 0xdb:
				return this.bigEndian(4);
		}
		throw unexpected('a byte string', tag);
	}

	#uint64(): number {
		const high = this.bigEndian(4);
		const low = this.bigEndian(4);
		if (high > 0x1f_ffff) throw new WireError('bad-field', 'integer negative or above 2^53 - 1');
		return high * 0x1_0000_0000 + low;
	}

	// Passes over the rest of a value with a tag from 0xc0 to 0xdf; returns how many values it contains.
	#skipTagged(tag: number): number {
		if (tag === 0xdc || tag === 0xdd) return this.bigEndian(tag === 0xdc ? 2 : 4);
		if (tag === 0xde || tag === 0xdf) return 2 * this.bigEndian(tag === 0xde ? 2 : 4);
		if (tag === 0xc1) throw new WireError('bad-msgpack', 'tag c1 is not used in msgpack');
		const lengthSize = LENGTH_SIZE[tag - 0xc0] as 0 | 1 | 2 | 4;
		const length = lengthSize === 0 ? 0 : this.bigEndian(lengthSize);
		this.#take(length + (PAYLOAD_SIZE[tag - 0xc0] as number));
		return 0;
	}
}

// For the tags c0..db: the bytes of the length that follows the tag, and the bytes that follow in any case.
// nil, (unused), false, true, bin 8 16 32, ext 8 16 32, float 32 64, uint 8..64, int 8..64, fixext 1..16, str 8 16 32
const LENGTH_SIZE = [0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4];
const PAYLOAD_SIZE = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, 0, 0, 0];

function positive(value: number, signBit: number): number {
	if (value >= signBit) throw new WireError('bad-field', 'negative integer');
	return value;
}

function truncated(): WireError {
	return new WireError('truncated', 'the bytes end inside a value');
}

function unexpected(wanted: string, tag: number): WireError {
	return new WireError(tag === 0xc1 ? 'bad-msgpack' : 'bad-field', `tag ${tag.toString(16)} is not ${wanted}`);
}
