// The nearest known word, as typo suggestions need it.

import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('editDistance', () => {
	it.each([
		['member', 'members', 1],
		['memebrs', 'members', 1],
		['', 'abc', 3],
		['ab', 'ba', 1],
		['JOIN', 'join', 0],
		['kitten', 'sitting', 3],
	])('%s → %s', (a, b, distance) => {
		expect(editDistance(a, b)).toBe(distance);
		expect(editDistance(b, a)).toBe(distance);
	});
});

describe('nearest', () => {
	it('finds a word within two edits and no farther', () => {
		const commands = ['members', 'info', 'ring', 'join', 'leave'];
		expect(nearest('member', commands)).toBe('members');
		expect(nearest('leav', commands)).toBe('leave');
		expect(nearest('rnig', commands)).toBe('ring');
		expect(nearest('helicopter', commands)).toBeUndefined();
	});
});
