// The allow lists: networks of both families, mapped addresses, patterns of names.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission } from './admission.ts';
import { utf8 } from './bytes.ts';

describe('networks', () => {
	const allows = (networks: string[], host: string): boolean => new Admission(networks, []).allowsHost(host);

	it('allows everybody without a list', () => {
		expect(allows([], '192.0.2.1')).toBe(true);
		expect(allows([], 'fd00::1')).toBe(true);
	});

	it.each([
		['10.0.0.0/8', '10.255.255.255', true],
		['10.0.0.0/8', '11.0.0.0', false],
		['10.1.2.3/8', '10.9.9.9', true], // bits behind the prefix are of no account
		['192.0.2.128/25', '192.0.2.128', true],
		['192.0.2.128/25', '192.0.2.127', false],
		['192.0.2.7', '192.0.2.7', true],
		['192.0.2.7', '192.0.2.6', false],
		['0.0.0.0/0', '203.0.113.9', true],
		['0.0.0.0/0', 'fd00::1', false],
		['::/0', 'fd00::1', true],
		['::/0', '10.0.0.1', false],
		['fd00::/8', 'fdff::1', true],
		['fd00::/8', 'fe80::1', false],
		['2001:db8::/33', '2001:db8:7fff::', true],
		['2001:db8::/33', '2001:db8:8000::', false],
		['fe80::/10', 'fe80::1%eth0', true],
		['10.0.0.0/8', '::ffff:10.1.2.3', true],
		['::ffff:10.0.0.0/104', '10.1.2.3', true],
		['::ffff:10.0.0.0/104', '11.1.2.3', false],
	])('%s and %s: %s', (network, host, allowed) => {
		expect(allows([network], host)).toBe(allowed);
		expect(allows(['198.51.100.0/24', network], host)).toBe(allowed);
	});

	it('refuses what is no address', () => {
		expect(allows(['0.0.0.0/0', '::/0'], 'example.org')).toBe(false);
		expect(new Admission(['0.0.0.0/0', '::/0'], []).allowsAddress(new Uint8Array(5))).toBe(false);
	});

	it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'example.org', '', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/9'])(
		'does not take %j for a network',
		(text) => {
			expect(() => new Admission([text], [])).toThrow(`${JSON.stringify(text)} is no network`);
		},
	);

	it('gives each host one verdict, however many hosts ask', () => {
		const admission = new Admission(['10.0.0.0/16'], []);
		for (let round = 0; round < 2; round++) {
			for (let i = 0; i < 5_000; i++) {
				const third = i >> 8;
				expect(admission.allowsHost(`10.${i & 1}.${third}.${i & 255}`)).toBe((i & 1) === 0);
			}
		}
	});
});

describe('names', () => {
	const allows = (patterns: string[], name: string): boolean => new Admission([], patterns).allowsName(utf8(name));

	it.each([
		['longbow-*', 'longbow-17', true],
		['longbow-*', 'longbow-', true],
		['longbow-*', 'xlongbow-1', false],
		['longbow-?', 'longbow-1', true],
		['longbow-?', 'longbow-17', false],
		['?', 'ü', true],
		['*', 'anything', true],
		['a*b*c', 'abbbc', true],
		['a*b*c', 'acb', false],
		['a.c', 'abc', false], // not a regular expression
		['*-eu', 'db-eu-eu', true],
		['exact', 'exact', true],
		['exact', 'exactly', false],
		['**', 'x', true],
	])('%s and %s: %s', (pattern, name, allowed) => {
		expect(allows([pattern], name)).toBe(allowed);
		expect(allows(['other', pattern], name)).toBe(allowed);
	});

	it('agrees with the regular expression that the pattern stands for', () => {
		const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ü'), maxLength: 12 });
		const pattern = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '*', '?'), minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(pattern, text, (glob, name) => {
				const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u');
				expect(allows([glob], name)).toBe(expression.test(name));
			}),
		);
	});

	it('takes no longer for a pattern that would make a regular expression go back for ever', () => {
		expect(allows([`${'*a'.repeat(60)}*b`], 'a'.repeat(255))).toBe(false);
	});
});
