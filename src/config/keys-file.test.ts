// The file of keys in each of its forms, and problems that repeat nothing of it.

import { describe, expect, it } from 'vitest';
import { parseKeysFile } from './keys-file.ts';

const base64 = (fill: number, length = 16): string => Buffer.alloc(length, fill).toString('base64');

describe('parseKeysFile', () => {
	it.each([
		['one a line', `${base64(1)}\n${base64(2, 32)}\n`],
		['commas', `${base64(1)},${base64(2, 32)}`],
		['comments and blanks', `# the first encrypts\n\n  ${base64(1)} # old\r\n\t${base64(2, 32)},\n`],
		['the file of serf', JSON.stringify([base64(1), base64(2, 32)], null, 2)],
	])('reads %s', (_, text) => {
		expect(parseKeysFile(text)).toEqual({ keys: [new Uint8Array(16).fill(1), new Uint8Array(32).fill(2)] });
	});

	it.each([
		['', 'holds no key'],
		['# nothing yet\n', 'holds no key'],
		['[]', 'holds no key'],
		[`${base64(1)}\n${base64(2, 15)}`, 'entry 2 is no base64 key of 16, 24 or 32 bytes'],
		['se cret', 'entry 1 is no base64 key of 16, 24 or 32 bytes'],
		[`["${base64(1)}"`, 'begins like a JSON list and is none of texts'],
		['[1]', 'begins like a JSON list and is none of texts'],
	])('says what is wrong with %j', (text, problem) => {
		expect(parseKeysFile(text)).toEqual({ problem });
	});
});
