// The checkers are checked: every deliberate bug in src/swim is caught within a few seeds.
import { describe, expect, it } from 'vitest';
import { drawWeather, type SimulateOptions } from '../../src/sim/index.ts';
import { seededRandom } from '../../src/swim/index.ts';
import { MUTANTS, type Mutant } from './mutant-list.ts';
import { mutatedSimulate } from './mutated.ts';

/** Small clusters and short runs: most bugs need no more. */
function options({ run }: Mutant, seed: number): SimulateOptions {
	if (run) return { ...run, seed };
	return { seed, durationMs: 12_000, weather: drawWeather(seededRandom(seed), 12) };
}

describe('mutants', () => {
	it('are many', () => {
		expect(MUTANTS.length).toBeGreaterThanOrEqual(15);
	});

	it.each(MUTANTS)(
		'caught within $seeds seeds: $name',
		async (mutant) => {
			const simulate = await mutatedSimulate(mutant);
			let seed = 1;
			while (simulate(options(mutant, seed)).violations.length === 0) {
				expect(seed, 'no checker objects').toBeLessThan(mutant.seeds);
				seed++;
			}
		},
		60_000,
	);

	it('are caught for what is wrong with them: without them the same runs are in order', async () => {
		const nothing: Mutant = { name: 'nothing', file: 'member.ts', edits: [], seeds: 60 };
		const simulate = await mutatedSimulate(nothing);
		for (let seed = 1; seed <= nothing.seeds; seed++) {
			expect(simulate(options(nothing, seed)).violations, `seed ${seed}`).toEqual([]);
		}
		for (const mutant of MUTANTS.filter(({ run }) => run)) {
			expect(simulate(options(mutant, 1)).violations, mutant.name).toEqual([]);
		}
	}, 60_000);

	it('whose text has gone from the source are reported', async () => {
		const gone: Mutant = { name: 'gone', file: 'member.ts', edits: [['no such text', '']], seeds: 1 };
		await expect(mutatedSimulate(gone)).rejects.toThrow('member.ts has 0 times: no such text');
	});
});
