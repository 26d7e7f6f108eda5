// Traffic of this node: out above, in below, on one axis, and for what it was: probes, gossip, sync, broadcasts.

import { faded, mix } from './colour.ts';
import { linear, niceAbove, type Scale } from './scale.ts';
import type { TimeSpan } from './time-axis.ts';
import { font, type Tokens } from './tokens.ts';
import type { Box, Pen, Size } from './types.ts';
import { countText, rateText } from './units.ts';

export interface TrafficPoint {
	readonly at: number;
	/** Bytes a second. */
	readonly out: number;
	readonly in: number;
}

export type TrafficKind = 'probes' | 'gossip' | 'sync' | 'broadcasts';

export interface TrafficData {
	readonly span: TimeSpan;
	readonly points: readonly TrafficPoint[];
	readonly packetsOut: number;
	readonly packetsIn: number;
	/** Shares of the bytes sent, which add up to 1; all 0 while nothing is known. */
	readonly kinds: Readonly<Record<TrafficKind, number>>;
}

const KINDS: readonly TrafficKind[] = ['probes', 'gossip', 'sync', 'broadcasts'];
const FOOT = 30;
const WORDS = 18;

export function drawTraffic(pen: Pen, data: TrafficData, size: Size, tokens: Tokens): { readonly plot: Box } {
	const { width, height } = size;
	pen.clearRect(0, 0, width, height);
	const plot = { x: 0, y: 0, width, height: height - FOOT };
	const middle = Math.round(plot.height / 2);
	const peak = data.points.reduce(
		(highest, point) => (most(point) > (highest ? most(highest) : 0) ? point : highest),
		data.points[0],
	);
	const top = niceAbove(peak ? Math.min(most(peak), MOST_USUAL * usual(data.points)) : 0);
	const reach = middle - WORDS;
	const x = linear([data.span.from, data.span.to], [0, width]);
	pen.fillStyle = tokens.line;
	for (const level of [-1, 1]) pen.fillRect(0, Math.round(middle + level * reach), width, 1);
	const out = {
		y: linear([0, top], [middle, middle - reach]),
		value: (point: TrafficPoint) => Math.min(top, point.out),
	};
	const back = {
		y: linear([0, top], [middle, middle + reach]),
		value: (point: TrafficPoint) => Math.min(top, point.in),
	};
	drawArea(pen, data.points, x, out, middle, tokens.alive, mix(tokens.panel, tokens.alive, 0.28));
	drawArea(pen, data.points, x, back, middle, tokens.ink3, mix(tokens.panel, tokens.ink3, 0.2));
	pen.fillStyle = tokens.edge;
	pen.fillRect(0, middle, width, 1);
	drawWords(pen, data, plot, top, tokens);
	if (peak && most(peak) > top) drawPeak(pen, x(peak.at), middle - reach, most(peak), width, tokens);
	drawKinds(pen, data.kinds, { x: 0, y: height - FOOT + 6, width, height: 6 }, tokens);
	return { plot };
}

/** The first transfer of a view is a hundred times what follows: what is higher is cut at the top, and says how high it was. */
const MOST_USUAL = 2.5;

function most(point: TrafficPoint): number {
	return Math.max(point.out, point.in);
}

function usual(points: readonly TrafficPoint[]): number {
	const sorted = points.map(most).sort((a, b) => a - b);
	return sorted[Math.floor(0.95 * (sorted.length - 1))] ?? 0;
}

function drawPeak(pen: Pen, x: number, y: number, bytes: number, width: number, tokens: Tokens): void {
	pen.font = font(12, tokens.sans);
	const text = rateText(bytes);
	const room = pen.measureText(text).width + 6;
	pen.fillStyle = tokens.ink;
	pen.fillRect(x - 2, y - 2, 5, 2);
	pen.fillStyle = tokens.ink2;
	pen.fillText(text, x + room > width ? x - room : x + 6, y + 12);
}

interface Side {
	readonly y: Scale;
	readonly value: (point: TrafficPoint) => number;
}

function drawArea(
	pen: Pen,
	points: readonly TrafficPoint[],
	x: Scale,
	{ y, value }: Side,
	base: number,
	line: string,
	area: string,
): void {
	const [first, last] = [points[0], points[points.length - 1]];
	if (!first || !last) return;
	const trace = (): void => {
		for (const point of points) pen.lineTo(x(point.at), y(value(point)));
	};
	pen.beginPath();
	pen.moveTo(x(first.at), base);
	trace();
	pen.lineTo(x(last.at), base);
	pen.closePath();
	pen.fillStyle = area;
	pen.fill();
	pen.beginPath();
	pen.moveTo(x(first.at), y(value(first)));
	trace();
	pen.strokeStyle = line;
	pen.lineWidth = 1.25;
	pen.stroke();
}

function drawWords(pen: Pen, data: TrafficData, plot: Box, top: number, tokens: Tokens): void {
	const now = data.points[data.points.length - 1];
	pen.font = font(12, tokens.sans);
	pen.textBaseline = 'alphabetic';
	pen.fillStyle = tokens.ink2;
	const bottom = plot.y + plot.height - 3;
	pen.fillText(now ? `out ${rateText(now.out)}, ${countText(data.packetsOut)} packets/s` : 'out: nothing yet', 0, 11);
	pen.fillText(now ? `in ${rateText(now.in)}, ${countText(data.packetsIn)} packets/s` : 'in: nothing yet', 0, bottom);
	pen.textAlign = 'right';
	pen.fillStyle = tokens.ink3;
	if (now) pen.fillText(rateText(top), plot.width, 11);
	pen.textAlign = 'left';
}

function drawKinds(pen: Pen, kinds: TrafficData['kinds'], bar: Box, tokens: Tokens): void {
	const colours = [tokens.alive, mix(tokens.panel, tokens.alive, 0.55), tokens.ink3, tokens.edge];
	const texts = KINDS.map((kind) => `${kind} ${Math.round(kinds[kind] * 100)} %`);
	pen.font = font(12, tokens.sans);
	pen.fillStyle = faded(tokens.line, 0.6);
	pen.fillRect(bar.x, bar.y, bar.width, bar.height);
	const spare = (bar.width - texts.reduce((sum, text) => sum + pen.measureText(text).width, 0)) / (KINDS.length - 1);
	let from = bar.x;
	let word = bar.x;
	for (const [at, kind] of KINDS.entries()) {
		const width = kinds[kind] * bar.width;
		pen.fillStyle = colours[at] as string;
		if (width > 0) pen.fillRect(from, bar.y, Math.max(1, width - 1), bar.height);
		from += width;
		pen.fillStyle = tokens.ink2;
		pen.fillText(texts[at] as string, word, bar.y + bar.height + 15);
		word += pen.measureText(texts[at] as string).width + Math.max(6, spare);
	}
}

/** *Out 1.9 KB/s in 22 packets/s, in 1.9 KB/s in 22 packets/s; probes 64 %, gossip 19 %, sync 11 %, broadcasts 6 %.* */
export function trafficText({ points, packetsOut, packetsIn, kinds }: TrafficData): string {
	const now = points[points.length - 1];
	if (!now) return 'No traffic was measured yet.';
	const parts = KINDS.map((kind) => `${kind} ${Math.round(kinds[kind] * 100)} %`);
	const out = `Out ${rateText(now.out)} in ${countText(packetsOut)} packets/s`;
	return `${out}, in ${rateText(now.in)} in ${countText(packetsIn)} packets/s; ${parts.join(', ')}.`;
}
