// Bodies of actions: what is accepted, and that every error says where.

import { describe, expect, it } from 'vitest';
import { optionalCount, optionalText, parseBody, textList } from './body.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('parseBody', () => {
	it('takes an empty body as an empty object', () => {
		expect(parseBody(new Uint8Array(0), ['key'])).toEqual({});
		expect(parseBody(bytes(' {} '), [])).toEqual({});
	});

	it.each([
		['[1]', 'body: [1] is not an object'],
		['null', 'body: null is not an object'],
		['"x"', 'body: "x" is not an object'],
		['{"kee":1}', 'body.kee is not known; known: key, count'],
		['{"__proto__":{"key":"x"}}', 'body.__proto__ is not known; known: key, count'],
	])('refuses %s', (text, message) => {
		expect(() => parseBody(bytes(text), ['key', 'count'])).toThrow(
			expect.objectContaining({ code: 'INVALID_ARGUMENT', message }),
		);
	});

	it('says where JSON breaks', () => {
		expect(() => parseBody(bytes('{"key": }'), ['key'])).toThrow(/^body: not JSON: .*}/);
		for (const broken of ['{"key": "secret', '"secret" x', '{"a": secret}', `{"a": ${'1'.repeat(50)} secret}`]) {
			expect(() => parseBody(bytes(broken), ['key']), broken).toThrow(/^body: not JSON: (?!.*secret)/s);
		}
	});

	it('refuses bytes that are not UTF-8', () => {
		expect(() => parseBody(Uint8Array.of(0x7b, 0xff, 0x7d), [])).toThrow('body: not UTF-8');
	});

	it('says that an action takes no body', () => {
		expect(() => parseBody(bytes('{"x":1}'), [])).toThrow('body.x is not known; the body must be empty');
	});
});

describe('fields', () => {
	it('are undefined when absent', () => {
		expect(optionalText({}, 'key', 9)).toBeUndefined();
		expect(optionalCount({}, 'count', 9)).toBeUndefined();
	});

	it.each([
		[() => optionalText({ key: 7 }, 'key', 9), 'body.key: 7 is not a text'],
		[() => optionalText({ key: '' }, 'key', 9), 'body.key: "" is not a text'],
		[() => optionalText({ key: 'ääääää' }, 'key', 9), 'body.key is longer than 9 bytes'],
		[() => optionalCount({ count: 0 }, 'count', 9), 'body.count: 0 is not a whole number from 1 to 9'],
		[() => optionalCount({ count: 1.5 }, 'count', 9), 'body.count: 1.5 is not a whole number from 1 to 9'],
		[() => optionalCount({ count: '1' }, 'count', 9), 'body.count: "1" is not a whole number from 1 to 9'],
		[() => textList({}, 'addresses', 2, 9), 'body.addresses: nothing is not a list of 1 to 2 texts'],
		[() => textList({ addresses: [] }, 'addresses', 2, 9), 'body.addresses: [] is not a list of 1 to 2 texts'],
		[() => textList({ addresses: ['a', 7] }, 'addresses', 2, 9), 'body.addresses[1]: 7 is not a text'],
	])('%# are refused with their place', (read, message) => {
		expect(read).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', message }));
	});

	it('shorten a long value in the message', () => {
		expect(() => optionalCount({ count: 'x'.repeat(9_999) }, 'count', 9)).toThrow(/^.{60,120}$/);
	});
});
