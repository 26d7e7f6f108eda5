// State changes over time: a lane for each member that changed, and on top how many were not alive at each moment.

import type { MemberState } from '../../swim/index.ts';
import { mix } from './colour.ts';
import { fitted } from './names.ts';
import { linear, type Scale } from './scale.ts';
import { hatch, outline } from './shapes.ts';
import { drawTimeAxis, type TimeSpan } from './time-axis.ts';
import { font, type Tokens } from './tokens.ts';
import type { Box, Hit, Pen, Size } from './types.ts';
import { plural, spanText } from './units.ts';

export interface LaneSpan {
	readonly from: number;
	readonly to: number;
	readonly state: MemberState;
}

export interface Lane {
	readonly name: string;
	/** In order of time; before the first one the member was not known. */
	readonly spans: readonly LaneSpan[];
}

export interface LanesData {
	readonly span: TimeSpan;
	/** The latest change first. */
	readonly lanes: readonly Lane[];
	/** How many were suspect and dead from each moment on. */
	readonly notAlive: readonly { readonly at: number; readonly suspect: number; readonly dead: number }[];
	/** When nothing was recorded: before the agent started. */
	readonly gaps: readonly { readonly from: number; readonly to: number }[];
	readonly selected: string | null;
}

export interface LanesHits {
	readonly hits: readonly Hit[];
	/** The part of the canvas that is time, for dragging a range. */
	readonly plot: Box;
	/** Lanes that found no room. */
	readonly hidden: number;
}

const STRIP = 22;
const FOOT = 20;
const LANE_MIN = 18;
const LANE_MAX = 24;
const BAR = 10;

export function drawLanes(pen: Pen, data: LanesData, size: Size, tokens: Tokens): LanesHits {
	const { width, height } = size;
	pen.clearRect(0, 0, width, height);
	const room = Math.max(0, height - FOOT - STRIP - 4);
	const shown = data.lanes.slice(0, Math.floor(room / LANE_MIN));
	const pitch = Math.min(LANE_MAX, room / Math.max(1, shown.length));
	pen.font = font(12, tokens.mono);
	const widest = Math.max(58, ...shown.map(({ name }) => pen.measureText(name).width));
	const left = Math.round(Math.min(widest + 12, width * 0.3));
	const plot = { x: left, y: 0, width: width - left - 1, height: height - FOOT };
	const x = linear([data.span.from, data.span.to], [plot.x, plot.x + plot.width]);
	const hits = shown.map(({ name }, at) => ({ id: name, x: 0, y: STRIP + 4 + at * pitch, width, height: pitch }));
	for (const hit of hits) {
		if (hit.id !== data.selected) continue;
		pen.fillStyle = tokens.raised;
		pen.fillRect(hit.x, hit.y, hit.width, hit.height);
	}
	drawTimeAxis(pen, data.span, x, plot, tokens, Math.min(6, Math.floor(plot.width / 80)));
	for (const gap of data.gaps) hatch(pen, between(x, plot, gap, STRIP + 4, room), tokens.line, 7);
	drawStrip(pen, data, x, plot, tokens);
	for (const [at, lane] of shown.entries()) {
		drawLane(pen, lane, data, x, plot, STRIP + 4 + (at + 0.5) * pitch, tokens);
	}
	return { hits, plot, hidden: data.lanes.length - shown.length };
}

function drawStrip(pen: Pen, data: LanesData, x: Scale, plot: Box, tokens: Tokens): void {
	pen.font = font(12, tokens.sans);
	pen.fillStyle = tokens.ink3;
	pen.textBaseline = 'middle';
	pen.fillText('not alive', 0, STRIP / 2 + 1);
	pen.textBaseline = 'alphabetic';
	const base = STRIP - 2;
	const columns = stripColumns(data, x, plot);
	const most = columns.reduce((highest, { worst }) => Math.max(highest, worst.suspect + worst.dead), 1);
	const unit = Math.min(6, (base - 2) / most);
	const pile = (from: number, to: number, { suspect, dead }: NotAlive): void => {
		pen.fillStyle = tokens.dead;
		pen.fillRect(from, base - dead * unit, to - from, dead * unit);
		pen.fillStyle = tokens.suspectMark;
		pen.fillRect(from, base - (dead + suspect) * unit, to - from, suspect * unit);
	};
	pen.fillStyle = tokens.edge;
	pen.fillRect(plot.x, base, plot.width, 1);
	for (const [at, { from, worst, last }] of columns.entries()) {
		pile(from, columns[at + 1]?.from ?? plot.x + plot.width, last);
		// A suspicion of a second in a day is still a mark.
		pile(from, from + 2, worst);
	}
}

