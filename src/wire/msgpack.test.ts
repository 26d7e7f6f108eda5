// The msgpack dialect in both directions: every tag, every width, every cut.

import { describe, expect, it } from 'vitest';
import { ByteRange, type RejectCode, WireError } from '../swim/index.ts';
import { MsgpackReader } from './msgpack-reader.ts';
import { fieldNames, MsgpackWriter } from './msgpack-writer.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const reader = (text: string): MsgpackReader => {
	const made = new MsgpackReader();
	made.reset(hex(text));
	return made;
};
const written = (write: (writer: MsgpackWriter) => void): string => {
	const writer = new MsgpackWriter(1);
	write(writer);
	return Buffer.from(writer.copy()).toString('hex');
};
const codeOf = (read: () => unknown): RejectCode | undefined => {
	try {
		read();
	} catch (error) {
		if (error instanceof WireError) return error.code;
		throw error;
	}
	return undefined;
};

describe('MsgpackReader', () => {
	it.each([
		['00', 0],
		['7f', 127],
		['cc80', 128],
		['cd0100', 256],
		['ce00010000', 65536],
		['ceffffffff', 0xffff_ffff],
		['cf001fffffffffffff', Number.MAX_SAFE_INTEGER],
		['d07f', 127],
		['d100c8', 200],
		['d200011170', 70000],
		['d30000000100000000', 0x1_0000_0000],
		['c0', 0],
	])('reads %s as the integer %d', (text, value) => {
		const r = reader(text);
		expect(r.uint()).toBe(value);
		expect(r.done).toBe(true);
	});

	it.each(['ff', 'd080', 'd18000', 'd280000000', 'd38000000000000000', 'cf0020000000000000', 'a0', 'c3', 'cb'])(
		'refuses %s as an integer',
		(text) => {
			expect(codeOf(() => reader(`${text}0000000000000000`).uint())).toBe('bad-field');
		},
	);

	it('bounds integers to the width asked for', () => {
		expect(reader('ceffffffff').uint32()).toBe(0xffff_ffff);
		expect(codeOf(() => reader('cf0000000100000000').uint32())).toBe('bad-field');
		expect(reader('cdffff').uint16()).toBe(0xffff);
		expect(codeOf(() => reader('ce00010000').uint16())).toBe('bad-field');
	});

	it.each([
		['a3616263', 'abc'],
		['d903616263', 'abc'],
		['da0003616263', 'abc'],
		['db00000003616263', 'abc'],
		['c403616263', 'abc'],
		['c50003616263', 'abc'],
		['c600000003616263', 'abc'],
		['c0', ''],
		['a0', ''],
	])('reads %s as a byte string', (text, value) => {
		const r = reader(text);
		const range = new ByteRange();
		r.range(range);
		expect(range.text()).toBe(value);
		expect(r.done).toBe(true);
		expect(Buffer.from(reader(text).view()).toString()).toBe(value);
	});

	it('reads bools, also as integers, and floats of both sizes', () => {
		expect(['c2', 'c3', '00', '01', 'c0'].map((text) => reader(text).bool())).toEqual([
			false,
			true,
			false,
			true,
			false,
		]);
		expect(codeOf(() => reader('02').bool())).toBe('bad-field');
		expect(reader('cb3ff8000000000000').float64()).toBe(1.5);
		expect(reader('ca3fc00000').float64()).toBe(1.5);
		expect(reader('c0').float64()).toBe(0);
	});

	it('reads map and array headers of all sizes', () => {
		expect(['83', 'de0100', 'df00010000', 'c0'].map((text) => reader(text).mapHeader())).toEqual([3, 256, 65536, 0]);
		expect(['93', 'dc0100', 'dd00010000', 'c0'].map((text) => reader(text).arrayHeader())).toEqual([3, 256, 65536, 0]);
		expect(codeOf(() => reader('93').mapHeader())).toBe('bad-field');
		expect(codeOf(() => reader('c1').mapHeader())).toBe('bad-msgpack');
	});

	it('finds keys in any order and any encoding, and tells unknown ones', () => {
		const names = fieldNames('Node', 'SeqNo', 'SourceAddr');
		const r = reader('a55365714e6f a44e6f6465 a44e6f6466 d9044e6f6465 da000a536f7572636541646472 a14e');
		expect([0, 2, 1, 1, 9, 0].map((hint) => r.key(names, hint))).toEqual([1, 0, -1, 0, 2, -1]);
		expect(r.done).toBe(true);
		expect(codeOf(() => reader('01').key(names, 0))).toBe('bad-field');
	});

	it('passes over a value of every tag, exactly', () => {
		const values = [
			'00 7f e0 ff c0 c2 c3',
			'a0 a161 bf61616161616161616161616161616161616161616161616161616161616161',
			'c401ff c50001ff c600000001ff',
			'c70101ff c8000101ff c90000000101ff',
			'ca00000000 cb0000000000000000',
			'ccff cdffff ceffffffff cfffffffffffffffff',
			'd0ff d1ffff d2ffffffff d3ffffffffffffffff',
			'd401ff d501ffff d601ffffffff d701ffffffffffffffff d801ffffffffffffffffffffffffffffffff',
			'd901ff da0001ff db00000001ff',
			'90 92a16100 dc000101 dd0000000101',
			'80 82a16100a16281a163c0 de00010101 df000000010101',
		].join('');
		const r = reader(values);
		let count = 0;
		for (; !r.done; count++) r.skip();
		expect(count).toBe(42);
		expect(codeOf(() => reader('91c1').skip())).toBe('bad-msgpack');
	});

	it('passes over any depth without recursion', () => {
		const r = new MsgpackReader();
		r.reset(new Uint8Array(100_001).fill(0x91, 0, 100_000));
		r.skip();
		expect(r.done).toBe(true);
	});

	it('says truncated at every cut of a value, whatever lengths it claims', () => {
		const whole = hex('82a44e6f6465da0003616263a55365714e6fce00010000');
		for (let end = 0; end < whole.length; end++) {
			const r = new MsgpackReader();
			r.reset(whole, 0, end);
			expect(codeOf(() => r.skip())).toBe('truncated');
		}
		for (const lie of ['dbffffffff', 'ddffffffff', 'dfffffffff00', 'c9ffffffff01', 'cb00']) {
			expect(codeOf(() => reader(lie).skip())).toBe('truncated');
		}
	});
});

