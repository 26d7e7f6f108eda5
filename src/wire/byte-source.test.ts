// Waiting for bytes, and finding the end of a msgpack value in pieces.

import { describe, expect, it } from 'vitest';
import { WireError } from '../swim/index.ts';
import { ByteSource, type Reading } from './byte-source.ts';
import { MsgpackReader } from './msgpack-reader.ts';
import { MsgpackScanner } from './msgpack-scanner.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const result = <T>(reading: Reading<T>): T | 'waits' => {
	const step = reading.next();
	return step.done ? step.value : 'waits';
};

describe('MsgpackScanner', () => {
	it.each([
		['a small number', '05'],
		['a negative one', 'e0'],
		['nil', 'c0'],
		[
			'every width of integer',
			'98 ccff cdffff ceffffffff cfffffffffffffffff d0ff d1ffff d2ffffffff d3ffffffffffffffff',
		],
		['floats', '92 ca00000000 cb0000000000000000'],
		['strings', '94 a3616263 d90161 da000161 db0000000161'],
		['binaries', '93 c40161 c5000161 c60000000161'],
		['extensions', '98 c7010061 c800010061 c9000000010061 d40000 d5000000 d60000000000 c70000 c70000'],
		['long extensions', `92 d7${'00'.repeat(9)} d8${'00'.repeat(17)}`],
		['maps in maps', '82 a161 81 a162 80 a163 de0001 c0 df00000001 c2 c3'],
		['arrays in arrays', '92 90 dc0001 dd00000002 91 01 02'],
	])('finds the end of %s, at every cut', (_, text) => {
		const value = hex(text);
		const reader = new MsgpackReader();
		reader.reset(value);
		reader.skip();
		expect(reader.done, 'the reader agrees').toBe(true);
		const scanner = new MsgpackScanner();
		for (let end = 0; end < value.length; end++) expect(scanner.scan(value, 0, end)).toBe(-1);
		expect(scanner.leastBytes).toBeLessThanOrEqual(value.length);
		expect(scanner.scan(value, 0, value.length)).toBe(value.length);
		scanner.reset();
		expect(scanner.scan(Uint8Array.of(1, 2, ...value, 3), 2, value.length + 3)).toBe(value.length);
	});
});

describe('ByteSource', () => {
	it('waits until there are enough bytes, and keeps those that are left', () => {
		const source = new ByteSource();
		const reading = source.take(3);
		expect(result(reading)).toBe('waits');
		source.append(hex('0102'));
		expect(result(reading)).toBe('waits');
		source.append(hex('0304'));
		expect(result(reading)).toEqual(hex('010203'));
		expect(source.length).toBe(1);
		expect(result(source.peek(1))).toEqual(hex('04'));
		expect(result(source.take(1))).toEqual(hex('04'));
	});

	it('returns all bytes in order, however they are cut', () => {
		const source = new ByteSource();
		const total = 100_000;
		let written = 0;
		let read = 0;
		for (let step = 1; read < total; step = (step * 31) % 4_099) {
			const chunk = Uint8Array.from({ length: Math.min(step, total - written) }, (_, i) => (written + i) % 251);
			source.append(chunk);
			written += chunk.length;
			const count = Math.min(source.length, written === total ? source.length : (step * 7) % 1_500);
			const taken = result(source.take(count)) as Uint8Array;
			for (const byte of taken) if (byte !== read++ % 251) throw new Error(`wrong byte at ${read - 1}`);
		}
		expect(source.length).toBe(0);
	});

	it.each([
		['a string that claims 4 GiB', 'dbffffffff'],
		['a map that claims four billion pairs', 'dfffffffff'],
		['an array of 101 elements', 'dc0065'],
	])('refuses %s as soon as its length is known', (_, text) => {
		const source = new ByteSource(hex(text));
		expect(() => source.takeValue(100).next()).toThrow(WireError);
	});

	it('takes a value of exactly the limit', () => {
		const value = hex(`d962${'00'.repeat(98)}`);
		expect(result(new ByteSource(value).takeValue(100))).toEqual(value);
		expect(() => new ByteSource(value).takeValue(99).next()).toThrow('more than 99 bytes');
	});
});