type NotAlive = Omit<LanesData['notAlive'][number], 'at'>;

interface StripColumn {
	readonly from: number;
	worst: NotAlive;
	last: NotAlive;
}

/** Thousands of changes fall into hundreds of pixels: each pixel has its worst moment and what it ends with. */
function stripColumns({ notAlive }: LanesData, x: Scale, plot: Box): StripColumn[] {
	const columns: StripColumn[] = [];
	for (const { at, ...now } of notAlive) {
		const from = Math.round(Math.min(plot.x + plot.width - 2, Math.max(plot.x, x(at))));
		const column = columns[columns.length - 1];
		if (column?.from !== from) columns.push({ from, worst: now, last: now });
		else {
			column.last = now;
			if (now.suspect + now.dead > column.worst.suspect + column.worst.dead) column.worst = now;
		}
	}
	return columns;
}

function drawLane(
	pen: Pen,
	{ name, spans }: Lane,
	{ selected }: LanesData,
	x: Scale,
	plot: Box,
	middle: number,
	tokens: Tokens,
): void {
	pen.font = font(12, tokens.mono);
	pen.textBaseline = 'middle';
	pen.fillStyle = name === selected ? tokens.ink : tokens.ink2;
	pen.fillText(fitted(pen, name, plot.x - 8), 0, middle + 0.5);
	pen.textBaseline = 'alphabetic';
	for (const span of spans) {
		const bar = between(x, plot, span, middle - BAR / 2, BAR);
		if (bar.width > 0 || span.state !== 'alive') drawSpan(pen, span.state, bar, plot, tokens);
	}
}

/** Alive is a thin line; whatever else is never narrower than what can be seen. */
function drawSpan(pen: Pen, state: MemberState, bar: Box, plot: Box, tokens: Tokens): void {
	const middle = Math.round(bar.y + bar.height / 2);
	if (state === 'alive') {
		pen.fillStyle = mix(tokens.panel, tokens.alive, 0.6);
		pen.fillRect(bar.x, middle - 0.75, bar.width, 1.5);
		return;
	}
	const width = Math.max(bar.width, 3);
	const box = { ...bar, x: Math.min(bar.x, plot.x + plot.width - width), width };
	if (state === 'suspect') {
		pen.fillStyle = tokens.suspectMark;
		pen.fillRect(box.x, box.y, box.width, box.height);
	} else if (state === 'dead') {
		pen.fillStyle = tokens.deadWash;
		pen.fillRect(box.x, box.y, box.width, box.height);
		hatch(pen, box, tokens.dead, 5, 2);
		outline(pen, box, tokens.dead);
	} else {
		outline(pen, box, tokens.left, 1, [3, 2]);
	}
}

function between(x: Scale, plot: Box, span: { from: number; to: number }, y: number, height: number): Box {
	const from = Math.max(plot.x, x(span.from));
	const to = Math.min(plot.x + plot.width, x(span.to));
	return { x: from, y, width: Math.max(0, to - from), height };
}

/** *6 members changed in 10 min: longbow-17 suspect for 2.0 s, longbow-09 dead for 41 s. …* */
export function lanesText({ lanes, span }: LanesData): string {
	const length = spanText(span.to - span.from);
	if (lanes.length === 0) return `Nothing has changed in ${length}.`;
	const latest = lanes.slice(0, 6).map(({ name, spans }) => {
		const last = spans[spans.length - 1];
		return last ? `${name} ${last.state} for ${spanText(last.to - last.from)}` : name;
	});
	const rest = lanes.length > latest.length ? `, and ${plural(lanes.length - latest.length, 'other')}` : '';
	return `${plural(lanes.length, 'member')} changed in ${length}: ${latest.join(', ')}${rest}.`;
}
