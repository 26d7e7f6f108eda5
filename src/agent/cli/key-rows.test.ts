// Tables of keys: the example of the help texts, and who is missing where.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import type { KeysResult } from '../../flight/index.ts';
import { type KeyHolder, keyLines, keyRows } from './key-rows.ts';

type Held = KeysResult['keys'][number];
const held = (key: string, primary: boolean, heardMsAgo: number | null = null): Held => ({
	key,
	bits: 256,
	primary,
	heardMsAgo,
});
const name = (n: number): string => `longbow-${String(n).padStart(2, '0')}`;

/** 24 members, two of which do not answer. */
function example(): { answers: Map<string, KeysResult>; holders: KeyHolder[] } {
	const answers = new Map<string, KeysResult>();
	const holders: KeyHolder[] = [];
	for (let n = 1; n <= 24; n++) {
		const note = n === 9 ? 'dead' : n === 17 ? 'suspect' : '';
		holders.push({ member: name(n), note });
		if (note === '') answers.set(name(n), { member: name(n), keys: [held('b7f0', true, n * 10), held('91ac', false)] });
	}
	return { answers, holders };
}

describe('keys', () => {
	it('come with who holds them, who sends with them, and on whom they are missing', () => {
		const { answers, holders } = example();
		const { terminal } = captured({ env: { LANG: 'C.UTF-8' } });
		expect(keyLines(keyRows(answers, holders), 24, terminal)).toEqual([
			'KEY    HELD BY   PRIMARY ON',
			'b7f0…  22 of 24  22          missing on longbow-09 (dead), longbow-17 (suspect)',
			'91ac…  22 of 24  0           missing on longbow-09 (dead), longbow-17 (suspect)',
		]);
	});

	it('stand in the order of how many send with them, then of how many hold them', () => {
		const answers = new Map<string, KeysResult>([
			['a', { member: 'a', keys: [held('cccc', true, 70), held('aaaa', false)] }],
			['b', { member: 'b', keys: [held('cccc', true, 30), held('bbbb', false), held('aaaa', false)] }],
			['c', { member: 'c', keys: [held('bbbb', true), held('dddd', false)] }],
		]);
		const rows = keyRows(answers, [
			{ member: 'a', note: '' },
			{ member: 'c', note: '' },
		]);
		expect(rows.map(({ key, heldBy, primaryOn }) => [key, heldBy, primaryOn])).toEqual([
			['cccc', 2, ['a', 'b']],
			['bbbb', 2, ['c']],
			['aaaa', 2, []],
			['dddd', 1, []],
		]);
		expect(rows.map(({ missing }) => missing.map(({ member }) => member))).toEqual([['c'], ['a'], ['c'], ['a']]);
		expect(rows[0]?.heardMsAgo).toBe(30);
		expect(rows[2]?.heardMsAgo).toBeNull();
	});
});
