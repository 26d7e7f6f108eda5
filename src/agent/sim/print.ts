// The result of a run as text: what was drawn, the two phases, the figures, and what was broken.

import {
	type Fault,
	type SimSummary,
	type SummaryRow,
	simTimeText,
	type Violation,
	weatherText,
} from '../../sim/index.ts';
import { durationText } from '../../status/index.ts';
import { GLYPHS, type Terminal } from '../cli/terminal.ts';
import type { SimRequest } from './flags.ts';
import type { Measured } from './measure.ts';
import { bar, countText, packetsText, speedText } from './progress.ts';

const EVIDENCE_MAX = 20;

/** Before the run: the seed first, so that even a run that is killed can be repeated. */
export function printHeader(
	{ seed, weather, weatherName, durationMs }: SimRequest,
	history: readonly Fault[],
	terminal: Terminal,
): void {
	terminal.out(
		`seed ${seed}   ${countText(weather.nodes, 'node')}   ${durationText(durationMs)} simulated   ${weatherName}`,
	);
	terminal.out(`drew     ${weatherText(weather, history)}`);
	terminal.out('');
}

export function printResult(measured: Measured, request: SimRequest, terminal: Terminal): void {
	const { report, summary } = measured;
	for (const line of phaseLines(measured)) terminal.out(line);
	terminal.out('');
	for (const line of rowLines(summary.rows, terminal)) terminal.out(line);
	terminal.out('');
	for (const violation of report.violations.slice(0, 3)) {
		for (const line of violationLines(violation, request.again, terminal)) terminal.out(line);
	}
	const more = report.violations.length - 3;
	if (more > 0) terminal.out(`  and ${countText(more, 'violation')} more; --json has them all`);
	terminal.out(verdictLine(summary, measured.wallMs, request.again));
}

function phaseLines({ report, wallMs }: Measured): string[] {
	const { simulatedMs, durationMs, packets, violations, convergedMs, boundMs, complete } = report;
	const safetyMs = Math.min(simulatedMs, durationMs);
	const figures = `${speedText(simulatedMs, wallMs)}   ${packetsText(packets)}   ${countText(violations.length, 'violation')}`;
	const lines = [`safety   ${bar(safetyMs / durationMs)}  ${durationText(safetyMs)}   ${figures}`];
	if (complete) {
		const healed =
			convergedMs === undefined ? 'views still differ' : `healed, all views equal after ${durationText(convergedMs)}`;
		lines.push(`liveness ${bar(1)}  ${healed} (bound ${durationText(boundMs)})`);
	} else lines.push('liveness not reached: the run was ended before');
	return lines;
}

/** Aligned figures with their bounds and `ok`. */
function rowLines(rows: readonly SummaryRow[], terminal: Terminal): string[] {
	const width = Math.max(...rows.map(({ name }) => name.length));
	const lines = rows.map((row) => ({ row, text: rowText(row) }));
	const widest = Math.max(...lines.map(({ text }) => text.length));
	return lines.map(({ row, text }) => {
		const line = `${row.name.padEnd(width)}   ${text.padEnd(widest)}   `;
		if (row.ok === true && row.measured?.count !== 0) return `${line}ok`;
		if (row.ok === false) return line + terminal.paint('over', 'boldYellow');
		return line.trimEnd();
	});
}

function rowText({ measured, text, boundMs }: SummaryRow): string {
	const bound = boundMs === undefined ? '' : `bound ${durationText(boundMs)}`;
	if (!measured) return [text, bound].filter(Boolean).join('   ');
	if (measured.count === 0) return 'did not happen';
	const time = (label: string, ms: number | null): string => `${label} ${durationText(ms ?? 0).padEnd(6)}`;
	return [time('p50', measured.p50Ms), time('p99', measured.p99Ms), time('max', measured.maxMs), bound]
		.join('  ')
		.trimEnd();
}

/** What was broken, the facts, and the command that shows it again. */
export function violationLines(
	{ invariant, at, hosts, text, evidence }: Violation,
	again: string,
	terminal: Terminal,
): string[] {
	const shown = evidence.slice(0, EVIDENCE_MAX).map((line) => `  ${line}`);
	const until = Math.ceil((at + 1) / 100) / 10;
	return [
		`${terminal.paint(GLYPHS.dead, 'red')} invariant ${invariant} broken at ${simTimeText(at)}: ${text}`,
		...shown,
		...(evidence.length > shown.length ? [`  and ${evidence.length - shown.length} lines more`] : []),
		`  again:  ${again} --until ${until}s`,
		...lookLines(hosts, `${again} --until ${until}s`),
		'',
	];
}

/** The host at fault stands first, whom it concerns second. */
function lookLines([view, member]: readonly string[], again: string): string[] {
	if (view === undefined) return [];
	return [`  look:   ${again} --out run.lbj --view ${view} && longbow-mesh replay run.lbj --why ${member ?? view}`];
}

function verdictLine({ ok, verdict }: SimSummary, wallMs: number, again: string): string {
	const said = ok ? verdict : 'Not as promised.';
	return `${said}   ${durationText(wallMs)}   same seed, same run: ${again}`;
}
