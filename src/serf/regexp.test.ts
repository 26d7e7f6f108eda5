// The linear-time regular expressions against a table, and against the platform's own engine.

import { describe, expect, it } from 'vitest';
import { matches } from './regexp.ts';
import { UnsupportedPattern } from './regexp-parser.ts';

describe('matches', () => {
	it.each([
		['', '', true],
		['', 'x', true],
		['w.*', 'web', true],
		['eb', 'web', true],
		['^eb', 'web', false],
		['^web$', 'web', true],
		['^web$', 'webs', false],
		['^(web|db)-\\d+$', 'db-17', true],
		['^(web|db)-\\d+$', 'cache-17', false],
		['^(?:a|)b$', 'b', true],
		['^(?P<dc>eu|us)$', 'eu', true],
		['^a{2,3}$', 'a', false],
		['^a{2,3}$', 'aaa', true],
		['^a{2,3}$', 'aaaa', false],
		['^a{2,}$', 'aaaaa', true],
		['^a{2}$', 'aa', true],
		['^a{,2}$', 'a{,2}', true],
		['^a{$', 'a{', true],
		['^x??y+?$', 'yy', true],
		['[a-c]x', 'bx', true],
		['^[^a-c]$', 'b', false],
		['^[]a]$', ']', true],
		['^[a\\]\\-z-]+$', 'a-]z', true],
		['^[\\d.]+$', '10.0.0.1', true],
		['(?i)^WeB[x-z]$', 'wEbY', true],
		['(?i)ä', 'Ä', true],
		['\\bweb\\b', 'a web b', true],
		['\\bweb\\b', 'cobweb', false],
		['o\\Bo', 'foo', true],
		['\\Aweb\\z', 'web', true],
		['a.c', 'a\nc', false],
		['a.c', 'a😀c', true],
		['^1\\.2$', '1x2', false],
		['\\t', '\t', true],
	])('%s in %j: %s', (pattern, text, expected) => {
		expect(matches(pattern, text)).toBe(expected);
	});

	it.each([
		'*a',
		'+',
		'a**',
		'a{2}{3}',
		'(',
		')',
		'(a',
		'a)',
		'[a',
		'[z-a]',
		'a{3,2}',
		'\\',
		'(?=a)',
		'(?s)a',
		'(?:(?i)a)',
		'\\1',
		'(a)\\1',
		'\\pL',
		'\\x41',
		'[[:alpha:]]',
		'[a-\\d]',
		'(?P<a',
		'a{1001}',
		'((a{40}){40}){40}',
		'(((){999}){999}){999}',
		'x'.repeat(257),
	])('refuses %s', (pattern) => {
		expect(() => matches(pattern, 'a')).toThrow(UnsupportedPattern);
	});

	it('takes no longer for the patterns that stop a backtracking engine', () => {
		const text = `${'a'.repeat(512)}!`;
		for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(a*)*b', `${'a*'.repeat(100)}b`, '(.*){50}x']) {
			expect(matches(pattern, text)).toBe(false);
		}
		expect(matches(`^${'a?'.repeat(60)}${'a'.repeat(60)}$`, 'a'.repeat(60))).toBe(true);
	});
});
