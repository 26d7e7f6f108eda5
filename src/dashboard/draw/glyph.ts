// The four states as shapes: full disc, half disc, cross, dashed ring. Colour only repeats what the shape says.

import type { MemberState } from '../../swim/index.ts';
import type { Pen } from './types.ts';

const TURN = 2 * Math.PI;

export function drawGlyph(pen: Pen, state: MemberState, x: number, y: number, radius: number, colour: string): void {
	pen.save();
	pen.fillStyle = colour;
	pen.strokeStyle = colour;
	pen.lineWidth = Math.max(1, radius * 0.3);
	pen.beginPath();
	switch (state) {
		case 'alive':
			pen.arc(x, y, radius, 0, TURN);
			pen.fill();
			break;
		case 'suspect':
			pen.arc(x, y, radius - pen.lineWidth / 2, 0, TURN);
			pen.stroke();
			pen.beginPath();
			pen.arc(x, y, radius - pen.lineWidth / 2, -TURN / 4, TURN / 4);
			pen.closePath();
			pen.fill();
			break;
		case 'dead':
			cross(pen, x, y, radius * 0.85);
			pen.lineWidth = Math.max(1.25, radius * 0.42);
			pen.stroke();
			break;
		case 'left':
			pen.setLineDash([radius * 0.62, radius * 0.43]);
			pen.arc(x, y, radius - pen.lineWidth / 2, 0, TURN);
			pen.stroke();
			break;
		default:
			state satisfies never;
	}
	pen.restore();
}

export function cross(pen: Pen, x: number, y: number, reach: number): void {
	pen.moveTo(x - reach, y - reach);
	pen.lineTo(x + reach, y + reach);
	pen.moveTo(x + reach, y - reach);
	pen.lineTo(x - reach, y + reach);
}
