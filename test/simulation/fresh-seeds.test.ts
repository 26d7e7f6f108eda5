// Issue 3, gate 1: besides the fixed seeds, a hunt through fresh ones for as long as there is time; what it finds is printed whole.
import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { caseLine, type Failure, hunt, reproduction, shrink } from '../../src/sim/index.ts';

/** A minute where it is waited for anyway. */
const HUNT_MS = process.env.CI ? 60_000 : 10_000;
const SHRINK_MS = 60_000;
const SEEDS = 0x1_0000_0000;

it(
	`${HUNT_MS / 1000} s of fresh seeds break no invariant`,
	() => {
		const report = hunt({
			seed: randomInt(SEEDS / 2),
			durationMs: 15_000,
			shrink: false,
			isOver: isOverAfter(HUNT_MS),
		});
		expect(report.failures.map(howToRepeat)).toEqual([]);
		expect(report.runs).toBeGreaterThan(0);
	},
	HUNT_MS + SHRINK_MS + 10_000,
);

function howToRepeat({ report }: Failure): object {
	const { seed, durationMs, violations } = report;
	const shrunk = shrink({ seed, durationMs }, { isOver: isOverAfter(SHRINK_MS) });
	return { again: reproduction({ seed, durationMs }), violation: violations[0], regression: caseLine(shrunk.options) };
}

function isOverAfter(ms: number): () => boolean {
	const startedAt = performance.now();
	return () => performance.now() - startedAt > ms;
}
