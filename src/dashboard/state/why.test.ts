// The evidence as the inspector shows it.

import { describe, expect, it } from 'vitest';
import type { WhyDocument } from '../../status/index.ts';
import { fittingSteps, pathsOf, stepsOf } from './why.ts';
import { clock } from './words.ts';

const at = (second: string): string => `2026-11-22T14:02:${second}Z`;
const why: WhyDocument = {
	schema: 1,
	member: 'longbow-17',
	state: 'suspect',
	since: at('32.004'),
	deadAt: at('37.004'),
	likely: { code: 'process', text: '' },
	timeline: [
		{ at: at('31.804'), kind: 'probe', by: null, title: 'probe #1', text: 'no ack in 100ms' },
		{ at: at('32.004'), kind: 'suspect', by: 'longbow-07', title: 'suspected', text: '' },
		{ at: at('33.904'), kind: 'now', by: null, title: 'now', text: '' },
		{ at: at('37.004'), kind: 'expected', by: null, title: 'dead', text: 'unless it refutes' },
	],
	probe: {
		number: 1,
		at: at('31.804'),
		ackTimeoutMs: 100,
		helpers: [
			{ name: 'longbow-03', answer: 'nack' },
			{ name: 'longbow-21', answer: null },
		],
		stream: false,
	},
	observer: { name: 'longbow-07', at: at('33.904'), health: 0, healthMax: 7, stalls: 0, probes: 9, probesFailed: 1 },
	next: [],
};
const steps = stepsOf(why, clock(true));

describe('why', () => {
	it('tells steps in the words of the page, verdicts and the present standing out', () => {
		expect(steps.map(({ mark, title, text, strong }) => [mark, title, text, strong])).toEqual([
			['fact', 'Probe #1', 'no ack in 100 ms', false],
			['suspect', 'Suspected', '', true],
			['now', 'Now', '', true],
			['dead', 'Dead', 'unless it refutes', false],
		]);
	});

	it('leaves out facts before verdicts where there is no room', () => {
		expect(fittingSteps(steps, 60, () => 20).map(({ title }) => title)).toEqual(['Suspected', 'Now', 'Dead']);
		expect(fittingSteps(steps, 40, () => 20).map(({ title }) => title)).toEqual(['Suspected', 'Now']);
		expect(fittingSteps(steps, 500, () => 20)).toEqual(steps);
	});

	it('draws the lost probe with short names, a silent helper as such', () => {
		const paths = pathsOf(why, (name) => name.slice(8));
		expect(paths).toMatchObject({
			target: '17',
			direct: 'no ack in 100 ms',
			helpers: [
				{ name: '03', answer: 'nack' },
				{ name: '21', answer: 'silent' },
			],
		});
		expect(pathsOf({ ...why, probe: null }, (name) => name)).toBeUndefined();
	});
});
