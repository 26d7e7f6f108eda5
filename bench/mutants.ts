// Checks the checkers: each deliberate bug, the checker that must object, and how many seeds it took; a table for docs/simulation.md.

import { MUTANTS } from '../test/simulation/mutant-list.ts';
import { catchMutant } from '../test/simulation/mutated.ts';

const began = performance.now();
let caught = 0;
let seeds = 0;

console.log('| bug | caught by | seeds | others that objected by then |\n|---|---|---|---|');
for (const mutant of MUTANTS) {
	const result = await catchMutant(mutant);
	const also = result?.also.map((name) => `\`${name}\``).join(', ') ?? '';
	console.log(`| ${mutant.name} | \`${mutant.by}\` | ${result?.seeds ?? `not in ${mutant.seeds}`} | ${also} |`);
	if (!result) continue;
	caught++;
	seeds += result.seeds;
}
const wallS = Math.round((performance.now() - began) / 1000);
console.log(`\n${caught} of ${MUTANTS.length} bugs caught, in ${seeds} seeds and ${wallS} s`);
process.exitCode = caught === MUTANTS.length ? 0 : 1;
