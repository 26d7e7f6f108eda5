// A member's latest probes as a line, newest at the right: how long acks took, and a tick for each probe without one.

import { clamp } from './scale.ts';
import type { Box, Pen } from './types.ts';

/** As many as a tile shows. */
export const PROBES_SHOWN = 36;

export interface ProbeLineStyle {
	readonly line: string;
	/** Probes without an ack. */
	readonly lost: string;
}

/** Round trips in milliseconds, `null` where no ack came. The height is logarithmic: a spike of 100 times stays in the box. */
export function drawProbeLine(pen: Pen, probes: readonly (number | null)[], box: Box, style: ProbeLineStyle): void {
	const shown = probes.slice(-PROBES_SHOWN);
	const left = box.x + 1;
	const step = (box.width - 2) / (PROBES_SHOWN - 1);
	const first = PROBES_SHOWN - shown.length;
	const usual = median(shown);
	pen.strokeStyle = style.line;
	pen.lineWidth = 1;
	pen.beginPath();
	let drawing = false;
	for (const [at, rtt] of shown.entries()) {
		const x = left + (first + at) * step;
		if (rtt === null) {
			drawing = false;
			continue;
		}
		// A third of the height is the usual round trip; each doubling is a seventh more.
		const y = box.y + box.height * (1 - clamp(0.3 + Math.log2(rtt / usual) / 7, 0.04, 1));
		if (drawing) pen.lineTo(x, y);
		else pen.moveTo(x, y);
		drawing = true;
	}
	pen.stroke();
	pen.fillStyle = style.lost;
	const tick = Math.max(3, box.height * 0.45);
	for (const [at, rtt] of shown.entries()) {
		if (rtt === null) pen.fillRect(left + (first + at) * step - 0.75, box.y + box.height - tick, 1.5, tick);
	}
}

function median(probes: readonly (number | null)[]): number {
	const acks = probes.filter((rtt) => rtt !== null && rtt > 0).sort((a, b) => (a as number) - (b as number));
	return acks[acks.length >> 1] ?? 1;
}

export function probeLineText(probes: readonly (number | null)[]): string {
	const shown = probes.slice(-PROBES_SHOWN);
	const lost = shown.filter((rtt) => rtt === null).length;
	return lost === 0 ? `all of the latest ${shown.length} answered` : `${lost} of the latest ${shown.length} unanswered`;
}
