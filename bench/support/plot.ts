// Curves as an SVG file that stands in a page of documentation, on light and dark ground.

import { element, linear, type Markup, textAt, ticks } from '../../src/sim/report/svg.ts';

export interface Curve {
	readonly label: string;
	readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
	readonly xTitle: string;
	/** Powers of ten are equally far from each other; from 10 up. */
	readonly isLogarithmic?: boolean;
	/** A dot where something was measured, for curves of few points. */
	readonly hasDots?: boolean;
	/** Side by side. Curves that are named as in the first one are explained there. */
	readonly panels: readonly Panel[];
}

export interface Panel {
	readonly title: string;
	readonly yTitle: string;
	readonly curves: readonly Curve[];
}

const PANEL_WIDTH = 420;
const HEIGHT = 330;
const LEFT = 62;
const RIGHT = 400;
const TOP = 44;
const BOTTOM = 232;
const LEGEND = 282;
/** Colours that differ in lightness too, and marks that differ in shape of line. */
const STYLES = ['a', 'b', 'c'] as const;
const STYLE = `
text{font:12px ui-sans-serif,system-ui,sans-serif;fill:#445862}text.title{font-weight:600;font-size:14px}
.ground{fill:#f9fbfa}.grid{stroke:#d5dddc}.axis{stroke:#b5c2c2}
.line{fill:none;stroke-width:1.8}.a{stroke:#1f7d94}.b{stroke:#b87900;stroke-dasharray:6 3}.c{stroke:#c8391a;stroke-dasharray:2 3}circle.line{stroke-dasharray:none}
@media (prefers-color-scheme:dark){text{fill:#a9b8bf}.ground{fill:#10161a}.grid{stroke:#222c33}.axis{stroke:#33414a}
.a{stroke:#4fa8bd}.b{stroke:#f5b83d}.c{stroke:#ff7350}}`;

export function plotSvg({ panels, ...axes }: Plot): Markup {
	const width = PANEL_WIDTH * panels.length;
	const drawn = panels.map((each, i) => {
		const labels = JSON.stringify(labelsOf(each));
		const explained = i > 0 && labels === JSON.stringify(labelsOf(panels[0]!));
		const legend = explained ? [] : legendOf(each);
		return element('g', { transform: `translate(${i * PANEL_WIDTH} 0)` }, ...panel(each, axes), ...legend);
	});
	const svg = element(
		'svg',
		{
			xmlns: 'http://www.w3.org/2000/svg',
			viewBox: `0 0 ${width} ${HEIGHT}`,
			role: 'img',
			'aria-label': `${[...new Set(panels.map(({ yTitle }) => yTitle))].join(', ')} by ${axes.xTitle}`,
		},
		element('style', {}, STYLE),
		element('rect', { class: 'ground', width, height: HEIGHT }),
		...drawn,
	);
	return `${svg}\n`;
}

function labelsOf({ curves }: Panel): string[] {
	return curves.map(({ label }) => label);
}

function legendOf(each: Panel): Markup[] {
	return labelsOf(each).map((label, i) => {
		const y = LEGEND + 16 * i;
		const sample = element('path', { class: `line ${STYLES[i] ?? 'a'}`, d: `M${LEFT},${y - 4}h28` });
		return sample + textAt(LEFT + 36, y, label, 'name');
	});
}

function panel({ title, yTitle, curves }: Panel, { xTitle, isLogarithmic, hasDots }: Omit<Plot, 'panels'>): Markup[] {
	const points = curves.flatMap((curve) => curve.points);
	const furthest = Math.max(...points.map(([x]) => x));
	const across = isLogarithmic ? decades(furthest) : ticks(furthest, 5);
	const up = ticks(Math.max(...points.map(([, y]) => y)));
	const along = (value: number): number => (isLogarithmic ? Math.log10(value) : value);
	const scale = linear(along(across[0] ?? 0), along(across.at(-1) ?? 1), LEFT, RIGHT);
	const x = (value: number): number => scale(along(value));
	const y = linear(0, up.at(-1) ?? 1, BOTTOM, TOP);
	const rows = up.map(
		(value) =>
			element('line', { class: value === 0 ? 'axis' : 'grid', x1: LEFT, x2: RIGHT, y1: y(value), y2: y(value) }) +
			textAt(LEFT - 6, y(value) + 4, value.toLocaleString('en'), 'tick', 'end'),
	);
	const columns = across.map((value) => textAt(x(value), BOTTOM + 16, value.toLocaleString('en'), 'tick', 'middle'));
	const lines = curves.map((curve, i) => {
		const path = curve.points.map(
			([each, value], at) => `${at === 0 ? 'M' : 'L'}${x(each).toFixed(1)},${y(value).toFixed(1)}`,
		);
		return element('path', { class: `line ${STYLES[i] ?? 'a'}`, d: path.join('') });
	});
	const dots = curves.flatMap((curve, i) =>
		curve.points.map(([each, value]) =>
			element('circle', { class: `line ${STYLES[i] ?? 'a'}`, cx: x(each), cy: y(value), r: 2.4 }),
		),
	);
	return [
		textAt(LEFT, 18, title, 'title'),
		textAt(LEFT, 34, yTitle, 'unit'),
		...rows,
		...columns,
		textAt((LEFT + RIGHT) / 2, BOTTOM + 33, xTitle, 'unit', 'middle'),
		...lines,
		...(hasDots ? dots : []),
	];
}

/** Powers of ten, from 10 to the first that is not below. */
function decades(largest: number): number[] {
	const count = Math.max(1, Math.ceil(Math.log10(largest)));
	return Array.from({ length: count }, (_, i) => 10 ** (i + 1));
}
