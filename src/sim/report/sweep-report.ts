// The report of a sweep: how detection, verdicts and load depend on one quantity, as curves with axes.

import { durationText } from '../../status/index.ts';
import { heading, legend, page, section, table } from './page.ts';
import { element, escapeText, linear, type Markup, textAt, ticks } from './svg.ts';
import { tickText } from './time-axis.ts';

/** What one run of the sweep gave; null = not measured. */
export interface SweepPoint {
	readonly value: number;
	/** As the flag reads it. */
	readonly label: string;
	readonly crashes: number;
	readonly firstSuspectP50Ms: number | null;
	readonly firstSuspectP99Ms: number | null;
	readonly deadAllP50Ms: number | null;
	readonly deadAllP99Ms: number | null;
	readonly tagsP99Ms: number | null;
	readonly convergedMs: number | null;
	readonly falseSuspicionsPerNodeHour: number;
	readonly falseDeathsPerNodeHour: number;
	readonly bytesPerNodePerS: number | null;
	readonly violations: number;
}

/** Runs that differ in one quantity. */
export interface SweepInput {
	/** Of the flag that varies: `loss`. */
	readonly name: string;
	readonly points: readonly SweepPoint[];
	/** What all runs have in common, in one line. */
	readonly about: string;
	readonly command: string;
}

interface Curve {
	/** Class of the line: a state, or `line` alone. */
	readonly style: 'alive' | 'suspect' | 'dead';
	readonly label: string;
	of(point: SweepPoint): number | null;
}

interface Panel {
	readonly title: string;
	readonly unit: string;
	readonly curves: readonly Curve[];
	text(value: number): string;
}

const PANELS: readonly Panel[] = [
	{
		title: 'Crash to first suspect',
		unit: 'time',
		text: tickText,
		curves: [
			{ style: 'alive', label: 'p50', of: (point) => point.firstSuspectP50Ms },
			{ style: 'suspect', label: 'p99', of: (point) => point.firstSuspectP99Ms },
		],
	},
	{
		title: 'Crash to dead in all views',
		unit: 'time',
		text: tickText,
		curves: [
			{ style: 'alive', label: 'p50', of: (point) => point.deadAllP50Ms },
			{ style: 'suspect', label: 'p99', of: (point) => point.deadAllP99Ms },
		],
	},
	{
		title: 'False verdicts',
		unit: 'per node and hour',
		text: String,
		curves: [
			{ style: 'suspect', label: 'suspicions', of: (point) => point.falseSuspicionsPerNodeHour },
			{ style: 'dead', label: 'deaths', of: (point) => point.falseDeathsPerNodeHour },
		],
	},
	{
		title: 'Sent by a node',
		unit: 'bytes a second',
		text: String,
		curves: [{ style: 'alive', label: 'mean', of: (point) => point.bytesPerNodePerS }],
	},
];

/** A whole HTML document; nothing is loaded from elsewhere. */
export function sweepReportHtml({ name, points, about, command }: SweepInput): Markup {
	const broken = points.reduce((sum, { violations }) => sum + violations, 0);
	const [first, last] = [points[0], points.at(-1)];
	const range = first && last ? `${name} from ${first.label} to ${last.label}` : name;
	const time = (ms: number | null): string => (ms === null ? '–' : durationText(ms));
	const rows = points.map((point) => [
		point.label,
		String(point.crashes),
		time(point.firstSuspectP50Ms),
		time(point.firstSuspectP99Ms),
		time(point.deadAllP50Ms),
		time(point.deadAllP99Ms),
		time(point.tagsP99Ms),
		point.falseSuspicionsPerNodeHour.toFixed(2),
		point.falseDeathsPerNodeHour.toFixed(2),
		point.bytesPerNodePerS === null ? '–' : `${Math.round(point.bytesPerNodePerS)} B/s`,
		time(point.convergedMs),
		point.violations === 0 ? 'ok' : { text: `${point.violations} violations`, style: 'broken' },
	]);
	const titles = [name, 'crashes', 'first suspect p50', 'p99', 'dead, all p50', 'p99', 'tags to all p99'];
	return page(
		`longbow-mesh sim: ${range}`,
		heading(
			broken === 0 ? `What ${name} does.` : `${broken} violations in a sweep of ${name}`,
			broken === 0,
			escapeText(`${range}; ${about}`),
			`Same seed, same runs: <code>${escapeText(command)}</code>`,
		),
		section(
			'Curves',
			'One run a point; each has the same seed.',
			legend([
				['line alive', 'p50, mean'],
				['line suspect', 'p99, suspicions'],
				['line dead', 'deaths'],
			]),
			'<div class="pair">',
			...PANELS.map((panel) => plot(panel, name, points)),
			'</div>',
		),
		section(
			'Figures',
			'False verdicts are counted per node and hour.',
			table([...titles, 'false suspicions', 'false deaths', 'sent by a node', 'healed after', ''], rows),
		),
	);
}

