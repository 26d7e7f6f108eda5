import { describe, expect, it } from 'vitest';
import { recordingPen } from '../../../test/support/drawings/recording-pen.ts';
import { tokensOf } from '../../../test/support/drawings/theme-tokens.ts';
import { drawHeat, type HeatData, heatColumns, heatText } from './heat.ts';
import { drawLanes, type Lane, type LanesData, lanesText } from './lanes.ts';
import { drawProbeLine, probeLineText } from './probe-line.ts';
import { drawProbePaths, type ProbePaths, probePathsHeight, probePathsText } from './probe-paths.ts';
import { clockText, type TimeSpan } from './time-axis.ts';
import { drawTraffic, type TrafficData, trafficText } from './traffic.ts';

const tokens = tokensOf('dark');
const TO = Date.parse('2026-11-22T14:02:34Z');
const SPAN: TimeSpan = { from: TO - 600_000, to: TO, live: true, clock: (at, step) => clockText(at, 0, step) };
const PANEL = { width: 712, height: 168, dpr: 1 };
const SMALL = { width: 288, height: 172, dpr: 1 };

describe('the lanes', () => {
	const lane = (name: string, ...states: Lane['spans'][number]['state'][]): Lane => ({
		name,
		spans: states.map((state, at) => ({
			from: TO - (600_000 * (states.length - at)) / states.length,
			to: TO - (600_000 * (states.length - at - 1)) / states.length,
			state,
		})),
	});
	const lanes = (list: readonly Lane[], changes: Partial<LanesData> = {}): LanesData => ({
		span: SPAN,
		lanes: list,
		notAlive: [{ at: TO - 60_000, suspect: 1, dead: 2 }],
		gaps: [],
		selected: null,
		...changes,
	});

	it('draw each state in its own way: a line, a bar, hatching, dashes', () => {
		const { pen, inColour } = recordingPen();
		drawLanes(pen, lanes([lane('a', 'alive', 'suspect', 'dead', 'left')], { notAlive: [] }), PANEL, tokens);
		expect(inColour(tokens.suspectMark).map(({ call }) => call)).toEqual(['fillRect']);
		expect(inColour(tokens.dead).map(({ call }) => call)).toEqual(['stroke', 'strokeRect']);
		expect(inColour(tokens.left).map(({ call, dash }) => [call, dash.length])).toEqual([['strokeRect', 2]]);
	});

	it('never draw a change narrower than it can be seen, nor beyond the present', () => {
		const blink: Lane = { name: 'a', spans: [{ from: TO - 5, to: TO, state: 'suspect' }] };
		const { pen, inColour } = recordingPen();
		const { plot } = drawLanes(pen, lanes([blink], { notAlive: [] }), PANEL, tokens);
		const [x, , width] = (inColour(tokens.suspectMark)[0]?.args ?? []) as number[];
		expect(width).toBe(3);
		expect(Number(x) + Number(width)).toBeLessThanOrEqual(plot.x + plot.width);
	});

	it('show as many as fit, find them under the pointer, and count the others', () => {
		const many = Array.from({ length: 40 }, (_, at) => lane(`longbow-${at}`, 'alive', 'dead'));
		const { hits, hidden, plot } = drawLanes(recordingPen().pen, lanes(many), PANEL, tokens);
		expect(hits.length + hidden).toBe(40);
		expect(hits[0]?.id).toBe('longbow-0');
		for (const { y, height } of hits) expect(y + height).toBeLessThanOrEqual(plot.height + 0.001);
		expect(hits[0]?.height).toBeGreaterThanOrEqual(18);
	});

	it('pile up who was not alive: the dead below, suspects above', () => {
		const { pen, inColour } = recordingPen();
		drawLanes(pen, lanes([]), PANEL, tokens);
		const [dead] = inColour(tokens.dead);
		const [suspect] = inColour(tokens.suspectMark);
		expect(dead?.args[3]).toBe(2 * Number(suspect?.args[3]));
		expect(Number(suspect?.args[1]) + Number(suspect?.args[3])).toBe(Number(dead?.args[1]));
	});

	it('mark a suspicion that is shorter than a pixel, and no longer than that', () => {
		const { pen, inColour } = recordingPen();
		const blink = [
			{ at: TO - 300_000, suspect: 1, dead: 0 },
			{ at: TO - 299_900, suspect: 0, dead: 0 },
		];
		drawLanes(pen, lanes([], { notAlive: blink }), PANEL, tokens);
		const marks = inColour(tokens.suspectMark).filter(({ args }) => Number(args[3]) > 0);
		expect(marks.map(({ args }) => args[2])).toEqual([2]);
	});

	it('draw a storm of thousands of changes with as few marks as there are pixels', () => {
		const { pen, strokes } = recordingPen();
		const storm = Array.from({ length: 4_000 }, (_, at) => ({ at: TO - 60_000 + at * 15, suspect: at % 40, dead: 3 }));
		const many = Array.from({ length: 600 }, (_, at) => lane(`longbow-${at}`, 'alive', 'suspect'));
		drawLanes(pen, lanes(many, { notAlive: storm }), PANEL, tokens);
		expect(strokes.length).toBeLessThan(600);
	});

	it('hatch the time before the node began', () => {
		const { pen, inColour } = recordingPen();
		drawLanes(pen, lanes([], { gaps: [{ from: SPAN.from, to: SPAN.from + 60_000 }] }), PANEL, tokens);
		expect(inColour(tokens.line).some(({ call }) => call === 'stroke')).toBe(true);
	});

	it('write the clock below, and now at the end', () => {
		const { pen, texts } = recordingPen();
		drawLanes(pen, lanes([lane('longbow-17', 'suspect')]), PANEL, tokens);
		expect(texts()).toEqual(['13:54', '13:56', '13:58', '14:00', 'now', 'not alive', 'longbow-17']);
	});

	it('are told in words', () => {
		expect(lanesText(lanes([]))).toBe('Nothing has changed in 10 min.');
		expect(lanesText(lanes([lane('a', 'alive', 'suspect'), lane('b', 'dead')]))).toBe(
			'2 members changed in 10 min: a suspect for 5 min, b dead for 10 min.',
		);
	});
});

