// `sim --hunt`: run after run until the time is up or an invariant breaks; what breaks is shrunk.

import {
	type Failure,
	type HuntClass,
	type HuntReport,
	hunting,
	quantile,
	type SimReport,
	WEATHER_CLASSES,
	weatherText,
} from '../../sim/index.ts';
import { durationText } from '../../status/index.ts';
import type { Invocation } from '../cli/command.ts';
import { cut } from '../cli/table.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { SimRequest } from './flags.ts';
import { inTurns } from './measure.ts';
import { violationLines } from './print.ts';
import { bar, countText, packetsText, Ticker } from './progress.ts';
import { INTERRUPTED } from './report-file.ts';

/** A failure may be made smaller for so long after the hunt's time is up. */
const SHRINK_MS = 30_000;

/** @returns the exit code: 1 when an invariant was broken. */
export async function runHunt(
	request: SimRequest,
	huntMs: number,
	{ terminal, json }: Invocation,
	stop: AbortSignal,
): Promise<number> {
	const { seed, durationMs, host, checks, huntWeather: weather } = request;
	const startedAt = performance.now();
	const elapsed = (): number => performance.now() - startedAt;
	const ticker = new Ticker(terminal);
	let soFar: HuntReport | undefined;
	const where = weather ? weatherText(weather, []) : 'drawn weather';
	terminal.note(`seeds from ${seed}, ${durationText(durationMs)} each, ${where}, for ${durationText(huntMs)}`);
	const steps = hunting({
		seed,
		durationMs,
		host,
		...(weather && { weather }),
		...(checks && { checks }),
		isOver: () => stop.aborted || elapsed() > huntMs + SHRINK_MS,
		onRun: (_, total) => {
			soFar = total;
		},
	});
	const total = await inTurns(steps, () => {
		if (ticker.isDue) ticker.show(progressLine(soFar, elapsed(), huntMs));
		return !stop.aborted && elapsed() < huntMs;
	});
	terminal.status('');
	if (json) terminal.out(JSON.stringify(jsonDocument(total, request, elapsed())));
	else print(total, request, elapsed(), terminal);
	if (stop.aborted) return INTERRUPTED;
	return total.failures.length === 0 ? 0 : 1;
}

function progressLine(soFar: HuntReport | undefined, elapsedMs: number, huntMs: number): string {
	const { runs = 0, simulatedMs = 0, packets = 0 } = soFar ?? {};
	const time = `${durationText(elapsedMs)} of ${durationText(huntMs)}`;
	const work = `${countText(runs, 'run')}   ${durationText(simulatedMs)} simulated   ${packetsText(packets)}`;
	return `hunt     ${bar(elapsedMs / huntMs)}  ${time}   ${work}`;
}

function print(total: HuntReport, request: SimRequest, wallMs: number, terminal: Terminal): void {
	const { runs, simulatedMs, packets, classes, convergedMs, failures } = total;
	const healed = (share: number): string => durationText(quantile(convergedMs, share) ?? 0);
	terminal.out(`${countText(runs, 'run')}   ${durationText(simulatedMs)} simulated   ${packetsText(packets)}`);
	for (const name of WEATHER_CLASSES)
		if (classes[name].runs > 0) terminal.out(`${`${name} weather`.padEnd(14)}  ${classText(classes[name])}`);
	if (convergedMs.length > 0)
		terminal.out(`healed after    p50 ${healed(0.5)}   p99 ${healed(0.99)}   max ${healed(1)}`);
	terminal.out('');
	for (const failure of failures) for (const line of failureLines(failure, request, terminal)) terminal.out(line);
	const verdict = failures.length === 0 ? 'No invariant was broken.' : 'Not as promised.';
	terminal.out(`${verdict}   ${durationText(wallMs)}   the same hunt: ${request.again}`);
}

function classText({ runs, falseDeaths, falseSuspicions }: HuntClass): string {
	return `${countText(runs, 'run')}   ${countText(falseDeaths, 'false death')}   ${countText(falseSuspicions, 'false suspicion')}`;
}

function failureLines({ report, shrunk }: Failure, request: SimRequest, terminal: Terminal): string[] {
	const again = request.commandFor(report.seed);
	const lines = [`drew     ${weatherText(report.weather, report.history)}`];
	for (const violation of report.violations.slice(0, 1)) lines.push(...violationLines(violation, again, terminal));
	if (!shrunk) return lines;
	const { weather, history } = shrunk.options;
	const size = `${countText(weather.nodes, 'node')}, ${countText(history.length, 'fault')}`;
	lines.push(`  shrunk to ${size} in ${countText(shrunk.tries, 'run')}: ${weatherText(weather, history)}`);
	const width = terminal.width ?? Number.POSITIVE_INFINITY;
	return [...lines, ...history.slice(0, 20).map((fault) => cut(`    ${JSON.stringify(fault)}`, width)), ''];
}

function jsonDocument(total: HuntReport, request: SimRequest, wallMs: number): object {
	const { convergedMs, failures, ...counts } = total;
	return {
		schema: 1,
		seed: request.seed,
		ok: failures.length === 0,
		...counts,
		converged: {
			count: convergedMs.length,
			p50Ms: quantile(convergedMs, 0.5),
			p99Ms: quantile(convergedMs, 0.99),
			maxMs: quantile(convergedMs, 1),
		},
		failures: failures.map(({ report, shrunk }) => ({
			again: request.commandFor(report.seed),
			...failureOf(report),
			shrunk: shrunk
				? { tries: shrunk.tries, durationMs: shrunk.options.durationMs, ...failureOf(shrunk.report) }
				: null,
		})),
		wallMs: Math.round(wallMs),
	};
}

function failureOf({ seed, stateHash, violations, weather, history }: SimReport): object {
	return { seed, stateHash, violations, drawn: { weather, history } };
}
