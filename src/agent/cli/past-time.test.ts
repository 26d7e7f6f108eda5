// Times gone by as users write them.

import { describe, expect, it } from 'vitest';
import { pastTime } from './past-time.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 14, 2, 32, 500);

function read(text: string, utc = true): string | undefined {
	const parsed = pastTime(NOW_MS, utc).parse(text);
	return 'value' in parsed ? new Date(parsed.value).toISOString() : undefined;
}

describe('pastTime', () => {
	it.each([
		['14:02:31.412', '2026-11-22T14:02:31.412Z'],
		['14:02:31.4', '2026-11-22T14:02:31.400Z'],
		['14:02:31', '2026-11-22T14:02:31.999Z'],
		['9:05', '2026-11-22T09:05:59.999Z'],
		['14:02:32', '2026-11-22T14:02:32.500Z'],
		['14:02', '2026-11-22T14:02:32.500Z'],
		['14:02:32.501', '2026-11-21T14:02:32.501Z'],
		['23:59:59', '2026-11-21T23:59:59.999Z'],
		['2026-11-22T14:02:30.004Z', '2026-11-22T14:02:30.004Z'],
		['2026-11-22T15:02:30+01:00', '2026-11-22T14:02:30.999Z'],
		['2026-11-22T14:02:32Z', '2026-11-22T14:02:32.500Z'],
		['10m', '2026-11-22T13:52:32.500Z'],
		['0s', '2026-11-22T14:02:32.500Z'],
	])('%s is %s', (text, expected) => {
		expect(read(text)).toBe(expected);
	});

	it.each(['', 'noon', '24:00', '14:60', '14:02:31.1234', '2026-11-22', '2026-11-22T14:02:33Z', '-10m', '10'])(
		'%j is none',
		(text) => {
			expect(pastTime(NOW_MS, true).parse(text)).toEqual({
				allowed: 'a time gone by, for example 14:02:31, 2026-11-22T14:02:31Z, or 10m for ten minutes ago',
			});
		},
	);

	it('reads a time of day as the clock on the wall here shows it', () => {
		const here = new Date(NOW_MS - 3_600_000);
		const clock = here.toTimeString().slice(0, 8);
		expect(read(clock, false)).toBe(new Date(Math.floor(here.getTime() / 1_000) * 1_000 + 999).toISOString());
	});
});
