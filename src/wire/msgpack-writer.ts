// Writes msgpack as go-msgpack's old format does, which every memberlist version reads (wire spec §3.1).

import { utf8 } from '../swim/index.ts';

/**
 * Encodes the names of a struct's fields for `MsgpackReader.key` and `MsgpackWriter.raw`: each with
 * its length byte before it. Give them in byte order, which is the order of the wire.
 */
export function fieldNames(...names: readonly string[]): readonly Uint8Array[] {
	return names.map((name) => {
		const bytes = utf8(name);
		if (bytes.length > 31) throw new RangeError(`field name ${name} is longer than 31 bytes`);
		return Uint8Array.of(0xa0 | bytes.length, ...bytes);
	});
}

/** Appends to `bytes[0, at)`, which grows as needed. Every byte of a value is written before the method returns. */
export class MsgpackWriter {
	bytes: Uint8Array;
	at = 0;

	constructor(initialBytes = 256) {
		this.bytes = new Uint8Array(initialBytes);
	}

	/** Starts anew in the same buffer. */
	reset(): void {
		this.at = 0;
	}

	/** A copy of exactly what has been written; it may be kept. */
	copy(): Uint8Array<ArrayBuffer> {
		return new Uint8Array(this.bytes.subarray(0, this.at));
	}

	/** So many keys with their values follow. */
	mapHeader(entries: number): void {
		if (entries <= 15) this.byte(0x80 | entries);
		else this.#header16or32(0xde, entries);
	}

	/** So many elements follow. */
	arrayHeader(elements: number): void {
		if (elements <= 15) this.byte(0x90 | elements);
		else this.#header16or32(0xdc, elements);
	}

	/** A string or byte string: one format for both, without the `str 8` and `bin` of newer msgpack (trap 1). */
	str(value: Uint8Array, start = 0, end: number = value.length): void {
		const length = end - start;
		if (length <= 31) this.byte(0xa0 | length);
		else this.#header16or32(0xda, length);
		this.raw(value, start, end);
	}

	/** Nothing, as a value. */
	nil(): void {
		this.byte(0xc0);
	}

	/** A truth value. */
	bool(value: boolean): void {
		this.byte(value ? 0xc3 : 0xc2);
	}

	/** An integer from 0 to 2⁵³ - 1 in its shortest unsigned form. */
	uint(value: number): void {
		if (value <= 0x7f) {
			this.byte(value);
		} else if (value <= 0xff) {
			this.byte(0xcc);
			this.byte(value);
		} else if (value <= 0xffff) {
			this.byte(0xcd);
			this.uint16(value);
		} else if (value <= 0xffff_ffff) {
			this.byte(0xce);
			this.uint32(value);
		} else {
			this.byte(0xcf);
			this.uint32(Math.floor(value / 0x1_0000_0000));
			this.uint32(value >>> 0);
		}
	}

	/** Always eight bytes, never shortened. */
	float64(value: number): void {
		this.reserve(9);
		this.byte(0xcb);
		new DataView(this.bytes.buffer, this.bytes.byteOffset).setFloat64(this.at, value);
		this.at += 8;
	}

	/** Bytes as they are, such as a field name made by {@link fieldNames}. */
	raw(value: Uint8Array, start = 0, end: number = value.length): void {
		const length = end - start;
		this.reserve(length);
		const { bytes, at } = this;
		// For the few bytes of a field, `set` costs more to call than the loop does.
		if (length <= 32) for (let i = 0; i < length; i++) bytes[at + i] = value[start + i] as number;
		else bytes.set(length === value.length ? value : value.subarray(start, end), at);
		this.at = at + length;
	}

	/** One raw byte, without a header. */
	byte(value: number): void {
		if (this.at === this.bytes.length) this.reserve(1);
		this.bytes[this.at++] = value;
	}

	/** Two bytes, big-endian, without a tag. */
	uint16(value: number): void {
		this.reserve(2);
		this.bytes[this.at++] = value >>> 8;
		this.bytes[this.at++] = value;
	}

	/** Four bytes, big-endian, without a tag. */
	uint32(value: number): void {
		this.reserve(4);
		this.bytes[this.at++] = value >>> 24;
		this.bytes[this.at++] = value >>> 16;
		this.bytes[this.at++] = value >>> 8;
		this.bytes[this.at++] = value;
	}

	/** So many raw zero bytes, without a header. */
	zeros(count: number): void {
		this.reserve(count);
		this.bytes.fill(0, this.at, this.at + count);
		this.at += count;
	}

	/** Makes room for `size` more bytes. */
	reserve(size: number): void {
		const needed = this.at + size;
		if (needed <= this.bytes.length) return;
		const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
		grown.set(this.bytes.subarray(0, this.at));
		this.bytes = grown;
	}

	#header16or32(tag16: number, count: number): void {
		if (count <= 0xffff) {
			this.byte(tag16);
			this.uint16(count);
		} else {
			this.byte(tag16 + 1);
			this.uint32(count);
		}
	}
}