describe('the heat of round trips', () => {
	const edges = [0.1, 1, 10, 100];
	const heat: HeatData = {
		span: SPAN,
		edges,
		buckets: [
			{ at: SPAN.from, counts: [0, 5, 0], unanswered: 0 },
			{ at: SPAN.from + 1_000, counts: [0, 3, 1], unanswered: 2 },
			{ at: TO - 1, counts: [1, 0, 0], unanswered: 0 },
		],
		p50: 0.8,
		p99: 6.2,
	};

	it('adds buckets up to columns that can be told apart', () => {
		const columns = heatColumns(heat, 10);
		expect(columns).toHaveLength(10);
		expect(columns[0]).toEqual({ counts: [0, 8, 1], unanswered: 2 });
		expect(columns[9]).toEqual({ counts: [1, 0, 0], unanswered: 0 });
	});

	it('forgets what lies outside of the time that is shown', () => {
		const late = { ...heat, span: { ...SPAN, from: TO - 60_000 } };
		expect(heatColumns(late, 10).reduce((sum, { unanswered }) => sum + unanswered, 0)).toBe(0);
	});

	it('draws the slower above the faster, unanswered ones on top, and both quantiles dotted', () => {
		const { pen, strokes, inColour, texts } = recordingPen();
		const { plot } = drawHeat(pen, heat, SMALL, tokens);
		const [lost] = inColour(tokens.suspectMark);
		expect(Number(lost?.args[1]) + Number(lost?.args[3])).toBeLessThan(plot.y);
		const dotted = strokes.filter(({ call, dash }) => call === 'stroke' && dash.length === 2);
		const heights = dotted.map(({ path }) => Number(path[0]?.[2]));
		expect(heights).toHaveLength(2);
		expect(heights[1]).toBeLessThan(heights[0] as number);
		expect(texts()).toEqual(expect.arrayContaining(['none', '0.1', '1 ms', '10', '100', 'p50', 'p99', 'now']));
	});

	it('keeps the words of both quantiles apart where they are nearly equal', () => {
		const { pen, strokes } = recordingPen();
		drawHeat(pen, { ...heat, p50: 10, p99: 10.4 }, SMALL, tokens);
		const [p50, p99] = ['p50', 'p99'].map((word) => strokes.find(({ args }) => args[0] === word)?.args[2]);
		expect(Number(p50) - Number(p99)).toBeGreaterThanOrEqual(14);
	});

	it('draws nothing but its axes without a probe', () => {
		const { pen, inColour, texts } = recordingPen();
		drawHeat(pen, { ...heat, buckets: [], p50: null, p99: null }, SMALL, tokens);
		expect(inColour(tokens.suspectMark)).toEqual([]);
		expect(texts()).not.toContain('p50');
	});

	it('is told in words', () => {
		expect(heatText(heat)).toBe('p50 0.8 ms, p99 6.2 ms, 2 of 12 unanswered.');
		expect(heatText({ ...heat, buckets: [] })).toBe('No probe has ended yet.');
	});
});

