import { describe, expect, it } from 'vitest';
import { commonPrefix, fitted } from './names.ts';
import { clamp, linear, logarithmic, niceAbove, snap, timeTicks } from './scale.ts';
import { clockText } from './time-axis.ts';
import type { Pen } from './types.ts';
import { ageText, agoText, countText, leftText, msText, percentText, plural, rateText, spanText } from './units.ts';

describe('figures', () => {
	it.each([
		[msText(0.04), '0.0 ms'],
		[msText(0.84), '0.8 ms'],
		[msText(9.96), '10 ms'],
		[msText(140.4), '140 ms'],
		[msText(1_900), '1.9 s'],
		[leftText(3_100), '3.1 s'],
		[leftText(-5), '0.0 s'],
		[leftText(61_000), '1 min 1 s'],
		[spanText(999), '0.9 s'],
		[spanText(41_900), '41 s'],
		[spanText(600_000), '10 min'],
		[spanText(3_660_000), '1 h 1 min'],
		[spanText(198_000_000), '2 d 7 h'],
		[rateText(0), '0 B/s'],
		[rateText(940), '940 B/s'],
		[rateText(1_940), '1.9 KB/s'],
		[rateText(999_600), '1.0 MB/s'],
		[rateText(140_000), '140 KB/s'],
		[percentText(0), '0 %'],
		[percentText(0.338), '33.8 %'],
		[percentText(0.0433), '4.33 %'],
		[percentText(0.00035), '0.035 %'],
		[percentText(0.00244), '0.244 %'],
		[percentText(0.0000012), '0.00012 %'],
		[ageText(41_900), '41 s'],
		[ageText(3_900), '3 s'],
		[ageText(198_000_000), '2 d 7 h'],
		[agoText(-300), 'just now'],
		[agoText(43_000), '43 s ago'],
		[countText(38_016), '38,016'],
		[plural(1, 'member'), '1 member'],
		[plural(24, 'member'), '24 members'],
		[plural(2, 'other', 'others'), '2 others'],
	])('%s', (text, expected) => {
		expect(text).toBe(expected);
	});
});

describe('short names', () => {
	it('leave out what all have in common, up to a separator', () => {
		expect(commonPrefix(['longbow-00', 'longbow-01'])).toBe('longbow-');
		expect(commonPrefix(['web-7d9f-x2', 'web-7d9f-x9', 'web-1234-x2'])).toBe('web-');
		expect(commonPrefix(['alpha', 'alpine'])).toBe('');
		expect(commonPrefix(['only-one'])).toBe('');
		expect(commonPrefix([])).toBe('');
	});

	it('never vanish', () => {
		expect(commonPrefix(['a-', 'a-b'])).toBe('');
	});

	it('keep their ends where there is no room', () => {
		const pen = { measureText: (text: string) => ({ width: text.length }) } as Pen;
		expect(fitted(pen, 'longbow-17', 10)).toBe('longbow-17');
		expect(fitted(pen, 'longbow-17', 5)).toBe('…w-17');
		expect(fitted(pen, 'longbow-17', 1)).toBe('');
	});
});

describe('scales', () => {
	it('map their domain to their range', () => {
		expect(linear([0, 10], [100, 200])(5)).toBe(150);
		expect(linear([3, 3], [0, 10])(3)).toBe(5);
		expect(logarithmic([0.1, 100], [0, 30])(1)).toBeCloseTo(10);
		expect(logarithmic([0.1, 100], [0, 30])(0)).toBe(0);
		expect(clamp(7, 0, 5)).toBe(5);
		expect(snap(1.3, 2)).toBe(1.5);
		expect([0, 0.7, 1, 3, 4_200, 10].map(niceAbove)).toEqual([1, 1, 1, 5, 5_000, 10]);
	});

	it('tick at whole minutes, as many as there is room for', () => {
		const from = Date.parse('2026-11-22T13:52:34Z');
		const { step, at } = timeTicks(from, from + 600_000, 6);
		expect(step).toBe(120_000);
		expect(at.map((tick) => clockText(tick, 0, step))).toEqual(['13:54', '13:56', '13:58', '14:00', '14:02']);
		for (const length of [10, 5_000, 3_600_000, 86_400_000, 30 * 86_400_000]) {
			expect(timeTicks(from, from + length, 6).at.length).toBeLessThanOrEqual(7);
		}
	});

	it('write the clock with what tells ticks apart', () => {
		const at = Date.parse('2026-11-22T13:52:34Z');
		expect(clockText(at, 0, 1_000)).toBe('13:52:34');
		expect(clockText(at, 60, 60_000)).toBe('14:52');
		expect(clockText(at, -14 * 60, 86_400_000)).toBe('11-21');
	});
});
