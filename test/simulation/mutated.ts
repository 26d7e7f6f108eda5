// A simulator with a bug in it, and how many seeds it takes until the checker meant for it objects.

import { importEdited } from '../../bench/support/without.ts';
import { drawWeather, type SimulateOptions, type simulate } from '../../src/sim/index.ts';
import { seededRandom } from '../../src/swim/index.ts';
import type { Mutant } from './mutant-list.ts';

/** Small clusters and short runs: most bugs need no more. */
export function mutantRun({ run }: Pick<Mutant, 'run'>, seed: number): SimulateOptions {
	if (run) return { ...run, seed };
	return { seed, durationMs: 12_000, weather: drawWeather(seededRandom(seed), 12) };
}

export interface Caught {
	/** The last of them was the first in which the mutant's own checker objected. */
	readonly seeds: number;
	/** Other checkers that have objected by then, sorted. */
	readonly also: readonly string[];
}

/** One seed after the other from 1 on; undefined when the checker does not object within `mutant.seeds`. */
export async function catchMutant(mutant: Mutant): Promise<Caught | undefined> {
	const simulate = await mutatedSimulate(mutant);
	const objected = new Set<string>();
	for (let seed = 1; seed <= mutant.seeds; seed++) {
		for (const { checker } of simulate(mutantRun(mutant, seed)).violations) objected.add(checker);
		if (objected.delete(mutant.by)) return { seeds: seed, also: [...objected].sort() };
	}
	return undefined;
}

/** @throws {Error} when a text to replace is not there exactly once: the source has changed, and the mutant must follow. */
export async function mutatedSimulate({ file, edits }: Mutant): Promise<typeof simulate> {
	const module = await importEdited<{ simulate: typeof simulate }>(
		'sim/simulate.ts',
		edits.map(([find, replace]) => ({ file: `swim/${file}`, find, replace })),
	);
	return module.simulate;
}
