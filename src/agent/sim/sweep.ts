// `sim --sweep`: the same run again and again with one number changed.

import { type Fault, hostName, type SweepPoint, sweepReportHtml, weatherText } from '../../sim/index.ts';
import { durationText } from '../../status/index.ts';
import type { Invocation } from '../cli/command.ts';
import { type Column, tableLines } from '../cli/table.ts';
import { applyNumbers, type SimRequest } from './flags.ts';
import { jsonDocument } from './json.ts';
import { type Measured, measure } from './measure.ts';
import { countText, Progress, Ticker } from './progress.ts';
import { INTERRUPTED, writeOutput } from './report-file.ts';
import type { Sweep } from './values.ts';

const HOUR_MS = 3_600_000;

/** @returns the exit code: 1 when any of the runs broke an invariant. */
export async function runSweep(
	request: SimRequest,
	sweep: Sweep,
	{ terminal, json }: Invocation,
	stop: AbortSignal,
): Promise<number> {
	const about = aboutRuns(request, sweep);
	terminal.note(`seed ${request.seed}   ${countText(sweep.values.length, 'run')}: ${about}`);
	const ticker = new Ticker(terminal);
	const runs: Measured[] = [];
	const points: SweepPoint[] = [];
	for (const value of sweep.values) {
		const run = applyNumbers(request, { [sweep.flag]: value });
		const progress = new Progress(ticker);
		const before = `${sweep.flag} ${sweep.text(value)}  `;
		const measured = await measure({ ...run, faults: faultsOf(run) }, stop, (now) => progress.show(now, before));
		if (stop.aborted) break;
		runs.push(measured);
		points.push(pointOf(measured, value, sweep.text(value)));
	}
	terminal.status('');
	if (json) {
		const documents = runs.map((run, i) => ({ value: points[i]?.value, ...jsonDocument(run) }));
		terminal.out(JSON.stringify({ schema: 1, seed: request.seed, sweep: sweep.flag, runs: documents }));
	} else {
		for (const line of tableLines(columns(sweep.flag), points, terminal)) terminal.out(line);
		terminal.note(`False suspects and deaths per node and hour. Same seed, same runs: ${request.again}`);
	}
	if (request.html !== undefined && points.length > 1) {
		const html = sweepReportHtml({ name: sweep.flag, points, about, command: request.again });
		await writeOutput('--html', request.html, html);
		terminal.note(`report   ${request.html}`);
	}
	if (stop.aborted) return INTERRUPTED;
	return runs.every(({ summary }) => summary.ok) ? 0 : 1;
}

/** A process is away so long, so that its death is known to all before it comes back. */
const AWAY_MS = 25_000;
const FIRST_CRASH_MS = 10_000;
const HOSTS_AWAY_SHARE = 1 / 16;

/** Where neither weather nor faults were asked for, there must still be something to detect: processes crash in turn. */
function faultsOf({ weather, durationMs, faults, steadyCrashes }: SimRequest): readonly Fault[] {
	if (!steadyCrashes) return faults;
	const apartMs = crashesApartMs(weather.nodes);
	const count = Math.floor((durationMs - AWAY_MS - FIRST_CRASH_MS) / apartMs) + 1;
	return Array.from({ length: Math.max(0, count) }, (_, i) => ({
		type: 'crash',
		at: FIRST_CRASH_MS + i * apartMs,
		host: hostName(weather.nodes - 1 - (i % weather.nodes)),
		back: { afterMs: AWAY_MS, moves: false },
	}));
}

function crashesApartMs(nodes: number): number {
	return Math.round(AWAY_MS / Math.max(1, Math.floor(nodes * HOSTS_AWAY_SHARE)));
}

/** What all runs have in common. */
function aboutRuns({ weather, durationMs, faults, steadyCrashes }: SimRequest, { flag }: Sweep): string {
	const parts = weatherText(weather, faults).split(', ');
	const kept = flag === 'loss' ? parts.slice(1) : flag === 'rtt' || flag === 'jitter' ? parts.slice(0, 1) : parts;
	if (flag !== 'nodes') kept.unshift(countText(weather.nodes, 'node'));
	if (steadyCrashes) kept.push(`a crash every ${durationText(crashesApartMs(weather.nodes))}`);
	return [`${durationText(durationMs)} each`, ...kept].join(', ');
}

function pointOf({ report, statistics }: Measured, value: number, label: string): SweepPoint {
	const { detection, dissemination, load } = statistics;
	const nodeHours = (report.weather.nodes * report.simulatedMs) / HOUR_MS;
	return {
		value,
		label,
		crashes: detection.crashes,
		firstSuspectP50Ms: detection.firstSuspect.p50Ms,
		firstSuspectP99Ms: detection.firstSuspect.p99Ms,
		deadAllP50Ms: detection.deadAll.p50Ms,
		deadAllP99Ms: detection.deadAll.p99Ms,
		tagsP99Ms: dissemination.p99Ms,
		convergedMs: report.convergedMs ?? null,
		falseSuspicionsPerNodeHour: report.falseSuspicions / nodeHours,
		falseDeathsPerNodeHour: report.falseDeaths / nodeHours,
		bytesPerNodePerS: load.bytesPerNodePerS,
		violations: report.violations.length,
	};
}

function columns(flag: string): Column<SweepPoint>[] {
	const time = (ms: number | null): string => (ms === null ? '-' : durationText(ms));
	const figure = (title: string, text: (point: SweepPoint) => string): Column<SweepPoint> => ({
		title,
		text,
		align: 'right',
	});
	return [
		figure(flag.toUpperCase(), ({ label }) => label),
		figure('CRASHES', ({ crashes }) => String(crashes)),
		figure('SUSPECT P50', ({ firstSuspectP50Ms }) => time(firstSuspectP50Ms)),
		figure('P99', ({ firstSuspectP99Ms }) => time(firstSuspectP99Ms)),
		figure('DEAD, ALL P50', ({ deadAllP50Ms }) => time(deadAllP50Ms)),
		figure('P99', ({ deadAllP99Ms }) => time(deadAllP99Ms)),
		figure('FALSE SUSPECTS', (point) => point.falseSuspicionsPerNodeHour.toFixed(2)),
		figure('FALSE DEATHS', (point) => point.falseDeathsPerNodeHour.toFixed(2)),
		figure('SENT', ({ bytesPerNodePerS }) => (bytesPerNodePerS === null ? '-' : `${Math.round(bytesPerNodePerS)} B/s`)),
		figure('HEALED', ({ convergedMs }) => time(convergedMs)),
		figure('VIOLATIONS', ({ violations }) => String(violations)),
	];
}
