// The mesh in a few numbers.
import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import { digestText, meshSummary } from './index.ts';

describe('meshSummary', () => {
	it('counts by state; active members are the alive and the suspect, self included', () => {
		const source = testSource([
			testMember('a'),
			testMember('b', { state: 'suspect' }),
			testMember('c', { state: 'dead' }),
			testMember('d', { state: 'left' }),
			testMember('e'),
		]);
		expect(meshSummary(source)).toEqual({
			self: 'a',
			members: 5,
			counts: { alive: 2, suspect: 1, dead: 1, left: 1 },
			active: 3,
			digest: '7f3a91c2000000ff',
			ring: { fingerprint: 'c41f08d2c41f08d2', size: 3 },
			health: 0,
		});
	});

	it('writes a digest as 16 digits, whatever the sign of its words', () => {
		expect(digestText({ a: -1, b: 0 })).toBe('ffffffff00000000');
	});
});
