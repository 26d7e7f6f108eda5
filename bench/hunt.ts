// The long hunt: thousands of runs in drawn weather, `node scripts/run-ts.mjs bench hunt [first seed] [runs] [seconds a run]`.

import { createHash } from 'node:crypto';
import { caseLine, type HuntReport, hunt, reproduction, WEATHER_CLASSES } from '../src/sim/index.ts';

const [seed = 1, runs = 300, seconds = 15] = process.argv.slice(2).map(Number);
const REPORT_EVERY = 100;
const began = performance.now();
/** Over the state hashes of all runs: equal when another version did the same in each of them. */
const behaviour = createHash('sha256');

const total = hunt({
	seed,
	runs,
	durationMs: seconds * 1_000,
	mostFailures: 20,
	// A long hunt first tells what it found; whoever looks into it shrinks it.
	shrink: runs <= 1_000,
	onRun: (report, soFar) => {
		behaviour.update(report.stateHash);
		if (report.violations.length > 0) {
			const failure = soFar.failures.at(-1);
			console.log(`\nbroken: ${reproduction({ seed: report.seed, durationMs: report.durationMs })}`);
			for (const { checker, at, text, evidence } of report.violations.slice(0, 1)) {
				console.log(`  ${checker} at ${Math.round(at)} ms: ${text}`, ...evidence.map((line) => `\n    ${line}`));
			}
			if (failure?.shrunk)
				console.log(`  shrunk in ${failure.shrunk.tries} tries: ${caseLine(failure.shrunk.options)}`);
		}
		if (soFar.runs % REPORT_EVERY === 0) console.log(summary(soFar));
	},
});

console.log(`\n${summary(total)}`);
process.exitCode = total.failures.length > 0 ? 1 : 0;

/** Counts by weather class; a false death in mild weather would be a broken invariant too. */
function summary({ runs: done, simulatedMs, packets, classes, convergedMs, failures }: HuntReport): string {
	const sorted = convergedMs.toSorted((a, b) => a - b);
	const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
	const rows = WEATHER_CLASSES.map((name) => {
		const { runs: count, hostHours, falseDeaths, falseSuspicions } = classes[name];
		return `${name.padEnd(7)} ${count} runs, ${hostHours.toFixed(1)} host hours, ${falseDeaths} false deaths, ${falseSuspicions} false suspicions`;
	});
	return [
		`${done} runs, seeds ${seed} to ${seed + done - 1}, ${seconds} s each and the healing: ${failures.length} broke an invariant`,
		`${Math.round(simulatedMs / 1000)} s simulated, ${packets} packets, ${elapsed()} s of wall time`,
		...rows,
		`behaviour ${behaviour.copy().digest('hex').slice(0, 16)}`,
		`converged ${quantile(0.5)} ms (median), ${quantile(0.99)} ms (99 of 100), ${quantile(1)} ms (all) after the heal`,
	].join('\n');
}

function elapsed(): number {
	return Math.round((performance.now() - began) / 1000);
}
