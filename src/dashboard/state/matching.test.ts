// Finding members.

import { expect, it } from 'vitest';
import { matching } from './matching.ts';
import { liveMember } from './samples.ts';

const members = [
	liveMember('longbow-01', { zone: 'eu-1a', Tags: { role: 'store' } }),
	liveMember('longbow-17', { zone: 'eu-1c', Status: 1, Addr: '10.42.8.130:7946' }),
];

it.each([
	['', ['longbow-01', 'longbow-17']],
	['BOW-17', ['longbow-17']],
	['eu-1 store', ['longbow-01']],
	['suspect', ['longbow-17']],
	['8.130', ['longbow-17']],
	['lng', []],
])('%j', (text, names) => {
	expect(matching(members, text).map(({ ID }) => ID)).toEqual(names);
});
