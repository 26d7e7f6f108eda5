// The course of a run: what was done to it, what all views said, whether they agreed, and what was sent.

import { type MemberState, STATE_NAMES } from '../../swim/index.ts';
import type { Fault } from '../history.ts';
import type { Timeline } from '../statistics/timeline.ts';
import { element, linear, type Markup, stepArea, stepPath, textAt, ticks } from './svg.ts';
import { figure, healLabel, PLOT_LEFT, PLOT_RIGHT, type TimeAxis, timeGrid, timeLabels } from './time-axis.ts';

const LANE_HEIGHT = 15;
/** Room for what stands above the lanes. */
const TOP = 16;
/** From above to below. */
const FAULT_LANES: readonly (readonly [type: Fault['type'], label: string])[] = [
	['partition', 'partition'],
	['cut', 'one-way cut'],
	['stall', 'stall'],
	['slow', 'slow process'],
	['crash', 'crash'],
	['leave', 'goodbye'],
	['join', 'burst join'],
	['tags', 'new tags'],
];

/** A line for each kind of fault that happened. */
export function faultLanes(faults: readonly Fault[], axis: TimeAxis): Markup {
	const lanes = FAULT_LANES.filter(([type]) => faults.some((fault) => fault.type === type));
	if (lanes.length === 0) return '';
	const height = TOP + lanes.length * LANE_HEIGHT + 4;
	const marks = lanes.map(([type, label], row) => {
		const top = TOP + row * LANE_HEIGHT;
		const own = faults.filter((fault) => fault.type === type);
		return textAt(PLOT_LEFT - 8, top + 9, label, 'name', 'end') + own.map((fault) => mark(fault, axis, top)).join('');
	});
	return figure(height, 'Faults over time', timeGrid(axis, 0, height), ...marks, healLabel(axis, 11));
}

function mark(fault: Fault, { x, endMs }: TimeAxis, top: number): Markup {
	const from = x(Math.min(fault.at, endMs));
	if (!('forMs' in fault)) {
		return element('line', { class: `fault ${fault.type}`, x1: from, x2: from, y1: top, y2: top + 11 });
	}
	const width = Math.max(1.5, x(Math.min(fault.at + fault.forMs, endMs)) - from);
	return element('rect', { class: `fault ${fault.type}`, x: from, y: top + 1, width, height: 9 });
}

/** Members in a view by state, stacked; the mean of all running views. */
export function viewsPlot(timeline: Timeline, axis: TimeAxis): Markup {
	const perView = (state: MemberState): number[] =>
		timeline.views[state].map((entries, bin) => entries / Math.max(1, timeline.running[bin]!));
	// The bad news above, where it is seen.
	const order: readonly MemberState[] = ['alive', 'left', 'dead', 'suspect'];
	let below = new Array<number>(timeline.bins).fill(0);
	const layers = order.map((state) => {
		const values = perView(state);
		const above = below.map((base, bin) => base + values[bin]!);
		const layer = { state, above, below };
		below = above;
		return layer;
	});
	const plot = frame(axis, { title: 'members a view', heightPx: 150, largest: Math.max(1, ...below) });
	const areas = layers
		.filter(({ above, below: base }) => above.some((value, bin) => value > base[bin]!))
		.map(({ state, above, below: base }) =>
			element('path', { class: `area ${state}`, d: stepArea(above, base, axis.bin, plot.y) }),
		);
	const running = element('path', { class: 'truth', d: stepPath(timeline.running, axis.bin, plot.y) });
	return figure(plot.height, 'Members a view by state, over time', plot.behind, ...areas, running, plot.labels);
}

/** Members that are not alive in a view, on a scale of their own. */
export function doubtsPlot(timeline: Timeline, axis: TimeAxis): Markup {
	const states = STATE_NAMES.filter((state) => state !== 'alive');
	const lines = states.map((state) => ({
		state,
		values: timeline.views[state].map((entries, bin) => entries / Math.max(1, timeline.running[bin]!)),
	}));
	const largest = Math.max(...lines.flatMap(({ values }) => values));
	if (!(largest > 0)) return '';
	const plot = frame(axis, { title: 'not alive, a view', heightPx: 84, largest });
	const paths = lines
		.filter(({ values }) => values.some((value) => value > 0))
		.map(({ state, values }) => element('path', { class: `line ${state}`, d: stepPath(values, axis.bin, plot.y) }));
	return figure(plot.height, 'Suspect, dead and left members a view, over time', plot.behind, ...paths, plot.labels);
}

/** Share of running views that are equal to the most common one. */
export function agreementPlot(timeline: Timeline, axis: TimeAxis): Markup {
	const percent = timeline.agreeing.map((share) => share * 100);
	const plot = frame(axis, { title: 'views that agree', heightPx: 72, largest: 100, text: (value) => `${value}%` });
	const line = element('path', { class: 'line alive', d: stepPath(percent, axis.bin, plot.y) });
	const area = element('path', {
		class: 'area agree',
		d: stepArea(
			percent,
			percent.map(() => 0),
			axis.bin,
			plot.y,
		),
	});
	return figure(plot.height, 'Views that agree, in percent, over time', plot.behind, area, line, plot.labels);
}

/** UDP payload that a node sends a second. */
export function bandwidthPlot(timeline: Timeline, axis: TimeAxis): Markup {
	const values = timeline.bytesPerNodePerS;
	const plot = frame(axis, { title: 'sent by a node', heightPx: 84, largest: Math.max(1, ...values), text: bytesText });
	const base = values.map(() => 0);
	const area = element('path', { class: 'area agree', d: stepArea(values, base, axis.bin, plot.y) });
	const line = element('path', { class: 'line alive', d: stepPath(values, axis.bin, plot.y) });
	return figure(plot.height, 'Bytes a second that a node sends, over time', plot.behind, area, line, plot.labels);
}

interface Frame {
	readonly height: number;
	readonly y: (value: number) => number;
	readonly behind: Markup;
	readonly labels: Markup;
}

/** Room above the largest value, so that it does not touch the plot above. */
const HEADROOM = 1.04;

interface Measure {
	readonly title: string;
	readonly heightPx: number;
	readonly largest: number;
	text?(value: number): string;
}

function frame(axis: TimeAxis, { title, heightPx, largest, text = String }: Measure): Frame {
	const top = 8;
	const bottom = top + heightPx;
	const y = linear(0, largest * HEADROOM, bottom, top);
	const rules = ticks(largest, heightPx > 100 ? 4 : 2).filter((value) => value <= largest * HEADROOM);
	const lines = rules.map((value) =>
		element('line', {
			class: value === 0 ? 'axis' : 'grid',
			x1: PLOT_LEFT,
			x2: PLOT_RIGHT,
			y1: y(value),
			y2: y(value),
		}),
	);
	const numbers = rules.map((value) => textAt(PLOT_LEFT - 8, y(value) + 4, text(value), 'tick', 'end'));
	return {
		height: bottom + 18,
		y,
		behind: timeGrid(axis, top, bottom) + lines.join(''),
		labels: numbers.join('') + textAt(0, top + 10, title, 'unit') + timeLabels(axis, bottom + 14),
	};
}

function bytesText(bytes: number): string {
	return bytes < 1000 ? `${bytes} B/s` : `${bytes / 1000} KB/s`;
}
