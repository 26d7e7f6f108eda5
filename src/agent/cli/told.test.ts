// One member is told in the singular.

import { expect, it } from 'vitest';
import { toldText } from './told.ts';

it.each([
	[0, 0, 'told 0 of 0 members in 4ms'],
	[1, 1, 'told 1 of 1 member in 4ms'],
	[1, 2, 'told 1 of 2 members in 4ms'],
])('%d of %d', (told, of, text) => {
	expect(toldText({ told, of, tookMs: 4 })).toBe(text);
});
