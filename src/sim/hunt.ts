// The hunt: run after run in drawn weather, until an invariant breaks, the runs are done or the time is up.

import { Promises, type WeatherClass } from './checkers/index.ts';
import { type Shrunk, shrink } from './shrink.ts';
import {
	DEFAULT_DURATION_MS,
	drawRun,
	type SimProgress,
	type SimReport,
	type SimulateOptions,
	simulation,
} from './simulate.ts';

const HOUR_MS = 3_600_000;

/** Which seeds, and when to stop. */
export interface HuntOptions extends Omit<SimulateOptions, 'seed' | 'onProgress'> {
	/** First seed; the following ones come after it. Default 1. */
	readonly seed?: number;
	/** Most runs. Default: until `isOver`. */
	readonly runs?: number;
	/** Looked at between runs, while shrinking and, by `hunt`, once a simulated second; true ends the hunt. Whoever has a clock decides. */
	readonly isOver?: () => boolean;
	/** After each run. */
	readonly onRun?: (report: SimReport, soFar: HuntReport) => void;
	/** Runs that break an invariant are kept up to so many; then the hunt ends. Default 1. */
	readonly mostFailures?: number;
	/** Whether failures are shrunk. Default true. */
	readonly shrink?: boolean;
}

/** What happened in all runs of one class of weather. */
export interface HuntClass {
	runs: number;
	/** Hosts at the start times simulated hours: what false deaths are a rate of. */
	hostHours: number;
	falseDeaths: number;
	falseSuspicions: number;
}

/** A run that broke an invariant, and the smallest one found that does. */
export interface Failure {
	readonly report: SimReport;
	readonly shrunk: Shrunk | undefined;
}

/** What came of all runs so far. */
export interface HuntReport {
	runs: number;
	simulatedMs: number;
	packets: number;
	readonly classes: Readonly<Record<WeatherClass, HuntClass>>;
	/** Of each run that converged, ascending once the hunt is over. */
	readonly convergedMs: number[];
	readonly failures: Failure[];
}

/** Runs seed after seed until enough of them, or one that breaks an invariant. */
export function hunt(options: HuntOptions = {}): HuntReport {
	const steps = hunting(options);
	for (let goOn: boolean | undefined; ; ) {
		const { value, done } = steps.next(goOn);
		if (done) return value;
		goOn = !options.isOver?.();
	}
}

/** The same hunt in steps of about a simulated second, for whoever has other things to do between them; false ends it. */
export function* hunting(options: HuntOptions = {}): Generator<SimProgress, HuntReport, boolean | undefined> {
	const { runs = Number.POSITIVE_INFINITY, isOver = () => false, mostFailures = 1, ...others } = options;
	const { seed = 1, shrink: shrinks = true, onRun, ...rest } = others;
	const total = newReport();
	for (let i = 0; i < runs && total.failures.length < mostFailures && !isOver(); i++) {
		const run: SimulateOptions = { ...rest, seed: seed + i };
		const report = yield* simulation(run);
		if (!report.complete && report.violations.length === 0) break;
		count(total, report, new Promises(report.weather, report.history, rest.host ?? {}).weatherClass);
		if (report.violations.length > 0) {
			total.failures.push({ report, shrunk: shrinks ? shrink(run, { isOver }) : undefined });
		}
		onRun?.(report, total);
		if (!report.complete) break;
	}
	total.convergedMs.sort((a, b) => a - b);
	return total;
}

function newReport(): HuntReport {
	const none = (): HuntClass => ({ runs: 0, hostHours: 0, falseDeaths: 0, falseSuspicions: 0 });
	const classes = { mild: none(), gray: none(), rough: none(), parted: none() };
	return { runs: 0, simulatedMs: 0, packets: 0, classes, convergedMs: [], failures: [] };
}

function count(total: HuntReport, report: SimReport, weatherClass: WeatherClass): void {
	total.runs++;
	total.simulatedMs += report.simulatedMs;
	total.packets += report.packets;
	if (report.convergedMs !== undefined) total.convergedMs.push(report.convergedMs);
	const kind = total.classes[weatherClass];
	kind.runs++;
	kind.hostHours += (report.weather.nodes * report.simulatedMs) / HOUR_MS;
	kind.falseDeaths += report.falseDeaths;
	kind.falseSuspicions += report.falseSuspicions;
}

/** The command that repeats a drawn run: all that happens in it follows from seed and duration. */
export function reproduction({
	seed,
	durationMs = DEFAULT_DURATION_MS,
}: Pick<SimulateOptions, 'seed' | 'durationMs'>): string {
	return `longbow-mesh sim --weather drawn --seed ${seed} --for ${durationMs}ms`;
}

/** One line that holds a whole run, drawn or shrunk, for test/simulation/regressions.test.ts. */
export function caseLine(run: SimulateOptions): string {
	const { observe: _observe, onProgress: _onProgress, record: _record, ...options } = run;
	return JSON.stringify({ ...options, ...drawRun(options) });
}
