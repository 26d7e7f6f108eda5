// LZW against what Go's compress/lzw writes and reads.

import { describe, expect, it } from 'vitest';
import { sameBytes, WireError } from '../swim/index.ts';
import { compress, decompress } from './lzw.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const codeOf = (input: Uint8Array, maxBytes: number): string => {
	try {
		decompress(input, maxBytes);
		return 'accepted';
	} catch (error) {
		if (error instanceof WireError) return error.code;
		throw error;
	}
};

/** Packs codes of the given widths, LSB first. */
function pack(codes: readonly (readonly [code: number, width: number])[]): Uint8Array {
	const bits = codes.flatMap(([code, width]) => Array.from({ length: width }, (_, i) => (code >> i) & 1));
	const bytes = new Uint8Array(Math.ceil(bits.length / 8));
	bits.forEach((bit, i) => {
		bytes[i >> 3]! |= bit << (i & 7);
	});
	return bytes;
}

/** A full table (each code the previous one's entry, so entries grow by one), then its longest entry again and again. */
function bomb(repeats: number): Uint8Array {
	const codes: [number, number][] = [[0, 9]];
	let width = 9;
	for (let code = 258; code <= 4095; code++) {
		codes.push([code, width]);
		if (code + 1 === 1 << width && width < 12) width++;
	}
	for (let i = 0; i < repeats; i++) codes.push([4095, 12]);
	codes.push([257, 12]);
	return pack(codes);
}

describe('lzw', () => {
	it('writes clear, literal and end as the specification shows', () => {
		expect(compress(hex('08'))).toEqual(hex('00110404'));
		expect(decompress(hex('00110404'), 1)).toEqual(hex('08'));
	});

	it.each([0, 1, 2, 255, 256, 3_836, 3_837, 3_838, 3_839, 9_000, 70_000])('returns %d bytes as they were', (length) => {
		const mixed = Uint8Array.from({ length }, (_, i) => (Math.imul(i, 2_654_435_761) >>> (i % 29)) & 0xff);
		for (const input of [new Uint8Array(length), mixed, mixed.map((byte) => byte & 3)]) {
			expect(sameBytes(decompress(compress(input), length), input)).toBe(true);
		}
	});

	it('does not need a leading clear code', () => {
		expect(decompress(pack([[8, 9], [258, 9], [257, 9]]), 9)).toEqual(hex('080808')); // biome-ignore format: codes
	});

	it('ignores bytes after the end code', () => {
		expect(decompress(hex('00110404ffff'), 9)).toEqual(hex('08'));
	});

	it.each([
		['nothing', ''],
		['a missing end code', '0001'],
		['a literal without an end', '001100'],
		['a code above the table', 'ffffff'],
		['a table code right after a clear', Buffer.from(pack([[256, 9], [258, 9], [257, 9]])).toString('hex')], // biome-ignore format: codes
	])('refuses %s', (_, text) => {
		expect(codeOf(hex(text), 100)).toBe('bad-compression');
	});

	it('keeps the table as it is once it is full', () => {
		const longest = 4095 - 258 + 2;
		const full = decompress(bomb(2), 1 << 24);
		expect(full.length).toBe((longest * (longest + 1)) / 2 + 2 * longest);
		expect(full.every((byte) => byte === 0)).toBe(true);
	});

	it('stops a bomb at the limit, exactly', () => {
		const input = bomb(2_000);
		expect(codeOf(input, 1 << 20)).toBe('too-large');
		const six = compress(hex('080808080808'));
		expect(codeOf(six, 6)).toBe('accepted');
		expect(codeOf(six, 5)).toBe('too-large');
		expect(codeOf(compress(hex('08')), 0)).toBe('too-large');
	});

	it('reads a long run of short messages without mixing their tables', () => {
		for (let i = 0; i < 300; i++) {
			const input = Uint8Array.from({ length: i }, (_, at) => (at * i) & 7);
			expect(decompress(compress(input), i)).toEqual(input);
		}
	});
});
