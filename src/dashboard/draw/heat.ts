// Probe round trips: time against a logarithmic scale of milliseconds, p50 and p99 dotted, probes without an answer on top.

import { ramp } from './colour.ts';
import { clamp, linear, logarithmic, type Scale } from './scale.ts';
import { drawTimeAxis, type TimeSpan } from './time-axis.ts';
import { font, type Tokens } from './tokens.ts';
import type { Box, Pen, Size } from './types.ts';
import { countText, msText } from './units.ts';

/** The probes that ended within a short time. */
export interface HeatBucket {
	readonly at: number;
	/** Acks by round trip: `counts[i]` lie between `edges[i]` and `edges[i + 1]`. */
	readonly counts: ArrayLike<number>;
	readonly unanswered: number;
}

export interface HeatData {
	readonly span: TimeSpan;
	/** Milliseconds, rising, evenly spaced on a logarithmic scale. */
	readonly edges: readonly number[];
	readonly buckets: readonly HeatBucket[];
	readonly p50: number | null;
	readonly p99: number | null;
}

export interface HeatHits {
	readonly plot: Box;
}

const LEFT = 34;
const TOP = 20;
const FOOT = 20;
const COLUMN = 4;
const LEVELS = 12;
const QUANTILE_HEIGHT = 14;

export function drawHeat(pen: Pen, data: HeatData, size: Size, tokens: Tokens): HeatHits {
	const { width, height } = size;
	pen.clearRect(0, 0, width, height);
	const plot = { x: LEFT, y: TOP, width: width - LEFT, height: height - TOP - FOOT };
	const [low, high] = [data.edges[0] ?? 0.1, data.edges[data.edges.length - 1] ?? 100];
	const y = logarithmic([low, high], [plot.y + plot.height, plot.y]);
	const x = linear([data.span.from, data.span.to], [plot.x, plot.x + plot.width]);
	drawTimeAxis(pen, data.span, x, plot, tokens, Math.max(2, Math.floor(plot.width / 90)));
	drawScale(pen, low, high, y, plot, tokens);
	const columns = heatColumns(data, Math.max(1, Math.floor(plot.width / COLUMN)));
	drawColumns(pen, columns, data.edges, y, plot, tokens);
	drawUnanswered(pen, columns, plot, tokens);
	if (data.p50 !== null && data.p99 !== null) {
		const [lower, upper] = [y(data.p50), y(data.p99)];
		// Where the two are close, their words are moved apart.
		const apart = Math.max(0, (QUANTILE_HEIGHT - (lower - upper)) / 2);
		drawQuantile(pen, 'p50', lower, lower + apart, plot, tokens);
		drawQuantile(pen, 'p99', upper, upper - apart, plot, tokens);
	}
	return { plot };
}

interface HeatColumn {
	readonly counts: number[];
	unanswered: number;
}

/** Buckets added up to as many columns as can be told apart. */
export function heatColumns({ span, edges, buckets }: HeatData, columns: number): HeatColumn[] {
	const made = Array.from({ length: columns }, () => ({ counts: edges.slice(1).map(() => 0), unanswered: 0 }));
	for (const { at, counts, unanswered } of buckets) {
		const column = made[Math.floor(((at - span.from) / (span.to - span.from)) * columns)];
		if (!column) continue;
		column.unanswered += unanswered;
		for (let row = 0; row < column.counts.length; row++)
			column.counts[row] = (column.counts[row] ?? 0) + (counts[row] ?? 0);
	}
	return made;
}

