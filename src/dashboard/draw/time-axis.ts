// The time axis that lanes, heat and traffic share: hair lines at whole minutes, their clock below, *now* at the end.

import type { WallMs } from '../../status/index.ts';
import { type Scale, timeTicks } from './scale.ts';
import { font, type Tokens } from './tokens.ts';
import type { Box, Pen } from './types.ts';

export interface TimeSpan {
	readonly from: WallMs;
	readonly to: WallMs;
	/** Whether the end is the present. */
	readonly live: boolean;
	/** A moment as it stands below the axis, where ticks are so far apart; local or UTC, see `clockText`. */
	readonly clock: (atMs: WallMs, stepMs: number) => string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** `HH:MM`, with seconds where minutes are too coarse, the day where a day is too fine; `utcOffsetMinutes` east of UTC. */
export function clockText(atMs: WallMs, utcOffsetMinutes: number, stepMs: number): string {
	const text = new Date(atMs + utcOffsetMinutes * MINUTE_MS).toISOString();
	if (stepMs >= DAY_MS) return text.slice(5, 10);
	return stepMs < MINUTE_MS ? text.slice(11, 19) : text.slice(11, 16);
}

export function drawTimeAxis(pen: Pen, span: TimeSpan, x: Scale, plot: Box, tokens: Tokens, most: number): void {
	const { from, to, live, clock } = span;
	const { step, at } = timeTicks(from, to, most);
	const bottom = plot.y + plot.height;
	pen.font = font(12, tokens.sans);
	pen.textBaseline = 'alphabetic';
	const last = live ? 'now' : clock(to, step);
	const lastRoom = pen.measureText(last).width + 10;
	for (const tick of at) {
		const line = Math.round(x(tick)) + 0.5;
		pen.fillStyle = tokens.line;
		pen.fillRect(line - 0.5, plot.y, 1, plot.height);
		const text = clock(tick, step);
		const width = pen.measureText(text).width;
		const left = Math.max(plot.x, line - width / 2);
		if (left + width > plot.x + plot.width - lastRoom) continue;
		pen.fillStyle = tokens.ink3;
		pen.textAlign = 'left';
		pen.fillText(text, left, bottom + 15);
	}
	pen.fillStyle = tokens.ink3;
	pen.textAlign = 'right';
	pen.fillText(last, plot.x + plot.width, bottom + 15);
	pen.textAlign = 'left';
}
