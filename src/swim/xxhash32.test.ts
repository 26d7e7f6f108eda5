// xxHash32 against published vectors.
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { xxHash32, xxHash32Words } from './xxhash32.ts';

const SEED = 0x9e3779b1;

describe('xxHash32', () => {
	it.each([
		['', 0, 0x02cc5d05],
		['', SEED, 0x36b78ae7],
		['a', 0, 0x550d7456],
		['abc', 0, 0x32d153ff],
		['Nobody inspects the spammish repetition', 0, 0xe2293b2f],
	])('of %j with seed %i', (text, seed, hash) => {
		expect(xxHash32(utf8(text), seed)).toBe(hash);
	});

	// The generator of the buffer is that of the reference implementation's own sanity check.
	it.each([
		[1, 0, 0xcf65b03e],
		[1, SEED, 0xb4545aa4],
		[14, 0, 0x1208e7e2],
		[14, SEED, 0x6af1d1fe],
		[222, 0, 0x5bd11dbd],
		[222, SEED, 0x58803c5f],
	])("of the first %i bytes of the reference's sanity buffer with seed %i", (length, seed, hash) => {
		const buffer = new Uint8Array(222);
		let generator = 2654435761n;
		for (let i = 0; i < buffer.length; i++) {
			buffer[i] = Number(generator >> 56n);
			generator = (generator * 11400714785074694797n) & 0xffff_ffff_ffff_ffffn;
		}
		expect(xxHash32(buffer, seed, 0, length)).toBe(hash);
	});

	it('reads only the range, wherever it stands', () => {
		const text = utf8('Nobody inspects the spammish repetition');
		for (let at = 0; at < 5; at++) {
			const bytes = new Uint8Array(text.length + 9).fill(0xee);
			bytes.set(text, at);
			expect(xxHash32(bytes, 0, at, at + text.length)).toBe(0xe2293b2f);
		}
	});

	it('takes a seed of 32 bits either way', () => {
		expect(xxHash32(utf8('a'), SEED | 0)).toBe(xxHash32(utf8('a'), SEED));
	});

	it('is the same of words as of their bytes', () => {
		const words = Int32Array.from({ length: 8 }, (_, i) => Math.imul(i + 1, SEED));
		for (const length of [4, 8]) {
			const some = words.subarray(0, length);
			const bytes = new Uint8Array(some.buffer, 0, 4 * length);
			for (const seed of [0, SEED]) expect(xxHash32Words(some, seed)).toBe(xxHash32(bytes, seed));
		}
	});
});
