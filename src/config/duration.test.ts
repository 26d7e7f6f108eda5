// Durations read and written as Go does.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
	it.each([
		['200ms', 200],
		['5s', 5_000],
		['1m30s', 90_000],
		['1.5h', 5_400_000],
		['.5s', 500],
		['1.s', 1_000],
		['0s', 0],
		['250us', 0.25],
		['250µs', 0.25],
		['100ns', 0.0001],
		['0.1s0.2s', 300],
		['6d4h', 532_800_000],
	])('reads %s', (text, ms) => {
		expect(parseDuration(text)).toBe(ms);
	});

	it.each(['', '100', '0', '-5s', '5', '5 s', 's', '5sec', '1m 30s', '1e3ms', '5S', '1..5s', 'auto'])(
		'refuses %j',
		(text) => {
			expect(parseDuration(text)).toBeUndefined();
		},
	);
});

describe('formatDuration', () => {
	it.each([
		[200, '200ms'],
		[0, '0s'],
		[0.25, '250us'],
		[1_500, '1.5s'],
		[5_000, '5s'],
		[90_000, '1m30s'],
		[5_400_000, '1h30m'],
		[86_400_000, '1d'],
	])('writes %d ms', (ms, text) => {
		expect(formatDuration(ms)).toBe(text);
	});

	it('is read back to the same number', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (ms) => {
				expect(parseDuration(formatDuration(ms))).toBe(ms);
			}),
		);
	});
});