function drawColumns(
	pen: Pen,
	columns: readonly HeatColumn[],
	edges: readonly number[],
	y: Scale,
	plot: Box,
	tokens: Tokens,
): void {
	const levels = ramp(tokens.aliveField, tokens.alive, LEVELS);
	const most = Math.max(1, ...columns.map(({ counts }) => Math.max(...counts)));
	const pitch = plot.width / columns.length;
	for (const [at, { counts }] of columns.entries()) {
		const left = Math.round(plot.x + at * pitch);
		const width = Math.max(1, Math.round(plot.x + (at + 1) * pitch) - left - 1);
		for (const [row, count] of counts.entries()) {
			if (count === 0) continue;
			const lower = Math.round(y(edges[row] as number));
			const upper = Math.round(y(edges[row + 1] as number));
			// The square root shows the rare slow probe beside thousands of usual ones.
			pen.fillStyle = levels[Math.round(Math.sqrt(count / most) * (LEVELS - 1))] as string;
			pen.fillRect(left, upper, width, Math.max(1, lower - upper - 1));
		}
	}
}

function drawScale(pen: Pen, low: number, high: number, y: Scale, plot: Box, tokens: Tokens): void {
	pen.font = font(12, tokens.sans);
	pen.textAlign = 'right';
	pen.textBaseline = 'middle';
	for (let ms = 10 ** Math.ceil(Math.log10(low) - 1e-9); ms <= high * 1.001; ms *= 10) {
		const at = y(ms);
		pen.fillStyle = tokens.line;
		pen.fillRect(plot.x, Math.round(at), plot.width, 1);
		pen.fillStyle = tokens.ink3;
		const text = ms < 1 ? ms.toFixed(1) : countText(ms);
		pen.fillText(Math.abs(ms - 1) < 0.01 ? '1 ms' : text, plot.x - 7, clamp(at, plot.y + 5, plot.y + plot.height - 4));
	}
	pen.fillText('none', plot.x - 7, 7);
	pen.textAlign = 'left';
	pen.textBaseline = 'alphabetic';
}

function drawUnanswered(pen: Pen, columns: readonly HeatColumn[], plot: Box, tokens: Tokens): void {
	const base = 12;
	pen.fillStyle = tokens.line;
	pen.fillRect(plot.x, base, plot.width, 1);
	const most = Math.max(3, ...columns.map(({ unanswered }) => unanswered));
	const pitch = plot.width / columns.length;
	pen.fillStyle = tokens.suspectMark;
	for (const [at, { unanswered }] of columns.entries()) {
		if (unanswered === 0) continue;
		const left = Math.round(plot.x + at * pitch);
		const height = Math.max(4, Math.round((unanswered / most) * (base - 2)));
		pen.fillRect(left, base - height, Math.max(2, Math.round(plot.x + (at + 1) * pitch) - left - 1), height);
	}
}

function drawQuantile(pen: Pen, name: string, line: number, word: number, plot: Box, tokens: Tokens): void {
	const at = Math.round(line) + 0.5;
	pen.font = font(12, tokens.sans);
	const width = pen.measureText(name).width + 8;
	const end = plot.x + plot.width;
	pen.strokeStyle = tokens.ink;
	pen.lineWidth = 1.25;
	pen.setLineDash([1.5, 2.5]);
	pen.beginPath();
	pen.moveTo(plot.x, at);
	pen.lineTo(end - width, at);
	pen.stroke();
	pen.setLineDash([]);
	pen.fillStyle = tokens.panel;
	pen.fillRect(end - width, word - QUANTILE_HEIGHT / 2, width, QUANTILE_HEIGHT);
	pen.fillStyle = tokens.ink;
	pen.textBaseline = 'middle';
	pen.fillText(name, end - width + 5, word + 1);
	pen.textBaseline = 'alphabetic';
}

/** *p50 0.8 ms, p99 6.2 ms, 9 of 1,240 unanswered.* */
export function heatText({ p50, p99, buckets }: HeatData): string {
	let answered = 0;
	let unanswered = 0;
	for (const bucket of buckets) {
		unanswered += bucket.unanswered;
		for (let row = 0; row < bucket.counts.length; row++) answered += bucket.counts[row] as number;
	}
	if (answered + unanswered === 0) return 'No probe has ended yet.';
	const figures = p50 === null || p99 === null ? '' : `p50 ${msText(p50)}, p99 ${msText(p99)}, `;
	return `${figures}${countText(unanswered)} of ${countText(answered + unanswered)} unanswered.`;
}
