// Where each member of the field stands: one algorithm from 3 to 3,000 members, the richest tier that fits, stretched to fill.

import { snap } from './scale.ts';
import type { Box, Size } from './types.ts';

export type Tier = 'big' | 'card' | 'chip' | 'cell' | 'pixel';

export interface FieldGroup {
	readonly name: string;
	/** Places, empty ones included. */
	readonly places: number;
}

export interface FieldBand {
	readonly name: string;
	readonly places: number;
	/** Where its name stands; no height where there is no room for names. */
	readonly label: Box;
	readonly boxes: readonly Box[];
}

export interface FieldLayout {
	readonly tier: Tier;
	readonly bands: readonly FieldBand[];
}

interface TierRule {
	readonly tier: Tier;
	readonly minWidth: number;
	readonly minHeight: number;
	/** The shape that reads best, width by height. */
	readonly shape: number;
	readonly gap: number;
	/** Columns first, so that bands of thousands are full to the right edge. */
	readonly columnwise: boolean;
}

const TIERS: readonly TierRule[] = [
	{ tier: 'big', minWidth: 150, minHeight: 110, shape: 1.3, gap: 6, columnwise: false },
	{ tier: 'card', minWidth: 68, minHeight: 60, shape: 1.2, gap: 5, columnwise: false },
	{ tier: 'chip', minWidth: 46, minHeight: 25, shape: 1.9, gap: 4, columnwise: false },
	{ tier: 'cell', minWidth: 9, minHeight: 9, shape: 1, gap: 2, columnwise: true },
	{ tier: 'pixel', minWidth: 3, minHeight: 3, shape: 1, gap: 1, columnwise: true },
];

const BAND_GAP = 8;
const LABEL_WIDTH = 46;
const LABEL_HEIGHT = 17;
/** Below this height of a band its name is left out. */
const NAMED_BAND = 13;
/** On a phone names stand above the bands. */
const NARROW = 500;

interface Grid {
	readonly rule: TierRule;
	readonly columns: number;
	readonly width: number;
	readonly height: number;
	readonly flaw: number;
}

interface Area {
	readonly x: number;
	readonly width: number;
	readonly height: number;
	readonly above: number;
	readonly bandGap: number;
	readonly dpr: number;
}

export function layoutField(groups: readonly FieldGroup[], size: Size): FieldLayout {
	const filled = groups.filter(({ places }) => places > 0);
	const area = areaOf(filled, size);
	let best: Grid | undefined;
	for (const rule of TIERS) {
		best = bestGrid(rule, filled, area, true);
		if (best) break;
	}
	const smallest = TIERS[TIERS.length - 1] as TierRule;
	best ??= bestGrid({ ...smallest, gap: 0 }, filled, area, false);
	return { tier: best?.rule.tier ?? 'big', bands: best ? placed(filled, best, area) : [] };
}

function areaOf(groups: readonly FieldGroup[], { width, height, dpr }: Size): Area {
	const count = groups.length;
	const named = count > 1;
	const above = named && width < NARROW && height / count > LABEL_HEIGHT + NAMED_BAND ? LABEL_HEIGHT : 0;
	const beside = named && width >= NARROW ? LABEL_WIDTH : 0;
	const bandGap = height / count > 3 * BAND_GAP ? BAND_GAP : 2;
	return { x: beside, width: width - beside, height, above, bandGap, dpr };
}

function bestGrid(rule: TierRule, groups: readonly FieldGroup[], area: Area, strict: boolean): Grid | undefined {
	const widest = Math.max(0, ...groups.map(({ places }) => places));
	let best: Grid | undefined;
	for (let columns = 1; columns <= widest; columns++) {
		const grid = gridOf(rule, groups, area, columns);
		const fits = grid.width >= rule.minWidth && grid.height >= rule.minHeight;
		if ((fits || !strict) && grid.height > 0 && grid.width > 0 && (!best || grid.flaw < best.flaw)) best = grid;
	}
	return best;
}

function gridOf(rule: TierRule, groups: readonly FieldGroup[], area: Area, columns: number): Grid {
	let rows = 0;
	let used = 0;
	for (const { places } of groups) {
		rows += Math.ceil(places / columns);
		used += places;
	}
	const between = (groups.length - 1) * area.bandGap + groups.length * area.above;
	const width = (area.width - (columns - 1) * rule.gap) / columns;
	const height = (area.height - between - (rows - groups.length) * rule.gap) / rows;
	const empty = 1 - used / (rows * columns);
	return { rule, columns, width, height, flaw: Math.abs(Math.log(width / height / rule.shape)) + empty };
}

function placed(groups: readonly FieldGroup[], grid: Grid, area: Area): FieldBand[] {
	const { rule, columns, height } = grid;
	const bands: FieldBand[] = [];
	let y = 0;
	for (const { name, places } of groups) {
		const rows = Math.ceil(places / columns);
		const bandHeight = rows * (height + rule.gap) - rule.gap;
		const top = y + area.above;
		const boxes: Box[] = [];
		for (let at = 0; at < places; at++) {
			const column = rule.columnwise ? Math.floor(at / rows) : at % columns;
			const row = rule.columnwise ? at % rows : Math.floor(at / columns);
			boxes.push(boxAt(grid, area, column, row, top));
		}
		bands.push({ name, places, label: labelOf(area, y, bandHeight), boxes });
		y = top + bandHeight + area.bandGap;
	}
	return bands;
}

/** Edges on whole device pixels: gaps are equal and nothing is blurred; cells of a row may differ by one device pixel. */
function boxAt({ rule, width, height }: Grid, { x, dpr }: Area, column: number, row: number, top: number): Box {
	const left = x + column * (width + rule.gap);
	const upper = top + row * (height + rule.gap);
	const [x1, y1] = [snap(left, dpr), snap(upper, dpr)];
	const [x2, y2] = [snap(left + width + rule.gap, dpr) - rule.gap, snap(upper + height + rule.gap, dpr) - rule.gap];
	return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}

function labelOf({ x, width, above }: Area, y: number, bandHeight: number): Box {
	if (above > 0) return { x: 0, y, width, height: above };
	return { x: 0, y, width: x, height: x > 0 && bandHeight >= NAMED_BAND ? bandHeight : 0 };
}
