// The checkers are checked: every deliberate bug in src/swim is caught within a few seeds, and every checker catches one.
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CHECKERS } from '../../src/sim/index.ts';
import { MUTANTS, type Mutant } from './mutant-list.ts';
import { catchMutant, mutantRun, mutatedSimulate } from './mutated.ts';

describe('mutants', () => {
	it.each(MUTANTS)(
		'caught by $by within $seeds seeds: $name',
		async (mutant) => {
			expect(await catchMutant(mutant), `${mutant.by} does not object`).toBeDefined();
		},
		60_000,
	);

	it('are there for every checker', () => {
		// Two promises of a run as a whole have no file of their own: nothing is thrown, and views become equal.
		const checkers = [...CHECKERS.map(({ name }) => name), 'throws', 'convergence'];
		expect([...new Set(MUTANTS.map(({ by }) => by))].sort()).toEqual(checkers.sort());
	});

	it('are caught for what is wrong with them: without them the same runs are in order', async () => {
		const nothing: Mutant = { name: 'nothing', file: 'member.ts', by: 'none', edits: [], seeds: 60 };
		const simulate = await mutatedSimulate(nothing);
		for (let seed = 1; seed <= nothing.seeds; seed++) {
			expect(simulate(mutantRun(nothing, seed)).violations, `seed ${seed}`).toEqual([]);
		}
		for (const mutant of MUTANTS.filter(({ run }) => run)) {
			expect(simulate(mutantRun(mutant, 1)).violations, mutant.name).toEqual([]);
		}
	}, 60_000);

	it('whose text has gone from the source are reported', async () => {
		const gone: Mutant = { name: 'gone', file: 'member.ts', by: 'none', edits: [['no such text', '']], seeds: 1 };
		await expect(mutatedSimulate(gone)).rejects.toThrow('member.ts has 0 times: no such text');
	});

	it('stand in the documentation', async () => {
		const text = await readFile('docs/simulation.md', 'utf8');
		for (const { name, by } of MUTANTS) expect(text).toContain(`| ${name} | \`${by}\` |`);
	});
});
