// CRC-32 against zlib's, for every length of the last step.

import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../swim/index.ts';
import { crc32 } from './crc32.ts';

describe('crc32', () => {
	it('gives the check value of the catalogue', () => {
		expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
		expect(crc32(new Uint8Array(0))).toBe(0);
	});

	it('agrees with zlib on every range of a buffer', () => {
		const bytes = Uint8Array.from({ length: 40 }, (_, i) => (i * 197 + 31) & 0xff);
		for (let start = 0; start <= bytes.length; start++) {
			for (let end = start; end <= bytes.length; end++) {
				expect(crc32(bytes, start, end)).toBe(zlibCrc32(bytes.subarray(start, end)));
			}
		}
	});
});
