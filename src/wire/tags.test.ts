// Tags in Meta, ours and what others put there.

import { describe, expect, it } from 'vitest';
import { utf8 } from '../swim/index.ts';
import { decodeTags, encodeTags } from './tags.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

describe('encodeTags', () => {
	it('does not depend on the order in which the tags were set', () => {
		expect(encodeTags({ b: '2', a: '1', B: '3' })).toEqual(encodeTags({ B: '3', a: '1', b: '2' }));
		expect(Buffer.from(encodeTags({ b: '', B: 'x' })).toString('hex')).toBe('ff82a142a178a162a0');
	});

	it('takes 512 bytes and no more', () => {
		// ff, a map of one, a key of one byte, and a value with a header of three.
		const room = 512 - 1 - 1 - 2 - 3;
		expect(encodeTags({ k: 'x'.repeat(room) })).toHaveLength(512);
		const tooLong = () => encodeTags({ k: 'x'.repeat(room + 1) });
		expect(tooLong).toThrow(new RangeError('tags: 513 bytes encoded; at most 512 are allowed'));
	});
});

describe('decodeTags', () => {
	it('returns what was encoded, whatever the names', () => {
		const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`key${i}`, `${i}`]));
		const odd = Object.fromEntries([['__proto__', 'x'], ['constructor', 'y'], ['', ''], ['ключ', '値']]); // biome-ignore format: pairs
		for (const tags of [{}, { role: 'web' }, many, odd]) {
			expect(Object.entries(decodeTags(encodeTags(tags))).sort()).toEqual(Object.entries(tags).sort());
		}
	});

	it('reads a Meta of another application as its role, as serf does', () => {
		expect(decodeTags(utf8('gometa'))).toEqual({ role: 'gometa' });
		expect(decodeTags(new Uint8Array(0))).toEqual({});
	});

	it.each([
		['no map', 'ff'],
		['an array', 'ff90'],
		['a value that ends early', 'ff81a4726f6c65a377'],
		['a number for a value', 'ff81a4726f6c6501'],
		['four billion pairs', 'ffdfffffffffa0a0'],
	])('reads %s as no tags', (_, meta) => {
		expect(decodeTags(hex(meta))).toEqual({});
	});
});
