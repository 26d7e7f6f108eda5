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
	/** Groups have no rows of their own: they are as many as members, nearly, or there is room for few large tiles. */
	readonly flowing: boolean;
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

/** Room for the outline of a selected member at the edge; a canvas may stand out of its panel by as much. */
export const FIELD_MARGIN = 4;

const BAND_GAP = 8;
const LABEL_WIDTH = 46;
const LABEL_HEIGHT = 17;
/** Below this height of a band its name is left out. */
const NAMED_BAND = 13;
/** On a phone names stand above the bands. */
const NARROW = 500;

/** Below so many members a group, rows of their own would be mostly empty. */
const FEW_A_GROUP = 3;

interface Grid {
	readonly flowing: boolean;
	readonly rule: TierRule;
	readonly columns: number;
	readonly width: number;
	readonly height: number;
	readonly flaw: number;
}

interface Area {
	/** Beside the names of bands. */
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	/** Height of the names that stand above. */
	readonly above: number;
	readonly bandGap: number;
	readonly dpr: number;
}

export function layoutField(groups: readonly FieldGroup[], size: Size): FieldLayout {
	const filled = groups.filter(({ places }) => places > 0);
	const grid = richest(filled, size);
	return {
		tier: grid?.rule.tier ?? 'big',
		flowing: grid?.flowing ?? true,
		bands: grid ? placed(filled, grid, size) : [],
	};
}

function richest(groups: readonly FieldGroup[], size: Size): Grid | undefined {
	const places = groups.reduce((sum, group) => sum + group.places, 0);
	const scattered =
		groups.length === 1 || places < FEW_A_GROUP * groups.length || size.height < NAMED_BAND * groups.length;
	for (const rule of TIERS) {
		const grid = bestGrid(rule, groups, size, scattered || rule.tier === 'big', true);
		if (grid) return grid;
	}
	const smallest = TIERS[TIERS.length - 1] as TierRule;
	return bestGrid({ ...smallest, gap: 0 }, groups, size, scattered, false);
}

function areaOf(bands: number, flowing: boolean, { width, height, dpr }: Size): Area {
	const inner = { y: FIELD_MARGIN, height: height - 2 * FIELD_MARGIN, dpr };
	if (flowing) return { ...inner, x: FIELD_MARGIN, width: width - 2 * FIELD_MARGIN, above: 0, bandGap: 0 };
	const above = width < NARROW && height / bands > LABEL_HEIGHT + NAMED_BAND ? LABEL_HEIGHT : 0;
	const x = FIELD_MARGIN + (width >= NARROW ? LABEL_WIDTH : 0);
	const bandGap = height / bands > 3 * BAND_GAP ? BAND_GAP : 2;
	return { ...inner, x, width: width - x - FIELD_MARGIN, above, bandGap };
}

function bestGrid(
	rule: TierRule,
	groups: readonly FieldGroup[],
	size: Size,
	flowing: boolean,
	strict: boolean,
): Grid | undefined {
	const bands = flowing ? [groups.reduce((sum, { places }) => sum + places, 0)] : groups.map(({ places }) => places);
	const area = areaOf(bands.length, flowing, size);
	const widest = Math.max(0, ...bands);
	let best: Grid | undefined;
	for (let columns = 1; columns <= widest; columns++) {
		// Filled column by column, rows of so many columns may need fewer: then the right edge would stay empty.
		if (rule.columnwise && !bands.some((places) => Math.ceil(places / Math.ceil(places / columns)) === columns))
			continue;
		const grid = gridOf(rule, bands, area, columns, flowing);
		const fits = grid.width >= rule.minWidth && grid.height >= rule.minHeight;
		if ((fits || !strict) && grid.height > 0 && grid.width > 0 && (!best || grid.flaw < best.flaw)) best = grid;
	}
	return best;
}

function gridOf(rule: TierRule, bands: readonly number[], area: Area, columns: number, flowing: boolean): Grid {
	let rows = 0;
	let used = 0;
	for (const places of bands) {
		rows += Math.ceil(places / columns);
		used += places;
	}
	const between = (bands.length - 1) * area.bandGap + bands.length * area.above;
	const width = (area.width - (columns - 1) * rule.gap) / columns;
	const height = (area.height - between - (rows - bands.length) * rule.gap) / rows;
	const empty = 1 - used / (rows * columns);
	return { flowing, rule, columns, width, height, flaw: Math.abs(Math.log(width / height / rule.shape)) + empty };
}

function placed(groups: readonly FieldGroup[], grid: Grid, size: Size): FieldBand[] {
	const { rule, columns, height, flowing } = grid;
	const area = areaOf(groups.length, flowing, size);
	if (flowing) {
		const places = groups.reduce((sum, group) => sum + group.places, 0);
		const boxes = boxesOf(places, Math.ceil(places / columns), grid, area, area.y);
		let first = 0;
		return groups.map((group) => {
			const own = boxes.slice(first, first + group.places);
			first += group.places;
			return { ...group, label: { x: 0, y: 0, width: 0, height: 0 }, boxes: own };
		});
	}
	let y = area.y;
	return groups.map(({ name, places }) => {
		const rows = Math.ceil(places / columns);
		const bandHeight = rows * (height + rule.gap) - rule.gap;
		const boxes = boxesOf(places, rows, grid, area, y + area.above);
		const label = labelOf(area, y, bandHeight);
		y += area.above + bandHeight + area.bandGap;
		return { name, places, label, boxes };
	});
}

function boxesOf(places: number, rows: number, grid: Grid, area: Area, top: number): Box[] {
	const { columnwise } = grid.rule;
	return Array.from({ length: places }, (_, at) => {
		const column = columnwise ? Math.floor(at / rows) : at % grid.columns;
		const row = columnwise ? at % rows : Math.floor(at / grid.columns);
		return boxAt(grid, area, column, row, top);
	});
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
	if (above > 0) return { x, y, width, height: above };
	return {
		x: FIELD_MARGIN,
		y,
		width: LABEL_WIDTH,
		height: x > LABEL_WIDTH && bandHeight >= NAMED_BAND ? bandHeight : 0,
	};
}
