import { describe, expect, it } from 'vitest';
import type { LivePlayback } from '../../status/index.ts';
import { markPath, playedTo, viewShares } from './playback.ts';

const PLAYBACK: LivePlayback = {
	positionMs: 5_000,
	durationMs: 60_000,
	playing: true,
	speed: 10,
	seeking: false,
	seenFrom: 'n0',
	everyone: true,
	differing: [
		{
			member: 'n3',
			views: [
				{ state: 'alive', count: 9 },
				{ state: 'suspect', count: 3 },
			],
		},
	],
};

describe('the clock of a record', () => {
	it('runs at its speed while it plays, and stands otherwise', () => {
		expect(playedTo(1_000, PLAYBACK, 100)).toBe(2_000);
		expect(playedTo(1_000, { ...PLAYBACK, playing: false }, 100)).toBe(1_000);
		expect(playedTo(1_000, { ...PLAYBACK, seeking: true }, 100)).toBe(1_000);
	});

	it('does not run away from a record that is late', () => {
		expect(playedTo(1_000, PLAYBACK, 60_000)).toBe(5_000);
		expect(playedTo(1_000, PLAYBACK, -5)).toBe(1_000);
	});
});

describe('the marks of a record', () => {
	it('are one path, with one tick for those at one place', () => {
		const at = (atMs: number) => ({ atMs, member: 'n3', to: 'dead' as const });
		expect(markPath([at(0), at(30_000), at(30_010), at(60_000)], 60_000, 2, 8)).toBe('M0 2v8M500 2v8M1000 2v8');
		expect(markPath([], 0, 2, 8)).toBe('');
		expect(markPath([at(0)], 0, 2, 8)).toBe('M0 2v8');
	});
});

describe('what all views hold', () => {
	it('is a share of those who were asked', () => {
		expect(viewShares(PLAYBACK).get('n3')).toEqual([
			{ state: 'alive', share: 0.75 },
			{ state: 'suspect', share: 0.25 },
		]);
		expect(viewShares(undefined).size).toBe(0);
	});
});
