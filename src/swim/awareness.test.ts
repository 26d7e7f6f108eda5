// Local health (Lifeguard §IV-A), against the numbers of memberlist's own function.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Awareness } from './awareness.ts';

interface Formulas {
	readonly awareness_max8_sequence: readonly { delta: number; score: number; scaled_1s_ms: number }[];
}
const formulas: Formulas = JSON.parse(
	readFileSync(new URL('../../test/golden/vectors/formulas.json', import.meta.url), 'utf8'),
);

describe('Lifeguard §IV-A: local health', () => {
	it("goes as memberlist's does, step by step", () => {
		const awareness = new Awareness(8);
		for (const { delta, score, scaled_1s_ms } of formulas.awareness_max8_sequence) {
			awareness.apply(delta);
			expect(awareness.score).toBe(score);
			expect(awareness.scale(1_000)).toBe(scaled_1s_ms);
		}
	});

	it('is healthy at first, and never leaves 0 to max - 1', () => {
		const awareness = new Awareness(3);
		expect(awareness.score).toBe(0);
		awareness.apply(-1);
		expect(awareness.score).toBe(0);
		awareness.apply(99);
		expect(awareness.score).toBe(2);
	});

	it('with a maximum of 1 never stretches anything', () => {
		const awareness = new Awareness(1);
		awareness.apply(5);
		expect(awareness.scale(200)).toBe(200);
	});
});
