// The time axis that all plots of a report share, so that what happened at once stands in one line.

import { durationText } from '../../status/index.ts';
import type { SimTime } from '../time-queue.ts';
import { element, linear, type Markup, type Scale, textAt, timeTicks } from './svg.ts';

/** Left of it stand names and units, right of it nothing. */
export const PLOT_LEFT = 156;
export const PLOT_RIGHT = 1132;
export const PAGE_WIDTH = 1140;

export interface TimeAxis {
	readonly endMs: SimTime;
	/** Where faults ended; later the mesh had to heal. */
	readonly healMs: SimTime;
	readonly x: Scale;
	/** Left edge of a bin. */
	readonly bin: (index: number) => number;
}

export function timeAxis(endMs: SimTime, healMs: SimTime, binMs: number): TimeAxis {
	const x = linear(0, endMs, PLOT_LEFT, PLOT_RIGHT);
	return { endMs, healMs, x, bin: (index) => x(Math.min(endMs, index * binMs)) };
}

/** Vertical lines behind a plot, and the end of the faults. */
export function timeGrid({ endMs, healMs, x }: TimeAxis, top: number, bottom: number): Markup {
	const lines = timeTicks(endMs).map((at) =>
		element('line', { class: 'grid', x1: x(at), x2: x(at), y1: top, y2: bottom }),
	);
	if (healMs < endMs) {
		lines.push(element('line', { class: 'heal', x1: x(healMs), x2: x(healMs), y1: top, y2: bottom }));
	}
	return lines.join('');
}

/** Times under a plot. */
export function timeLabels({ endMs, x }: TimeAxis, y: number): Markup {
	return timeTicks(endMs)
		.map((at) => textAt(x(at), y, tickText(at), 'tick', at > endMs * 0.97 ? 'end' : 'middle'))
		.join('');
}

/** Says what the dashed line is. */
export function healLabel({ endMs, healMs, x }: TimeAxis, y: number): Markup {
	if (healMs >= endMs) return '';
	return textAt(x(healMs) - 4, y, 'faults end', 'tick', 'end');
}

/** `0`, `30s`, `1m30s`: shorter than elsewhere, because ticks are round. */
export function tickText(ms: number): string {
	return ms === 0 ? '0' : durationText(ms).replace(/\.0s$/, 's');
}

/** A figure as wide as the page. */
export function figure(height: number, label: string, ...content: readonly Markup[]): Markup {
	return element(
		'svg',
		{ viewBox: `0 0 ${PAGE_WIDTH} ${height}`, role: 'img', 'aria-label': label, class: 'wide' },
		...content,
	);
}
