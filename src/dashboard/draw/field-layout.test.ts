import { describe, expect, it } from 'vitest';
import { FIELD_MARGIN, type FieldGroup, type FieldLayout, layoutField } from './field-layout.ts';
import type { Box, Size } from './types.ts';

const DESK: Size = { width: 720, height: 235, dpr: 1 };
const PHONE: Size = { width: 370, height: 408, dpr: 3 };
const WIDE: Size = { width: 1_600, height: 700, dpr: 1.5 };

const zones = (count: number, names = ['eu-1a', 'eu-1b', 'eu-1c']): FieldGroup[] =>
	names.map((name, at) => ({ name, places: Math.floor((count + names.length - 1 - at) / names.length) }));

const boxesOf = ({ bands }: FieldLayout): Box[] => bands.flatMap(({ boxes }) => boxes);

const LEAST: Record<string, readonly [number, number]> = {
	big: [150, 110],
	card: [68, 60],
	chip: [46, 25],
	cell: [9, 9],
	pixel: [3, 3],
};

describe('the tier of the members field', () => {
	it.each([
		[3, 'big'],
		[24, 'card'],
		[60, 'chip'],
		[300, 'cell'],
		[600, 'cell'],
		[3_000, 'pixel'],
	] as const)('is at %i members on the overview %s', (count, tier) => {
		expect(layoutField(count < 4 ? [{ name: '', places: count }] : zones(count), DESK).tier).toBe(tier);
	});

	it('grows poorer only as members grow more', () => {
		const order = ['big', 'card', 'chip', 'cell', 'pixel'];
		let poorest = 0;
		for (let count = 1; count <= 4_000; count += count < 200 ? 1 : 97) {
			const at = order.indexOf(layoutField([{ name: '', places: count }], DESK).tier);
			expect(at).toBeGreaterThanOrEqual(poorest);
			poorest = at;
		}
	});
});

describe.each([
	['desk', DESK],
	['phone', PHONE],
	['wide', WIDE],
])('places on a %s', (_, size) => {
	const counts = [1, 2, 3, 5, 6, 7, 11, 24, 25, 59, 90, 150, 151, 300, 599, 600, 1_200, 3_000];

	it.each(counts)('of %i members stand within the area, apart from each other, no smaller than their tier', (count) => {
		for (const groups of [zones(count), zones(count, ['']), zones(count, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])]) {
			const layout = layoutField(groups, size);
			const boxes = boxesOf(layout);
			expect(boxes).toHaveLength(count);
			const [width, height] = LEAST[layout.tier] as [number, number];
			// Edges stand on device pixels, so a cell may lose one.
			expect(Math.min(...boxes.map((box) => box.width))).toBeGreaterThanOrEqual(width - 1 / size.dpr - 1e-9);
			expect(Math.min(...boxes.map((box) => box.height))).toBeGreaterThanOrEqual(height - 1 / size.dpr - 1e-9);
			expect(Math.min(...boxes.map(({ x }) => x))).toBeGreaterThanOrEqual(FIELD_MARGIN - 1e-9);
			expect(Math.max(...boxes.map((box) => box.x + box.width))).toBeLessThanOrEqual(size.width - FIELD_MARGIN + 0.5);
			expect(Math.max(...boxes.map((box) => box.y + box.height))).toBeLessThanOrEqual(size.height - FIELD_MARGIN + 0.5);
			expect(overlapping(boxes)).toBe(0);
		}
	});

	it.each(counts)('of %i members fill the area to its right and lower edge', (count) => {
		const boxes = boxesOf(layoutField(zones(count), size));
		expect(Math.max(...boxes.map(({ x, width }) => x + width))).toBeCloseTo(size.width - FIELD_MARGIN, 0);
		expect(Math.max(...boxes.map(({ y, height }) => y + height))).toBeCloseTo(size.height - FIELD_MARGIN, 0);
	});
});

describe('bands of the members field', () => {
	it('are filled column by column where cells are small', () => {
		const [first, second] = boxesOf(layoutField(zones(600), DESK));
		expect(second?.x).toBe(first?.x);
		expect(second?.y).toBeGreaterThan(first?.y ?? Number.NaN);
	});

	it('have their names beside them, above them on a phone, and none where few large tiles flow', () => {
		expect(layoutField(zones(24), DESK).bands[1]?.label).toMatchObject({ x: FIELD_MARGIN, width: 46 });
		const phone = layoutField(zones(24), PHONE).bands[1];
		expect(phone?.label.height).toBe(17);
		expect((phone?.label.y ?? 0) + 17).toBeCloseTo(phone?.boxes[0]?.y ?? 0, 0);
		const few = layoutField(zones(3), DESK);
		expect(few).toMatchObject({ tier: 'big', flowing: true });
		expect(few.bands.every(({ label }) => label.height === 0)).toBe(true);
	});

	it('flow when nearly every member has a zone of its own', () => {
		const racks = Array.from({ length: 40 }, (_, at) => ({ name: `rack-${at}`, places: 1 }));
		const layout = layoutField(racks, DESK);
		expect(layout).toMatchObject({ tier: 'chip', flowing: true });
		expect(boxesOf(layout)).toHaveLength(40);
	});

	it('keep room for ten thousand members', () => {
		const boxes = boxesOf(layoutField(zones(10_000), DESK));
		expect(boxes).toHaveLength(10_000);
		expect(boxes.every(({ width, height }) => width > 0 && height > 0)).toBe(true);
	});

	it('are none without members', () => {
		expect(layoutField([], DESK).bands).toEqual([]);
		expect(layoutField([{ name: 'eu-1a', places: 0 }], DESK).bands).toEqual([]);
	});
});

function overlapping(boxes: readonly Box[]): number {
	const rows = new Map<number, Box[]>();
	for (const box of boxes) rows.set(box.y, [...(rows.get(box.y) ?? []), box]);
	let count = 0;
	for (const row of rows.values()) {
		row.sort((a, b) => a.x - b.x);
		for (let at = 1; at < row.length; at++) {
			const before = row[at - 1] as Box;
			if (before.x + before.width > (row[at] as Box).x + 1e-9) count++;
		}
	}
	const tops = Array.from(rows.keys()).sort((a, b) => a - b);
	for (let at = 1; at < tops.length; at++) {
		const above = Math.max(...(rows.get(tops[at - 1] as number) ?? []).map(({ y, height }) => y + height));
		if (above > (tops[at] as number) + 1e-9) count++;
	}
	return count;
}
