// The long hunt: thousands of runs in drawn weather, `node scripts/run-ts.mjs bench hunt [first seed] [runs] [seconds a run]`.

import { caseLine, hunt, reproduction } from '../src/sim/index.ts';

const [seed = 1, runs = 300, seconds = 15] = process.argv.slice(2).map(Number);
const REPORT_EVERY = 100;
const began = performance.now();

const total = hunt({
	seed,
	runs,
	durationMs: seconds * 1_000,
	mostFailures: 20,
	// A long hunt first tells what it found; whoever looks into it shrinks it.
	shrink: runs <= 1_000,
	onRun: (report, soFar) => {
		if (report.violations.length > 0) {
			const failure = soFar.failures.at(-1);
			console.log(`\nbroken: ${reproduction({ seed: report.seed, durationMs: report.durationMs })}`);
			for (const { checker, at, text, evidence } of report.violations.slice(0, 1)) {
				console.log(`  ${checker} at ${Math.round(at)} ms: ${text}`, ...evidence.map((line) => `\n    ${line}`));
			}
			if (failure?.shrunk)
				console.log(`  shrunk in ${failure.shrunk.tries} tries: ${caseLine(failure.shrunk.options)}`);
		}
		if (soFar.runs % REPORT_EVERY === 0) console.log(`${soFar.runs} runs, seed ${report.seed}, ${elapsed()} s`);
	},
});

const { mild, rough, convergedMs } = total;
const quantile = (share: number): number => convergedMs[Math.floor(share * (convergedMs.length - 1))] ?? Number.NaN;
console.log(`
${total.runs} runs from seed ${seed}, ${seconds} s each and the healing: ${total.failures.length} broke an invariant
${Math.round(total.simulatedMs / 1000)} s simulated, ${total.packets} packets, ${elapsed()} s of wall time
mild weather   ${mild.runs} runs, ${mild.falseDeaths} false deaths, ${mild.falseSuspicions} false suspicions
rough weather  ${rough.runs} runs, ${rough.falseDeaths} false deaths, ${rough.falseSuspicions} false suspicions
converged      p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, most ${quantile(1)} ms after the heal`);
process.exitCode = total.failures.length > 0 ? 1 : 0;

function elapsed(): number {
	return Math.round((performance.now() - began) / 1000);
}