describe('MsgpackWriter', () => {
	it.each([
		[0, '00'],
		[127, '7f'],
		[128, 'cc80'],
		[255, 'ccff'],
		[256, 'cd0100'],
		[65535, 'cdffff'],
		[65536, 'ce00010000'],
		[0xffff_ffff, 'ceffffffff'],
		[0x1_0000_0000, 'cf0000000100000000'],
		[Number.MAX_SAFE_INTEGER, 'cf001fffffffffffff'],
	])('writes %d as %s', (value, text) => {
		expect(written((w) => w.uint(value))).toBe(text);
	});

	it('writes byte strings in the old format alone', () => {
		const head = (length: number): string => written((w) => w.str(new Uint8Array(length))).slice(0, 10);
		expect(head(0)).toBe('a0');
		expect(head(31).slice(0, 2)).toBe('bf');
		expect(head(32).slice(0, 6)).toBe('da0020');
		expect(head(65535).slice(0, 6)).toBe('daffff');
		expect(head(65536)).toBe('db00010000');
		expect(written((w) => w.str(hex('00616200'), 1, 3))).toBe('a26162');
	});

	it('writes headers, bools, nil and floats', () => {
		expect([15, 16, 65536].map((n) => written((w) => w.mapHeader(n)))).toEqual(['8f', 'de0010', 'df00010000']);
		expect([15, 16, 65536].map((n) => written((w) => w.arrayHeader(n)))).toEqual(['9f', 'dc0010', 'dd00010000']);
		expect(written((w) => w.bool(true)) + written((w) => w.bool(false)) + written((w) => w.nil())).toBe('c3c2c0');
		expect(written((w) => w.float64(1.5))).toBe('cb3ff8000000000000');
	});

	it('keeps what was written before the buffer grew', () => {
		const text = written((w) => {
			w.byte(1);
			w.raw(new Uint8Array(100).fill(2));
			w.uint16(0x0304);
			w.uint32(0x05060708);
		});
		expect(text).toBe(`01${'02'.repeat(100)}030405060708`);
	});

	it('refuses field names that need a longer header', () => {
		expect(() => fieldNames('x'.repeat(32))).toThrow(RangeError);
	});
});
