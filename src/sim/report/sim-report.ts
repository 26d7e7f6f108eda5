// The report of a run as one HTML file: verdict, figures, the course of it, who was what when, histograms.

import { durationText } from '../../status/index.ts';
import type { SimReport, Violation } from '../simulate.ts';
import type { RunStatistics } from '../statistics.ts';
import { type SimSummary, type SummaryRow, simTimeText } from '../summary.ts';
import { agreementPlot, bandwidthPlot, doubtsPlot, faultLanes, viewsPlot } from './course.ts';
import { histogram } from './histogram.ts';
import { memberLanes } from './member-lanes.ts';
import { type Cell, figures, heading, legend, page, section, table } from './page.ts';
import { escapeText, type Markup } from './svg.ts';
import { timeAxis } from './time-axis.ts';

/** One run and what was measured in it. */
export interface ReportInput {
	readonly report: SimReport;
	readonly statistics: RunStatistics;
	readonly summary: SimSummary;
	/** The weather in one line. */
	readonly drew: string;
	/** What runs the same again. */
	readonly command: string;
}

/** A whole HTML document; nothing is loaded from elsewhere. */
export function simReportHtml({ report, statistics, summary, drew, command }: ReportInput): Markup {
	const { timeline } = statistics;
	const axis = timeAxis(report.simulatedMs, Math.min(report.durationMs, report.simulatedMs), timeline.binMs);
	const title = `${report.weather.nodes} nodes for ${durationText(report.durationMs)}, seed ${report.seed}`;
	return page(
		`longbow-mesh sim: ${title}`,
		heading(
			sentence(summary.verdict),
			summary.ok,
			`${escapeText(title)}; ${escapeText(drew)}`,
			`Same seed, same run: <code>${escapeText(command)}</code>`,
		),
		keyFigures(report, statistics),
		violations(report.violations),
		section(
			'Course',
			'Every view is some node’s view: plotted is the mean over all running nodes. The dashed line is the number of processes that really run.',
			legend([
				['area alive', 'alive'],
				['area suspect', 'suspect'],
				['area dead', 'dead'],
				['area left', 'left'],
				['truth line', 'running processes'],
			]),
			'<div class="scroll">',
			faultLanes(report.history, axis),
			viewsPlot(timeline, axis),
			doubtsPlot(timeline, axis),
			agreementPlot(timeline, axis),
			bandwidthPlot(timeline, axis),
			'</div>',
		),
		section(
			'Who was what when',
			'One lane a member. Its height is all running views: so much of it is filled as doubt the member. The line below it is the truth: the process ran.',
			legend([
				['cell suspect', 'suspect'],
				['cell dead', 'dead'],
				['cell left', 'left'],
				['life line', 'process runs'],
				['end line', 'it crashed'],
			]),
			`<div class="scroll">${memberLanes(timeline, axis)}</div>`,
		),
		histograms(statistics, summary.rows),
		checks(report, summary.rows),
		`<footer>longbow-mesh sim; state hash ${report.stateHash}; ${report.packets.toLocaleString('en')} packets in ${durationText(report.simulatedMs)} of simulated time.</footer>`,
	);
}

function keyFigures(report: SimReport, statistics: RunStatistics): Markup {
	const { detection, dissemination, join, quietLoad, load } = statistics;
	const { bytesPerNodePerS } = quietLoad.bytesPerNodePerS === null ? load : quietLoad;
	const time = (ms: number | null): string => (ms === null ? '–' : durationText(ms));
	return figures([
		['crash: first suspect', time(detection.firstSuspect.p50Ms), `p99 ${time(detection.firstSuspect.p99Ms)}`],
		['crash: dead in all views', time(detection.deadAll.p50Ms), `p99 ${time(detection.deadAll.p99Ms)}`],
		['new tags: known to all', time(dissemination.p50Ms), `p99 ${time(dissemination.p99Ms)}`],
		['start: known to all', time(join.p50Ms), `p99 ${time(join.p99Ms)}`],
		['false deaths', String(report.falseDeaths), `${report.falseSuspicions} false suspicions`],
		[
			'sent by a node',
			bytesPerNodePerS === null ? '–' : `${Math.round(bytesPerNodePerS)} B/s`,
			quietLoad.bytesPerNodePerS === null ? 'over the whole run' : 'while nothing happens',
		],
		['faults end: one view', time(report.convergedMs ?? null), `bound ${durationText(report.boundMs)}`],
	]);
}

function violations(all: readonly Violation[]): Markup {
	if (all.length === 0) return '';
	const items = all.slice(0, 10).map(({ checker, invariant, at, text, evidence }) => {
		const where = `invariant ${invariant} (${checker}) at ${simTimeText(at)}`;
		const facts = evidence.length > 0 ? `<pre>${evidence.map(escapeText).join('\n')}</pre>` : '';
		return `<div class="violation"><b>${escapeText(sentence(text))}</b><p>${escapeText(where)}</p>${facts}</div>`;
	});
	const more = all.length > items.length ? `The first ${items.length} of ${all.length}.` : '';
	return section('Broken invariants', more, ...items);
}

function histograms({ samples }: RunStatistics, rows: readonly SummaryRow[]): Markup {
	const boundOf = (name: string): number | undefined => rows.find((row) => row.name === name)?.boundMs;
	return section(
		'Detection',
		'',
		'<div class="pair">',
		histogram('Crash to first suspect', samples.firstSuspect, boundOf('crash to first suspect')),
		histogram('Crash to dead in all views', samples.deadAll, boundOf('crash to dead, all')),
		'</div>',
	);
}

function checks(report: SimReport, rows: readonly SummaryRow[]): Markup {
	const time = (ms: number | null | undefined): string => (ms === null || ms === undefined ? '' : durationText(ms));
	const verdict = (ok: boolean | null, boundMs: number | undefined, bad: string): string | Cell => {
		if (ok === null) return boundMs === undefined ? '' : { text: 'not promised', style: 'over' };
		return ok ? 'ok' : { text: bad, style: bad === 'broken' ? 'broken' : 'over' };
	};
	const measured = rows.map(({ name, measured: of, boundMs, text, ok }) => [
		name,
		of ? String(of.count) : '',
		time(of?.p50Ms) || (text ?? ''),
		time(of?.p99Ms),
		time(of?.maxMs),
		time(boundMs),
		verdict(of?.count === 0 ? null : ok, of?.count === 0 ? undefined : boundMs, 'over'),
	]);
	const invariants = report.checks.map(({ name, invariant, violations: broken }) => [
		`${name} (invariant ${invariant})`,
		String(broken),
		verdict(broken === 0, undefined, 'broken'),
	]);
	return section(
		'Figures and checks',
		'',
		table(['measured', 'count', 'p50', 'p99', 'max', 'bound', ''], measured),
		table(['checker', 'violations', ''], invariants),
	);
}

function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/\.?$/, '.');
}
