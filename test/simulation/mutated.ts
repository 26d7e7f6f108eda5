// A simulator with a bug in it: the sources are bundled with some text replaced, and loaded beside the right ones.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { drawWeather, type SimulateOptions, type simulate } from '../../src/sim/index.ts';
import { seededRandom } from '../../src/swim/index.ts';
import type { Mutant } from './mutant-list.ts';

/** Of the checkout in which tests and benchmarks run. */
const source = join(process.cwd(), 'src/');

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
export async function mutatedSimulate(mutant: Mutant): Promise<typeof simulate> {
	const folder = mkdtempSync(join(tmpdir(), 'longbow-mutant-'));
	try {
		const outfile = join(folder, 'simulate.mjs');
		await build({
			entryPoints: [join(source, 'sim/simulate.ts')],
			outfile,
			bundle: true,
			format: 'esm',
			platform: 'node',
			logLevel: 'silent',
			plugins: [mutation(mutant)],
		});
		const module: { simulate: typeof simulate } = await import(pathToFileURL(outfile).href);
		return module.simulate;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function mutation({ name, file, edits }: Mutant): Plugin {
	const path = join(source, 'swim', file);
	return {
		name: 'mutation',
		setup(esbuild) {
			esbuild.onLoad({ filter: /\.ts$/ }, (load) => {
				if (load.path !== path) return undefined;
				let contents = readFileSync(path, 'utf8');
				for (const [find, replace] of edits) {
					const count = contents.split(find).length - 1;
					if (count !== 1) throw new Error(`mutant "${name}": ${file} has ${count} times: ${find}`);
					contents = contents.replace(find, () => replace);
				}
				return { contents, loader: 'ts' };
			});
		},
	};
}
