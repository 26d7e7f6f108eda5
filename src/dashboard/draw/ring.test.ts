import { describe, expect, it } from 'vitest';
import { recordingPen } from '../../../test/support/drawings/recording-pen.ts';
import { tokensOf } from '../../../test/support/drawings/theme-tokens.ts';
import { arcsShown, drawRing, type RingData, ringBinAt, ringText, takeoverText } from './ring.ts';
import { drawShares, type SharesData, sharesText } from './shares.ts';

const tokens = tokensOf('dark');
const SIZE = { width: 182, height: 182, dpr: 1 };
const WIDE = { width: 288, height: 72, dpr: 1 };

const ring = (changes: Partial<RingData> = {}): RingData => ({
	fingerprint: 'c41f08d2aa550110',
	agreement: 'same on 22 of 22',
	bins: [0, 0, 1, 1, 2, 2, 1, 0],
	arcs: [[0.25, 0.5]],
	selectedState: 'alive',
	...changes,
});

describe('the ring', () => {
	it('draws neighbouring steps of one tone as one arc', () => {
		const { pen, strokes } = recordingPen();
		drawRing(pen, ring({ arcs: [] }), SIZE, tokens);
		const band = strokes.filter(({ call, lineWidth }) => call === 'stroke' && lineWidth > 10);
		expect(band).toHaveLength(5);
		expect(new Set(band.map(({ colour }) => colour)).size).toBe(3);
	});

	it('lets the arcs of the selected member stand out, each with a tick outside', () => {
		const { pen, inColour } = recordingPen();
		drawRing(
			pen,
			ring({
				arcs: [
					[0, 0.1],
					[0.4, 0.400_001],
				],
				selectedState: 'suspect',
			}),
			SIZE,
			tokens,
		);
		const mine = inColour(tokens.suspectMark);
		expect(mine).toHaveLength(3);
		expect(mine[2]?.path.filter(([call]) => call === 'moveTo')).toHaveLength(2);
		const [, , , , from, to] = mine[1]?.path[0] ?? [];
		expect(Number(to) - Number(from)).toBeGreaterThan(0.01);
	});

	it('shows of a thousand arcs as much of the circle as the member owns', () => {
		const arcs = (owners: number): [number, number][] =>
			Array.from({ length: 1_024 }, (_, at) => [(at * 0.618_034) % 1, ((at * 0.618_034) % 1) + 1 / 1_024 / owners]);
		for (const owners of [3, 14, 24]) {
			const covered = arcsShown(arcs(owners)).reduce((sum, [from, to]) => sum + to - from, 0);
			expect(covered).toBeGreaterThan(0.6 / owners);
			expect(covered).toBeLessThan(1.6 / owners);
		}
		expect(arcsShown(arcs(3_000))).toHaveLength(12);
		expect(arcsShown(arcs(24).slice(0, 50))).toHaveLength(50);
		expect(arcsShown([])).toEqual([]);
	});

	it('says whose fingerprint it is, or that there is no owner', () => {
		const one = recordingPen();
		drawRing(one.pen, ring(), SIZE, tokens);
		expect(one.texts()).toEqual(['fingerprint', 'c41f·08d2', 'same on 22 of 22']);
		const none = recordingPen();
		drawRing(none.pen, ring({ fingerprint: '', bins: [], arcs: [], agreement: '' }), SIZE, tokens);
		expect(none.texts()[0]).toBe('no owner');
	});

	it('finds the step under the pointer', () => {
		const hits = drawRing(recordingPen().pen, ring(), SIZE, tokens);
		const middle = (hits.inner + hits.outer) / 2;
		expect(ringBinAt(hits, hits.x + 1, hits.y - middle)).toBe(0);
		expect(ringBinAt(hits, hits.x + middle, hits.y + 1)).toBe(2);
		expect(ringBinAt(hits, hits.x - 1, hits.y - middle)).toBe(7);
		expect(ringBinAt(hits, hits.x, hits.y)).toBeUndefined();
	});

	it('is told in words', () => {
		const summary = { owners: 23, fingerprint: 'c41f08d2aa550110', agreement: 'same on 22 of 22', selected: null };
		expect(ringText(summary)).toBe('23 owners, fingerprint c41f·08d2, same on 22 of 22.');
		expect(ringText({ ...summary, selected: { name: 'longbow-17', share: 1 / 23 } })).toContain(
			'longbow-17 owns 4.35 %, 1.00× the fair share.',
		);
		expect(ringText({ ...summary, owners: 0 })).toBe('The ring has no owner.');
		expect(takeoverText(21, 0.0049)).toBe('21 take over, the most any gets +0.490 %');
	});
});

describe('the shares of the ring', () => {
	const shares = (count: number, spread = 0.1): SharesData => ({
		shares: Array.from({ length: count }, (_, at) => ({ name: `m${at}`, ratio: 1 + spread * Math.sin(at) })),
		selected: 'm3',
		selectedSuspect: false,
	});

	it('are a dot each up to a hundred, and bars above', () => {
		const dots = recordingPen();
		expect(drawShares(dots.pen, shares(100), WIDE, tokens)).toHaveLength(100);
		expect(dots.strokes.filter(({ path }) => path[0]?.[0] === 'arc')).toHaveLength(100);
		const bars = recordingPen();
		expect(drawShares(bars.pen, shares(101), WIDE, tokens)).toEqual([]);
		expect(bars.strokes.some(({ path }) => path[0]?.[0] === 'arc')).toBe(false);
	});

	it('stay within the panel however unfair they are, and however many are alike', () => {
		for (const data of [shares(90, 3), shares(90, 0), shares(500, 3), shares(1, 0)]) {
			const { pen, strokes } = recordingPen();
			for (const { x, y, width } of drawShares(pen, data, WIDE, tokens)) {
				expect(x).toBeGreaterThanOrEqual(-3);
				expect(x + width).toBeLessThanOrEqual(WIDE.width + 3);
				expect(y).toBeGreaterThanOrEqual(0);
			}
			for (const { call, args } of strokes) if (call === 'fillRect') expect(Number(args[1])).toBeGreaterThanOrEqual(0);
		}
	});

	it('are told in words', () => {
		expect(sharesText(shares(4))).toBe('Shares of 4 owners reach from 1.00× to 1.09× of the fair one; m3 has 1.01×.');
		expect(sharesText({ ...shares(0) })).toBe('Nobody owns keys.');
	});
});
