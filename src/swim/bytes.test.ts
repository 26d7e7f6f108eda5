// Byte helpers: what is a copy and what is borrowed, order, text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteRange, compareBytes, copyBytes, EMPTY, sameBytes, utf8, utf8Text } from './bytes.ts';

function rangeOf(bytes: Uint8Array, start: number, end: number): ByteRange {
	const range = new ByteRange();
	range.set(bytes, start, end);
	return range;
}

describe('copies', () => {
	it.each([
		['a Uint8Array', Uint8Array.of(1, 2, 3, 4)],
		['a Node Buffer, whose `slice` shares memory', Buffer.from([1, 2, 3, 4])],
	])('a copy out of %s is not overwritten with it', (_, bytes) => {
		const range = rangeOf(bytes, 1, 3);
		const copy = range.copy();
		const whole = copyBytes(bytes);
		const view = range.view();
		bytes.fill(9);
		expect([...copy]).toEqual([2, 3]);
		expect([...whole]).toEqual([1, 2, 3, 4]);
		expect([...view]).toEqual([9, 9]);
		expect(copy.buffer).not.toBe(bytes.buffer);
	});
});

describe('ByteRange', () => {
	it('is empty at first and when cleared', () => {
		const range = new ByteRange();
		expect(range.length).toBe(0);
		range.set(utf8('abc'), 0, 3);
		range.clear();
		expect(range.length).toBe(0);
		expect(range.equals(EMPTY)).toBe(true);
		expect(range.copy()).toEqual(EMPTY);
	});

	it('equals bytes of the same length and content', () => {
		const range = rangeOf(utf8('xabcx'), 1, 4);
		expect(range.text()).toBe('abc');
		expect(range.equals(utf8('abc'))).toBe(true);
		for (const other of ['ab', 'abcx', 'abd', '']) expect(range.equals(utf8(other))).toBe(false);
	});
});

describe('comparison', () => {
	it.each([
		['', '', 0],
		['', 'a', -1],
		['a', 'b', -1],
		['ab', 'a', 1],
		['a', 'ab', -1],
		['Z', 'a', -1],
		['é', 'z', 1],
	])('%j and %j', (a, b, order) => {
		expect(Math.sign(compareBytes(utf8(a), utf8(b)))).toBe(order);
		expect(sameBytes(utf8(a), utf8(b))).toBe(order === 0);
	});

	it('is the byte order of Buffer.compare', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
				expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
				expect(sameBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
			}),
		);
	});
});

describe('text', () => {
	it('is UTF-8 in both directions', () => {
		expect([...utf8('é')]).toEqual([0xc3, 0xa9]);
		expect(utf8Text(utf8('\ufeffa'))).toBe('\ufeffa');
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (text) => {
				expect(utf8Text(utf8(text))).toBe(text);
			}),
		);
	});

	it('shows bytes that are no UTF-8 with U+FFFD, so different names may look alike', () => {
		expect(utf8Text(Uint8Array.of(0x61, 0xff))).toBe('a\ufffd');
		expect(utf8Text(Uint8Array.of(0x61, 0xfe))).toBe('a\ufffd');
	});
});
