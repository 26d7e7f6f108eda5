// LZW as Go's compress/lzw writes it: the GIF flavour, LSB first, 8-bit literals, codes of 9 to 12 bits.

import { WireError } from '../swim/index.ts';

const CLEAR = 256;
const END = 257;
const FIRST_WIDTH = 9;
const LAST_WIDTH = 12;
const MAX_CODE = 4095;

// Scratch of this module: neither function calls out while it uses it.
const HASH_BITS = 13;
/** Hash slot → table code, 0 when free. */
const slots = new Uint16Array(1 << HASH_BITS);
/** Table code → what it stands for when encoding: code of the prefix, and the byte after it. */
const keys = new Uint32Array(MAX_CODE + 1);
/** Table code → the place and length of its expansion in the output, when decoding. */
const entryStart = new Uint32Array(MAX_CODE + 1);
const entryLength = new Uint16Array(MAX_CODE + 1);

/** The compressed form, byte for byte what Go's writer gives. */
export function compress(input: Uint8Array): Uint8Array {
	const bits = new BitWriter(input.length);
	slots.fill(0);
	bits.write(CLEAR);
	if (input.length === 0) {
		bits.write(END);
		return bits.finish();
	}
	let code = input[0]!;
	for (let i = 1; i < input.length; i++) {
		const byte = input[i]!;
		const key = (code << 8) | byte;
		let slot = Math.imul(key, 0x9e3779b1) >>> (32 - HASH_BITS);
		let known = slots[slot]!;
		while (known !== 0 && keys[known] !== key) {
			slot = (slot + 1) & (slots.length - 1);
			known = slots[slot]!;
		}
		if (known !== 0) {
			code = known;
			continue;
		}
		bits.writeData(code);
		code = byte;
		if (bits.last === END) {
			slots.fill(0);
		} else {
			slots[slot] = bits.last;
			keys[bits.last] = key;
		}
	}
	bits.writeData(code);
	bits.write(END);
	return bits.finish();
}

/** Writes codes, and counts them as the reader will: the width follows from the count alone. */
class BitWriter {
	/** The newest table code; `END` after a clear, when the table is empty. */
	last: number = END;
	#width = FIRST_WIDTH;
	#held = 0;
	#heldBits = 0;
	#length = 0;
	readonly #output: Uint8Array;

	constructor(inputBytes: number) {
		// Each byte becomes at most one code of 12 bits, with a clear at most every 3,837 codes.
		const codes = inputBytes + Math.ceil(inputBytes / 3000) + 3;
		this.#output = new Uint8Array(Math.ceil((codes * LAST_WIDTH) / 8));
	}

	write(code: number): void {
		this.#held |= code << this.#heldBits;
		this.#heldBits += this.#width;
		while (this.#heldBits >= 8) {
			this.#output[this.#length++] = this.#held;
			this.#held >>>= 8;
			this.#heldBits -= 8;
		}
	}

	/** A literal or a table code: makes room for one more table code, with a wider code or a clear. */
	writeData(code: number): void {
		this.write(code);
		this.last++;
		if (this.last === 1 << this.#width) this.#width++;
		if (this.last === MAX_CODE) {
			this.write(CLEAR);
			this.last = END;
			this.#width = FIRST_WIDTH;
		}
	}

	finish(): Uint8Array {
		if (this.#heldBits > 0) this.#output[this.#length++] = this.#held;
		return this.#output.subarray(0, this.#length);
	}
}

/**
 * The original of a compressed form; bytes after the end code are ignored, as in Go.
 * Allocates no more than `maxBytes` of output, whatever the input claims.
 * @throws {WireError} `bad-compression` on an impossible code or a missing end, `too-large` beyond `maxBytes`.
 */
export function decompress(input: Uint8Array, maxBytes: number): Uint8Array {
	let output = new Uint8Array(Math.min(maxBytes, 64 + input.length * 4));
	let length = 0;
	let width = FIRST_WIDTH;
	let last = END;
	/** Place and length of the previous expansion; length 0 when there is none to build an entry from. */
	let previousStart = 0;
	let previousLength = 0;
	let held = 0;
	let heldBits = 0;
	let position = 0;
	for (;;) {
		while (heldBits < width) {
			if (position === input.length) throw new WireError('bad-compression', 'LZW: the end code is missing');
			held |= input[position++]! << heldBits;
			heldBits += 8;
		}
		const code = held & ((1 << width) - 1);
		held >>>= width;
		heldBits -= width;
		if (code === END) return output.subarray(0, length);
		if (code === CLEAR) {
			width = FIRST_WIDTH;
			last = END;
			previousLength = 0;
			continue;
		}
		if (code > last) throw new WireError('bad-compression', 'LZW: invalid code');
		if (previousLength > 0) {
			// The previous expansion and the first byte of this one stand side by side in the output: the new
			// entry is that stretch, even where its last byte is only about to be written.
			entryStart[last] = previousStart;
			entryLength[last] = previousLength + 1;
		}
		const size = code < CLEAR ? 1 : entryLength[code]!;
		if (length + size > output.length) output = grown(output, length + size, maxBytes);
		if (code < CLEAR) output[length] = code;
		else copyForward(output, entryStart[code]!, length, size);
		previousStart = length;
		previousLength = size;
		length += size;
		last++;
		if (last === 1 << width) {
			if (width < LAST_WIDTH) {
				width++;
			} else {
				// The table is full: it stays as it is until a clear. Go's writer never gets here.
				last = MAX_CODE;
				previousLength = 0;
			}
		}
	}
}

/** Byte by byte, because the source may reach into what is being written. */
function copyForward(bytes: Uint8Array, from: number, to: number, length: number): void {
	for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i]!;
}

function grown(output: Uint8Array, needed: number, maxBytes: number): Uint8Array<ArrayBuffer> {
	if (needed > maxBytes) throw new WireError('too-large', `LZW: more than ${maxBytes} bytes`);
	const larger = new Uint8Array(Math.min(maxBytes, Math.max(needed, output.length * 2)));
	larger.set(output);
	return larger;
}