describe('the traffic', () => {
	const traffic: TrafficData = {
		span: SPAN,
		points: [
			{ at: SPAN.from, out: 1_000, in: 500 },
			{ at: TO, out: 1_900, in: 4_100 },
		],
		packetsOut: 22,
		packetsIn: 21,
		kinds: { probes: 0.64, gossip: 0.19, sync: 0.11, broadcasts: 0.06 },
	};

	it('goes out above and comes in below, on one axis', () => {
		const { pen, strokes } = recordingPen();
		const { plot } = drawTraffic(pen, traffic, SMALL, tokens);
		const middle = Math.round(plot.height / 2);
		const [out, back] = strokes
			.filter(({ call }) => call === 'stroke')
			.map(({ path }) => path.map(([, , y]) => Number(y)));
		const reach = middle - 18;
		expect(out?.at(-1)).toBeCloseTo(middle - (reach * 1_900) / 5_000);
		expect(back?.at(-1)).toBeCloseTo(middle + (reach * 4_100) / 5_000);
	});

	it('says how much, and of what', () => {
		const { pen, texts } = recordingPen();
		drawTraffic(pen, traffic, SMALL, tokens);
		expect(texts()).toEqual([
			'out 1.9 KB/s, 22 packets/s',
			'in 4.1 KB/s, 21 packets/s',
			'5.0 KB/s',
			'probes 64 %',
			'gossip 19 %',
			'sync 11 %',
			'broadcasts 6 %',
		]);
		expect(trafficText(traffic)).toBe(
			'Out 1.9 KB/s in 22 packets/s, in 4.1 KB/s in 21 packets/s; probes 64 %, gossip 19 %, sync 11 %, broadcasts 6 %.',
		);
	});

	it('is empty before the first second', () => {
		const { pen, texts } = recordingPen();
		const none = { ...traffic, points: [], kinds: { probes: 0, gossip: 0, sync: 0, broadcasts: 0 } };
		drawTraffic(pen, none, SMALL, tokens);
		expect(texts()[0]).toBe('out: nothing yet');
		expect(trafficText(none)).toBe('No traffic was measured yet.');
	});
});

describe('the line of probes', () => {
	const box = { x: 10, y: 20, width: 72, height: 30 };
	const style = { line: '#111111', lost: '#222222' };

	it('puts the newest at the right and marks each without an ack', () => {
		const { pen, strokes, inColour } = recordingPen();
		drawProbeLine(pen, [1, 1, null, 1, null], box, style);
		expect(inColour('#222222')).toHaveLength(2);
		const line = strokes.find(({ call }) => call === 'stroke')?.path ?? [];
		expect(line.map(([call]) => call)).toEqual(['moveTo', 'lineTo', 'moveTo']);
		expect(Number(line[2]?.[1])).toBeCloseTo(11 + (70 * 34) / 35);
	});

	it('keeps the slowest and the fastest within its box', () => {
		const { pen, strokes } = recordingPen();
		drawProbeLine(pen, [0.8, 0.8, 0.8, 3_000, 0.001, 0], box, style);
		for (const [, , y] of strokes.flatMap(({ path }) => path)) {
			expect(y).toBeGreaterThanOrEqual(box.y);
			expect(y).toBeLessThanOrEqual(box.y + box.height);
		}
	});

	it('is told in words', () => {
		expect(probeLineText([1, 2, 3])).toBe('all of the latest 3 answered');
		expect(probeLineText([1, null, 3])).toBe('1 of the latest 3 unanswered');
	});
});

describe('the probe that failed', () => {
	const paths: ProbePaths = {
		from: 'this node',
		target: 'longbow-17',
		targetState: 'suspect',
		direct: 'no ack in 100 ms',
		helpers: [
			{ name: '03', answer: 'nack' },
			{ name: '11', answer: 'ack' },
			{ name: '21', answer: 'silent' },
		],
	};

	it('tells an ack, a nack and silence apart by their lines', () => {
		const { pen, strokes } = recordingPen();
		drawProbePaths(pen, paths, { width: 356, height: probePathsHeight(3), dpr: 1 }, tokens);
		const lines = strokes.filter(({ call, path }) => call === 'stroke' && path[1]?.[0] === 'bezierCurveTo');
		expect(lines.map(({ colour, dash }) => `${colour} ${dash}`)).toEqual([
			`${tokens.alive} `,
			`${tokens.suspectMark} 4,3`,
			`${tokens.alive} `,
			`${tokens.alive} `,
			`${tokens.ink3} 1.5,3`,
		]);
	});

	it('has room for every helper, and for none', () => {
		for (const count of [0, 1, 3, 7]) {
			const { pen, strokes } = recordingPen();
			const height = probePathsHeight(count);
			const helpers = Array.from({ length: count }, (_, at) => ({ name: `h${at}`, answer: 'nack' as const }));
			drawProbePaths(pen, { ...paths, helpers }, { width: 356, height, dpr: 1 }, tokens);
			for (const { call, args } of strokes) {
				if (call === 'fillRect') expect(Number(args[1]) + Number(args[3])).toBeLessThanOrEqual(height);
			}
		}
	});

	it('is told in words', () => {
		expect(probePathsText(paths)).toBe(
			'This node pinged longbow-17: no ack in 100 ms. Helpers: ack from 11, nack from 03, 21 silent.',
		);
		expect(probePathsText({ ...paths, helpers: [] })).toContain('No helper was asked.');
	});
});
