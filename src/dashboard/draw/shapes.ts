// Small shapes that several drawings share: hatching, dashed boxes, the outline of what is selected, a burning fuse.

import type { Tokens } from './tokens.ts';
import type { Box, Pen } from './types.ts';

/** Rising lines within the box: what is dead, and what is not known. */
export function hatch(pen: Pen, { x, y, width, height }: Box, colour: string, pitch = 6, lineWidth = 1): void {
	pen.save();
	pen.beginPath();
	pen.rect(x, y, width, height);
	pen.clip();
	pen.beginPath();
	for (let from = Math.floor((x - height) / pitch) * pitch; from < x + width; from += pitch) {
		pen.moveTo(from, y + height);
		pen.lineTo(from + height, y);
	}
	pen.strokeStyle = colour;
	pen.lineWidth = lineWidth;
	pen.stroke();
	pen.restore();
}

/** An outline that lies wholly within the box. */
export function outline(pen: Pen, box: Box, colour: string, lineWidth = 1, dash: number[] = []): void {
	const { x, y, width, height } = inset(box, lineWidth / 2);
	pen.strokeStyle = colour;
	pen.lineWidth = lineWidth;
	pen.setLineDash(dash);
	pen.strokeRect(x, y, width, height);
	if (dash.length > 0) pen.setLineDash([]);
}

/** Two pixels of ink around the box with a gap between: selection has no hue. */
export function selection(pen: Pen, box: Box, tokens: Tokens, gap = 1.5): void {
	outline(pen, inset(box, -gap), tokens.panel, gap);
	outline(pen, inset(box, -gap - 2), tokens.ink, 2);
}

/** What remains of a suspicion, burning from the right; a running one is never too short to be seen. */
export function fuse(pen: Pen, { x, y, width }: Box, left: number, colour: string, lineWidth = 4): void {
	pen.fillStyle = colour;
	pen.fillRect(x, y, Math.max(2, width * Math.min(1, Math.max(0, left))), lineWidth);
}

export function inset({ x, y, width, height }: Box, by: number): Box {
	return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

/** The corner mark of this node. */
export function corner(pen: Pen, { x, y, width }: Box, reach: number, colour: string): void {
	pen.fillStyle = colour;
	pen.beginPath();
	pen.moveTo(x + width - reach, y);
	pen.lineTo(x + width, y);
	pen.lineTo(x + width, y + reach);
	pen.closePath();
	pen.fill();
}
