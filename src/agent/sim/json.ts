// The result of a run as one JSON document.

import type { SimSummary } from '../../sim/index.ts';
import type { Measured } from './measure.ts';

/** Durations end in `Ms`; null = not measured. */
export function jsonDocument({ report, statistics, summary, wallMs }: Measured): object {
	const { detection, dissemination, join, quietLoad, load } = statistics;
	return {
		schema: 1,
		seed: report.seed,
		stateHash: report.stateHash,
		ok: summary.ok,
		complete: report.complete,
		nodes: report.weather.nodes,
		durationMs: report.durationMs,
		simulatedMs: report.simulatedMs,
		drawn: { weather: report.weather, history: report.history },
		checks: [...invariants(report.checks), ...measures(summary)],
		violations: report.violations,
		detection,
		dissemination,
		join,
		falseSuspicions: report.falseSuspicions,
		falseDeaths: report.falseDeaths,
		promisesNoFalseDeath: report.promisesNoFalseDeath,
		convergedMs: report.convergedMs ?? null,
		boundMs: report.boundMs,
		// Of quiet seconds where there were some.
		...(quietLoad.bytesPerNodePerS === null ? load : quietLoad),
		load: { quiet: quietLoad, overall: load },
		packets: statistics.packets,
		bytes: statistics.bytes,
		wallMs: Math.round(wallMs),
	};
}

function invariants(checks: Measured['report']['checks']): object[] {
	return checks.map(({ name, invariant, violations }) => ({ name, ok: violations === 0, invariant, violations }));
}

function measures({ rows }: SimSummary): object[] {
	return rows.flatMap(({ name, measured, boundMs, ok }) =>
		measured ? [{ name, ok, p50Ms: measured.p50Ms, p99Ms: measured.p99Ms, boundMs: boundMs ?? null }] : [],
	);
}