const WIDTH = 560;
const HEIGHT = 232;
const LEFT = 54;
const RIGHT = 482;
const TOP = 14;
const BOTTOM = 184;

function plot({ title, unit, curves, text }: Panel, name: string, points: readonly SweepPoint[]): Markup {
	const all = curves.flatMap(({ of }) => points.map(of)).filter((value) => value !== null);
	const largest = Math.max(...all, 0);
	const rules = ticks(largest);
	const y = linear(0, rules.at(-1)!, BOTTOM, TOP);
	const x = linear(points[0]?.value ?? 0, points.at(-1)?.value ?? 1, LEFT, RIGHT);
	const grid = rules.map(
		(value) =>
			element('line', { class: value === 0 ? 'axis' : 'grid', x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value) }) +
			textAt(LEFT - 6, y(value) + 4, text(value), 'tick', 'end'),
	);
	const every = Math.ceil(points.length / 8);
	const labels = points
		.filter((_, i) => i % every === 0)
		.map((point) => textAt(x(point.value), BOTTOM + 16, point.label, 'tick', 'middle'));
	const caption = `<figcaption>${escapeText(title)} <span>${escapeText(unit)}</span></figcaption>`;
	const svg = element(
		'svg',
		{ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${title} by ${name}` },
		...grid,
		...labels,
		textAt((LEFT + RIGHT) / 2, BOTTOM + 36, name, 'unit', 'middle'),
		...curves.map((curve) => curveMarkup(curve, points, x, y)),
		...endLabels(curves, points, y),
	);
	return `<figure>${caption}${svg}</figure>`;
}

/** Where nothing was measured the line is broken. */
function curveMarkup(
	{ style, of }: Curve,
	points: readonly SweepPoint[],
	x: (value: number) => number,
	y: (value: number) => number,
): Markup {
	let path = '';
	let isDrawing = false;
	const dots: Markup[] = [];
	for (const point of points) {
		const value = of(point);
		if (value !== null) {
			path += `${isDrawing ? 'L' : 'M'}${x(point.value).toFixed(1)},${y(value).toFixed(1)}`;
			dots.push(element('circle', { class: `dot ${style}`, cx: x(point.value), cy: y(value), r: 3 }));
		}
		isDrawing = value !== null;
	}
	return element('path', { class: `line ${style}`, d: path }) + dots.join('');
}

/** Names of the curves at their right ends, kept apart. */
function endLabels(curves: readonly Curve[], points: readonly SweepPoint[], y: (value: number) => number): Markup[] {
	const ends = curves.flatMap(({ of, label, style }) => {
		const value = points.map(of).findLast((each) => each !== null);
		return value === null || value === undefined ? [] : [{ at: y(value) + 4, label, style }];
	});
	ends.sort((a, b) => a.at - b.at);
	let lowest = Number.NEGATIVE_INFINITY;
	return ends.map(({ at, label, style }) => {
		lowest = Math.max(at, lowest + 14);
		return textAt(RIGHT + 8, lowest, label, style);
	});
}
