// The label header: present when it must be, absent when it must be, equal to the byte.

import { describe, expect, it } from 'vitest';
import { EMPTY, utf8, WireError } from '../swim/index.ts';
import { afterLabel, labelBytes, labelHeader } from './label.ts';

const blue = labelBytes('blue');

describe('label', () => {
	it('takes no label and the empty label for the same', () => {
		expect(labelBytes(undefined)).toHaveLength(0);
		expect(labelBytes('')).toHaveLength(0);
		expect(labelHeader(EMPTY)).toHaveLength(0);
	});

	it('counts bytes of UTF-8, up to 255', () => {
		expect(labelBytes('é'.repeat(127))).toHaveLength(254);
		expect(() => labelBytes('é'.repeat(128))).toThrow(
			new RangeError('label: 256 bytes of UTF-8; at most 255 are allowed'),
		);
	});

	it('finds the rest of a packet behind the header, anywhere in a buffer', () => {
		const longest = labelBytes('x'.repeat(255));
		for (const label of [blue, longest, EMPTY]) {
			const buffer = Uint8Array.of(9, 9, ...labelHeader(label), 0x85, 9);
			expect(buffer[afterLabel(buffer, 2, buffer.length - 1, label)]).toBe(0x85);
		}
	});

	it.each([
		['no header where one is expected', Uint8Array.of(0, 1), blue, 'missing'],
		['an empty packet where one is expected', EMPTY, blue, 'missing'],
		['a header where none is expected', labelHeader(blue), EMPTY, 'the label is "blue"'],
		['another label of the same length', labelHeader(utf8('bluf')), blue, 'the label is "bluf"'],
		['a longer label', labelHeader(utf8('blues')), blue, 'the label is "blues"'],
		['a label that would move a cursor', labelHeader(utf8('\x1b[2J')), blue, 'the label is "\\u001b[2J"'],
		['the longest label', labelHeader(utf8('x'.repeat(255))), blue, `the label is "${'x'.repeat(64)}"…`],
		['an empty label', Uint8Array.of(0xf4, 0, 1), EMPTY, 'empty'],
		['the first byte alone', Uint8Array.of(0xf4), blue, 'truncated'],
		['a label that ends early', labelHeader(blue).subarray(0, 5), blue, 'truncated'],
	])('refuses %s', (_, packet, expected, reason) => {
		const read = () => afterLabel(packet, 0, packet.length, expected);
		expect(read).toThrow(WireError);
		expect(read).toThrow(reason);
	});
});
