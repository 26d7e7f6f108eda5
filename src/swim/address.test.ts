// IP literals as text and as bytes, checked against Node's own idea of what an IP literal is.
import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, ipBytes, ipText, sameAddress } from './address.ts';

function hex(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

describe('ipText and ipBytes', () => {
	it.each([
		['0.0.0.0', '00000000'],
		['127.0.0.1', '7f000001'],
		['255.255.255.255', 'ffffffff'],
		['::', '00000000 00000000 00000000 00000000'],
		['::1', '00000000 00000000 00000000 00000001'],
		['1::', '00010000 00000000 00000000 00000000'],
		['fd00::7:1', 'fd000000 00000000 00000000 00070001'],
		['2001:db8:1:2:3:4:5:6', '20010db8 00010002 00030004 00050006'],
	])('%s is %s', (text, bytes) => {
		expect(ipBytes(text)).toEqual(hex(bytes));
		expect(ipText(hex(bytes))).toBe(text);
	});

	it.each([
		['one zero group is not compressed', '20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
		['the longest run is', '20010000 00000001 00000000 00000001', '2001:0:0:1::1'],
		['the first of two equal runs is', '20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
		['a run at the end is', 'fe800001 00000000 00000000 00000000', 'fe80:1::'],
	])('RFC 5952: %s', (_, bytes, text) => {
		expect(ipText(hex(bytes))).toBe(text);
	});

	it.each([
		['FD00::A', 'fd000000 00000000 00000000 0000000a'],
		['0:0:0:0:0:0:0:1', '00000000 00000000 00000000 00000001'],
		['1:2:3:4:5:6:7::', '00010002 00030004 00050006 00070000'],
		['fe80::1%eth0', 'fe800000 00000000 00000000 00000001'],
		['64:ff9b::10.1.2.3', '0064ff9b 00000000 00000000 0a010203'],
		['1:2:3:4:5:6:10.1.2.3', '00010002 00030004 00050006 0a010203'],
	])('reads %s, which we would write otherwise', (text, bytes) => {
		expect(ipBytes(text)).toEqual(hex(bytes));
	});

	it('shows an IPv4-mapped address as IPv4, and reads it in 16 bytes', () => {
		const mapped = hex('00000000 00000000 0000ffff 0a000001');
		expect(ipText(mapped)).toBe('10.0.0.1');
		expect(ipBytes('::ffff:10.0.0.1')).toEqual(mapped);
		expect(ipText(hex('00000000 00000000 0000fffe 0a000001'))).toBe('::fffe:a00:1');
	});

	it.each([
		'',
		'1',
		'1.2.3',
		'1.2.3.4.5',
		'256.1.1.1',
		'1.2.3.-4',
		'1.2.3.4 ',
		' 1.2.3.4',
		'0x7f.0.0.1',
		'010.0.0.1',
		'1.2.3.04',
		':',
		':::',
		'1::2::3',
		'1:2:3:4:5:6:7',
		'1:2:3:4:5:6:7:8:9',
		'1:2:3:4:5:6:7:8::',
		':1:2:3:4:5:6:7:8',
		'1:2:3:4:5:6:7:8:',
		'12345::',
		'g::',
		'::1.2.3',
		'::256.0.0.1',
		'::01.2.3.4',
		'1.2.3.4::',
		'1.2.3.4::1',
		'::1.2.3.4:5',
		'localhost',
		'example.com:80',
	])('refuses %j', (text) => {
		expect(isIP(text)).toBe(0);
		expect(ipBytes(text)).toBeUndefined();
	});

	it.each([0, 1, 3, 5, 15, 17])('has no text for %i bytes', (length) => {
		expect(ipText(new Uint8Array(length))).toBeUndefined();
	});

	it('writes what Node takes for an IP literal, and reads it back', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.array(fc.nat(15)), (bytes, zeros) => {
				for (const at of zeros) bytes[at] = 0;
				const text = ipText(bytes)!;
				expect(isIP(text)).toBe(text.includes(':') ? 6 : 4);
				if (text.includes(':')) expect(ipBytes(text)).toEqual(bytes);
				expect(ipText(ipBytes(text)!)).toBe(text);
			}),
		);
	});

	it('reads exactly what Node takes for an IP literal', () => {
		const digits = fc.constantFrom(
			'0',
			'1',
			'01',
			'9',
			'12',
			'255',
			'256',
			'a',
			'ffff',
			'10000',
			'',
			':',
			'::',
			'.',
			'1.2.3.4',
		);
		const text = fc
			.array(fc.tuple(digits, fc.constantFrom(':', '.', '')), { maxLength: 9 })
			.map((parts) => parts.flat().join(''));
		fc.assert(
			fc.property(fc.oneof(text, fc.ipV6(), fc.ipV4()), (candidate) => {
				expect(ipBytes(candidate) !== undefined).toBe(isIP(candidate) !== 0);
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('addresses', () => {
	it('are written with brackets around an IPv6 host', () => {
		expect(formatAddress({ host: '10.0.0.1', port: 7946 })).toBe('10.0.0.1:7946');
		expect(formatAddress({ host: 'fd00::1', port: 7946 })).toBe('[fd00::1]:7946');
	});

	it('are the same when host and port are', () => {
		const address = { host: '10.0.0.1', port: 1 };
		expect(sameAddress(address, { ...address })).toBe(true);
		expect(sameAddress(address, { ...address, port: 2 })).toBe(false);
		expect(sameAddress(address, { ...address, host: '10.0.0.2' })).toBe(false);
	});
});
