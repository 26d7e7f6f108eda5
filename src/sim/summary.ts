// What a run says in a few rows: figures beside what may be expected of them.

import { durationText } from '../status/index.ts';
import { type Config, resolveConfig } from '../swim/index.ts';
import type { HostOptions } from './cluster.ts';
import type { SimReport } from './simulate.ts';
import type { Quantiles } from './statistics/sample.ts';
import type { RunStatistics } from './statistics.ts';

/** One figure. */
export interface SummaryRow {
	readonly name: string;
	/** Durations; absent in rows that are a sentence. */
	readonly measured?: Quantiles;
	readonly boundMs?: number;
	/** The figure as a sentence, where it is no duration. */
	readonly text?: string;
	/** Null: nothing was measured, or nothing is promised in this weather. */
	readonly ok: boolean | null;
}

/** A run in a few rows. */
export interface SimSummary {
	/** No invariant was broken, and the healed mesh converged in time. */
	readonly ok: boolean;
	/** One sentence. */
	readonly verdict: string;
	readonly rows: readonly SummaryRow[];
}

/** Holds the figures of a run against what may be expected in its weather. */
export function summarize(report: SimReport, statistics: RunStatistics, host: HostOptions = {}): SimSummary {
	const bounds = detectionBounds(resolveConfig({ ...host, name: 'bounds' }), report.weather.nodes);
	const { detection, dissemination, join, quietLoad, load } = statistics;
	const measured = (name: string, quantiles: Quantiles, boundMs?: number): SummaryRow => {
		const within = boundMs === undefined || quantiles.maxMs === null ? null : quantiles.maxMs <= boundMs;
		return {
			name,
			measured: quantiles,
			...(boundMs !== undefined && { boundMs }),
			ok: within === false && !report.promisesNoFalseDeath ? null : within,
		};
	};
	const rows: SummaryRow[] = [
		measured('crash to first suspect', detection.firstSuspect, bounds.firstSuspectMs),
		measured('crash to dead, all', detection.deadAll, bounds.deadAllMs),
		measured('new tags to all', dissemination),
		measured('start to known by all', join),
		{ name: 'false suspicions', text: String(report.falseSuspicions), ok: null },
		{ name: 'false deaths', text: String(report.falseDeaths), ok: falseDeathsOk(report) },
		{ name: 'load per node', text: loadText(quietLoad.bytesPerNodePerS === null ? load : quietLoad), ok: null },
	];
	if (report.complete) rows.push(convergence(report));
	const ok = report.violations.length === 0 && (!report.complete || report.convergedMs !== undefined);
	return { ok, verdict: verdictOf(report, ok), rows };
}

/**
 * What a crash may take in weather that promises something. First suspicion: each of the others
 * probes the dead once in a round (2n − 1 periods at most, SWIM §4.3), and that nobody does for
 * twelve periods has a chance of e^-12 (§3.1); then a period for the failing probe. Dead in all
 * views: the suspicion's timeout on top, and seven periods for confirmations and the news.
 */
export function detectionBounds(config: Config, nodes: number): { firstSuspectMs: number; deadAllMs: number } {
	const firstSuspectMs = (Math.min(2 * nodes - 1, 12) + 1) * config.protocolPeriodMs;
	const suspicionMs =
		config.suspicionTimeoutMs === 'auto'
			? 4 * Math.max(1, Math.log10(nodes)) * config.protocolPeriodMs
			: config.suspicionTimeoutMs;
	return { firstSuspectMs, deadAllMs: Math.ceil(firstSuspectMs + suspicionMs + 7 * config.protocolPeriodMs) };
}

function falseDeathsOk({ falseDeaths, promisesNoFalseDeath, violations }: SimReport): boolean | null {
	if (falseDeaths === 0) return true;
	return promisesNoFalseDeath && violations.some(({ checker }) => checker === 'false-deaths') ? false : null;
}

function convergence({ convergedMs, boundMs }: SimReport): SummaryRow {
	const text =
		convergedMs === undefined ? 'not within the bound' : `all views equal after ${durationText(convergedMs)}`;
	return { name: 'healed', text, boundMs, ok: convergedMs !== undefined };
}

function loadText({ bytesPerNodePerS, packetsPerNodePerS }: RunStatistics['load']): string {
	if (bytesPerNodePerS === null || packetsPerNodePerS === null) return 'nobody ran';
	return `${Math.round(bytesPerNodePerS)} B/s and ${packetsPerNodePerS.toFixed(1)} packets/s out`;
}

function verdictOf(report: SimReport, ok: boolean): string {
	const { weather, violations, convergedMs, complete } = report;
	const nodes = `${weather.nodes} node${weather.nodes === 1 ? '' : 's'}`;
	const [first] = violations;
	if (first) return `invariant ${first.invariant} broken at ${simTimeText(first.at)}: ${first.text}`;
	if (!complete) return `${nodes} behaved until ${simTimeText(report.simulatedMs)}, where the run was ended`;
	if (!ok || convergedMs === undefined) {
		return `${nodes} did not come to one view within ${durationText(report.boundMs)} after the faults had ended`;
	}
	return `${nodes} behaved.`;
}

/** A moment of the run to the millisecond: `4m12.080s`. */
export function simTimeText(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	const seconds = ((ms - minutes * 60_000) / 1000).toFixed(3);
	return minutes > 0 ? `${minutes}m${seconds.padStart(6, '0')}s` : `${seconds}s`;
}
