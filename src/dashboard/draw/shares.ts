// How fair the ring is: each owner's share against the fair one, as dots around 1.00×, as bars when owners are many.

import { mix } from './colour.ts';
import { clamp, linear, snap } from './scale.ts';
import { font, type Tokens } from './tokens.ts';
import type { Hit, Pen, Size } from './types.ts';
import { plural } from './units.ts';

export interface ShareDatum {
	readonly name: string;
	/** Times the fair share. */
	readonly ratio: number;
}

export interface SharesData {
	readonly shares: readonly ShareDatum[];
	readonly selected: string | null;
	readonly selectedSuspect: boolean;
}

const MOST_DOTS = 100;
const FOOT = 17;

export function drawShares(pen: Pen, data: SharesData, size: Size, tokens: Tokens): Hit[] {
	const { width, height } = size;
	pen.clearRect(0, 0, width, height);
	const reach = reachOf(data.shares);
	const x = linear([1 - reach, 1 + reach], [0, width]);
	const base = snap(height - FOOT, size.dpr);
	drawAxis(pen, reach, base, size, tokens);
	const dots = data.shares.length <= MOST_DOTS;
	const hits = dots ? drawDots(pen, data, x, base, tokens) : drawBars(pen, data, x, base, width, tokens);
	const chosen = data.shares.find(({ name }) => name === data.selected);
	if (chosen) drawMark(pen, x(clamp(chosen.ratio, 1 - reach, 1 + reach)), base, height, data.selectedSuspect, tokens);
	return hits;
}

/** Half of the axis: all owners are within, in steps of 0.04, and never so close that noise looks like a skew. */
function reachOf(shares: readonly ShareDatum[]): number {
	const most = shares.reduce((widest, { ratio }) => Math.max(widest, Math.abs(ratio - 1)), 0);
	return Math.max(0.16, Math.ceil((most + 0.001) / 0.04) * 0.04);
}

function drawAxis(pen: Pen, reach: number, base: number, { width, height }: Size, tokens: Tokens): void {
	pen.strokeStyle = tokens.edge;
	pen.lineWidth = 1;
	pen.setLineDash([2, 3]);
	pen.beginPath();
	pen.moveTo(Math.round(width / 2) + 0.5, 0);
	pen.lineTo(Math.round(width / 2) + 0.5, base);
	pen.stroke();
	pen.setLineDash([]);
	pen.beginPath();
	pen.moveTo(0, base + 0.5);
	pen.lineTo(width, base + 0.5);
	pen.stroke();
	pen.font = font(12, tokens.sans);
	pen.fillStyle = tokens.ink3;
	pen.textBaseline = 'alphabetic';
	pen.textAlign = 'left';
	pen.fillText(`${(1 - reach).toFixed(2)}×`, 0, height - 2);
	pen.textAlign = 'right';
	pen.fillText(`${(1 + reach).toFixed(2)}×`, width, height - 2);
	pen.textAlign = 'center';
	pen.fillText('share of keys, 1.00× is fair', width / 2, height - 2);
	pen.textAlign = 'left';
}

function drawDots(pen: Pen, { shares }: SharesData, x: (ratio: number) => number, base: number, tokens: Tokens): Hit[] {
	const radius = 2.5;
	const columns = new Map<number, number>();
	for (const { ratio } of shares) count(columns, Math.round(x(ratio) / (2 * radius + 1)));
	const highest = Math.max(1, ...columns.values());
	// A pile that is higher than the panel is pressed together rather than cut.
	const step = Math.min(2 * radius + 1, (base - 2 * radius - 1) / Math.max(1, highest - 1));
	columns.clear();
	pen.fillStyle = mix(tokens.panel, tokens.alive, 0.75);
	return shares.map(({ name, ratio }) => {
		const column = Math.round(x(ratio) / (2 * radius + 1));
		const centreX = column * (2 * radius + 1);
		const centreY = base - radius - 1 - (count(columns, column) - 1) * step;
		pen.beginPath();
		pen.arc(centreX, centreY, radius, 0, 2 * Math.PI);
		pen.fill();
		return { id: name, x: centreX - radius, y: centreY - radius, width: 2 * radius, height: 2 * radius };
	});
}

function drawBars(
	pen: Pen,
	{ shares }: SharesData,
	x: (ratio: number) => number,
	base: number,
	width: number,
	tokens: Tokens,
): Hit[] {
	const pitch = 4;
	const columns = new Map<number, number>();
	for (const { ratio } of shares) count(columns, clamp(Math.floor(x(ratio) / pitch), 0, Math.ceil(width / pitch) - 1));
	const highest = Math.max(1, ...columns.values());
	pen.fillStyle = mix(tokens.panel, tokens.alive, 0.75);
	for (const [column, members] of columns) {
		const height = Math.max(1, Math.round((members / highest) * (base - 2)));
		pen.fillRect(column * pitch, base - height, pitch - 1, height);
	}
	return [];
}

function drawMark(pen: Pen, x: number, base: number, height: number, suspect: boolean, tokens: Tokens): void {
	const colour = suspect ? tokens.suspectMark : tokens.ink;
	pen.fillStyle = colour;
	pen.fillRect(x - 0.75, Math.max(0, base - 32), 1.5, Math.min(base, 32));
	pen.beginPath();
	pen.moveTo(x, base - 1);
	pen.lineTo(x + 4.5, base + 5.5);
	pen.lineTo(x - 4.5, base + 5.5);
	pen.closePath();
	pen.fill();
	// The mark keeps clear of the words below it.
	pen.fillStyle = colour;
	pen.fillRect(x - 0.75, height - FOOT, 1.5, 2);
}

function count(columns: Map<number, number>, column: number): number {
	const members = (columns.get(column) ?? 0) + 1;
	columns.set(column, members);
	return members;
}

/** *Shares of 23 owners reach from 0.88× to 1.12× of the fair one; longbow-17 has 1.00×.* */
export function sharesText({ shares, selected }: SharesData): string {
	if (shares.length === 0) return 'Nobody owns keys.';
	const ratios = shares.map(({ ratio }) => ratio);
	const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
	const chosen = shares.find(({ name }) => name === selected);
	const one = chosen ? `; ${chosen.name} has ${chosen.ratio.toFixed(2)}×` : '';
	return `Shares of ${plural(shares.length, 'owner')} reach from ${low.toFixed(2)}× to ${high.toFixed(2)}× of the fair one${one}.`;
}
