import { describe, expect, it } from 'vitest';
import { tokensOf } from '../../../test/support/drawings/theme-tokens.ts';
import { contrast, luminance, mix, ramp } from './colour.ts';
import { aliveTints, TINTS } from './field-data.ts';

describe.each(['dark', 'light'] as const)('the tokens, %s', (theme) => {
	const tokens = tokensOf(theme);

	it('gives words 4.5:1 on the panels they stand on', () => {
		for (const ink of [tokens.ink, tokens.ink2, tokens.ink3, tokens.suspectText, tokens.left]) {
			expect(contrast(ink, tokens.panel)).toBeGreaterThanOrEqual(4.5);
		}
		expect(contrast(tokens.ink, tokens.aliveField)).toBeGreaterThanOrEqual(4.5);
		expect(contrast(tokens.ink2, tokens.aliveField)).toBeGreaterThanOrEqual(4.5);
		expect(contrast(tokens.onSuspect, tokens.suspect)).toBeGreaterThanOrEqual(4.5);
		expect(contrast(tokens.dead, tokens.panel)).toBeGreaterThanOrEqual(4.5);
	});

	it('gives marks 3:1', () => {
		for (const mark of [tokens.alive, tokens.suspectMark, tokens.dead, tokens.left, tokens.simulated]) {
			expect(contrast(mark, tokens.panel)).toBeGreaterThanOrEqual(3);
		}
	});

	it('lets suspicion stand out of any tint of what is alive, without any hue', () => {
		const tints = aliveTints(tokens, 'state');
		expect(tints).toHaveLength(TINTS);
		for (const tint of tints)
			expect(contrast(tint, tokens.suspect)).toBeGreaterThanOrEqual(theme === 'dark' ? 3 : 1.24);
	});

	it('keeps what is alive quiet: nearer to the panel than any other state', () => {
		const away = (colour: string): number => Math.abs(luminance(colour) - luminance(tokens.panel));
		for (const loud of [tokens.suspect, tokens.dead, tokens.left]) {
			expect(away(tokens.aliveField)).toBeLessThan(away(loud));
		}
	});
});

describe('mixing colours', () => {
	it('goes from one to the other', () => {
		expect(mix('#000000', '#ffffff', 0)).toBe('#000000');
		expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
		expect(ramp('#102030', '#102030', 3)).toEqual(['#102030', '#102030', '#102030']);
	});

	it('measures contrast as WCAG does', () => {
		expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
		expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
	});
});
