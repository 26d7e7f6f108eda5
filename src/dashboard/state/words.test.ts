// Times and durations as the page writes them.

import { describe, expect, it } from 'vitest';
import { clock, pageText } from './words.ts';

const AT = Date.parse('2026-11-22T14:02:32.004Z');

describe('the clock', () => {
	it('writes UTC', () => {
		const utc = clock(true);
		expect([utc.minute(AT), utc.second(AT), utc.milli(AT), utc.full(AT)]).toEqual([
			'14:02',
			'14:02:32',
			'14:02:32.004',
			'2026-11-22 14:02:32.004',
		]);
	});

	it('writes the local time of that instant, not of today', () => {
		const local = new Date(AT);
		const two = (n: number): string => String(n).padStart(2, '0');
		expect(clock(false).second(AT)).toBe(
			`${two(local.getHours())}:${two(local.getMinutes())}:${two(local.getSeconds())}`,
		);
	});
});

describe('texts of the node', () => {
	it.each([
		['ping to 10.42.8.130:7946, no ack in 100ms', 'ping to 10.42.8.130:7946, no ack in 100 ms'],
		['by longbow-3s; waits 14.2s', 'by longbow-3s; waits 14.2 s'],
		[
			'It said goodbye at 2026-11-22T14:02:32.004Z. Up 6d4h, 1m30s.',
			'It said goodbye at 14:02:32.004. Up 6 d 4 h, 1 min 30 s.',
		],
		['acks take 80–140ms', 'acks take 80–140 ms'],
		['its 4.16% of keys go to others', 'its 4.16 % of keys go to others'],
		['nothing to change', 'nothing to change'],
	])('%s', (text, shown) => {
		expect(pageText(text, clock(true))).toBe(shown);
	});
});
