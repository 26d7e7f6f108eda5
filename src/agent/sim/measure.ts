// Runs one simulation in slices, so that progress is shown and Ctrl-C is heard, and measures it.

import { setImmediate as nextTurn } from 'node:timers/promises';
import {
	drawRun,
	type Fault,
	type RunStatistics,
	type SimProgress,
	type SimReport,
	type SimSummary,
	type SimulateOptions,
	Statistics,
	simulation,
	summarize,
} from '../../sim/index.ts';
import type { SimRecord } from '../playback/sim-playable.ts';
import type { SimRequest } from './flags.ts';
import type { ViewJournal } from './view-journal.ts';

/** What a run needs of a request. */
export type Run = Pick<
	SimRequest,
	'seed' | 'durationMs' | 'weather' | 'history' | 'faults' | 'host' | 'checks' | 'untilMs'
>;

export interface Measured {
	readonly report: SimReport;
	readonly statistics: RunStatistics;
	readonly summary: SimSummary;
	/** Wall-clock time that it took. */
	readonly wallMs: number;
}

/** What will happen: of the scenario or drawn from weather and seed, and asked for. */
export function historyOf({ seed, durationMs, weather, history: given, faults }: Run): readonly Fault[] {
	const { history } = drawRun({ seed, durationMs, weather, ...(given && { history: given }) });
	return [...history, ...faults].sort((a, b) => a.at - b.at);
}

/** What the simulator is told of a run. */
export function simulateOptions(run: Run): SimulateOptions {
	const { seed, durationMs, weather, host } = run;
	return { seed, durationMs, weather, history: historyOf(run), host };
}

/**
 * Runs to the end, to `untilMs`, or until stopped; then the report is not `complete`. `journal`, if given, records one
 * host, `record` what a playback of all must know.
 */
export async function measure(
	run: Run,
	stop: AbortSignal,
	show: (progress: SimProgress) => void,
	journal?: ViewJournal,
	record?: SimRecord,
): Promise<Measured> {
	const { host, checks, untilMs = Number.POSITIVE_INFINITY } = run;
	const startedAt = performance.now();
	let observer: Statistics | undefined;
	const steps = simulation({
		...simulateOptions(run),
		...(checks && { checks }),
		...(journal && { record: journal.record }),
		observe: (cluster) => {
			observer = new Statistics(cluster);
			if (journal) cluster.observe(journal.observer);
			if (record) cluster.observe(record.observe(cluster));
			return observer;
		},
	});
	const report = await inTurns(steps, (progress) => {
		show(progress);
		return !stop.aborted && progress.now < untilMs;
	});
	const statistics = (observer as Statistics).finish();
	return {
		report,
		statistics,
		summary: summarize(report, statistics, host),
		wallMs: performance.now() - startedAt,
	};
}

/** Drains a generator with a turn of the event loop after each step; `step` says whether to go on. */
export async function inTurns<P, R>(
	steps: Generator<P, R, boolean | undefined>,
	step: (progress: P) => boolean,
): Promise<R> {
	for (let at = steps.next(); ; ) {
		if (at.done) return at.value;
		const goOn = step(at.value);
		await nextTurn();
		at = steps.next(goOn);
	}
}
