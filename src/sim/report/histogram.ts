// A histogram of durations, with median, 99th percentile and the bound.

import { quantile } from '../statistics/sample.ts';
import { element, linear, type Markup, textAt, ticks, timeTicks } from './svg.ts';
import { tickText } from './time-axis.ts';

const WIDTH = 560;
const HEIGHT = 178;
const LEFT = 40;
const RIGHT = 548;
const TOP = 24;
const BOTTOM = 146;
const BARS = 40;

export function histogram(title: string, values: readonly number[], boundMs?: number): Markup {
	if (values.length === 0)
		return `<figure class="half"><figcaption>${title}</figcaption><p class="quiet">Nothing to measure.</p></figure>`;
	const sorted = [...values].sort((a, b) => a - b);
	const most = sorted.at(-1)!;
	// The bound is drawn where it does not squeeze the bars into a corner.
	const bound = boundMs !== undefined && boundMs <= most * 4 ? boundMs : undefined;
	const end = Math.max(most, bound ?? 0) * 1.04 || 1;
	const x = linear(0, end, LEFT, RIGHT);
	const counts = new Array<number>(BARS).fill(0);
	for (const value of sorted) counts[Math.min(BARS - 1, Math.floor((value / end) * BARS))]!++;
	const rules = ticks(Math.max(...counts), 3).filter((value) => Number.isInteger(value));
	const y = linear(0, Math.max(rules.at(-1)!, 1), BOTTOM, TOP);
	const width = (RIGHT - LEFT) / BARS;
	const bars = counts.map((count, i) =>
		count === 0
			? ''
			: element('rect', {
					class: 'bar',
					x: LEFT + i * width + 0.5,
					y: y(count),
					width: width - 1,
					height: BOTTOM - y(count),
				}),
	);
	const grid = rules.map(
		(value) =>
			element('line', { class: value === 0 ? 'axis' : 'grid', x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value) }) +
			textAt(LEFT - 6, y(value) + 4, String(value), 'tick', 'end'),
	);
	const times = timeTicks(end, 6).map((at) => textAt(x(at), BOTTOM + 15, tickText(at), 'tick', 'middle'));
	const marks = [
		mark(x(quantile(sorted, 0.5)!), 'p50'),
		sorted.length >= 10 ? mark(x(quantile(sorted, 0.99)!), 'p99') : '',
		bound === undefined ? '' : mark(x(bound), 'bound'),
	];
	const caption = `<figcaption>${title} <span>${values.length} measured; count by duration</span></figcaption>`;
	const svg = element(
		'svg',
		{ viewBox: `0 0 ${WIDTH} ${HEIGHT - 8}`, role: 'img', 'aria-label': `Histogram: ${title}` },
		...grid,
		...bars,
		...times,
		...marks,
	);
	return `<figure class="half">${caption}${svg}</figure>`;
}

function mark(x: number, label: string): Markup {
	const style = label === 'bound' ? 'bound' : 'quantile';
	return (
		element('line', { class: style, x1: x, x2: x, y1: TOP - 6, y2: BOTTOM }) +
		textAt(x, TOP - 10, label, 'tick', 'middle')
	);
}
