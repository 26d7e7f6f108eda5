// The explanation of a suspect, line by line.

import { expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import type { WhyDocument } from '../../status/index.ts';
import { newest, whyLines } from './why-lines.ts';

const at = (second: string): string => `2026-11-22T14:02:${second}Z`;

const SUSPECT: WhyDocument = {
	schema: 1,
	member: 'longbow-17',
	state: 'suspect',
	since: at('32.004'),
	deadAt: at('37.004'),
	likely: { code: 'process', text: `Likely its process or host. It restarted at ${at('30.000')}.` },
	timeline: [
		{ at: at('31.412'), kind: 'ack', by: null, title: 'last ack', text: '0.9ms' },
		{
			at: at('31.804'),
			kind: 'probe',
			by: null,
			title: 'probe #48112',
			text: 'ping to 10.42.8.130:7946, no ack in 100ms',
		},
		{ at: at('32.004'), kind: 'suspect', by: 'a', title: 'suspected', text: 'by this node, incarnation 7' },
		{ at: at('33.904'), kind: 'now', by: null, title: 'now', text: 'no refutation heard' },
		{ at: at('37.004'), kind: 'expected', by: null, title: 'dead', text: 'unless it refutes' },
	],
	probe: null,
	observer: { name: 'a', at: at('33.904'), health: 0, healthMax: 7, stalls: 1, probes: 24, probesFailed: 2 },
	next: [{ command: 'longbow-mesh info longbow-17', about: 'its addresses and tags' }],
};

it('says the sentence, the evidence oldest first, and what next', () => {
	const { terminal } = captured({ utc: true });
	expect(
		whyLines(SUSPECT, terminal).join('\n'),
	).toBe(`longbow-17 is suspect. It will be dead at 14:02:37.004 (in 3.1s) unless it refutes.
Likely its process or host. It restarted at 14:02:30.000.

  14:02:31.412  ● last ack       0.9ms
  14:02:31.804  · probe #48112   ping to 10.42.8.130:7946, no ack in 100ms
  14:02:32.004  ◐ suspected      by this node, incarnation 7
  14:02:33.904    now            no refutation heard
  14:02:37.004  ✕ dead           unless it refutes

this node meanwhile: a, local health 0 of 7, stalled 1 time, probes lost 2 of 24 since its start
next: longbow-mesh info longbow-17   its addresses and tags`);
});

it('leaves out what is older than asked for', () => {
	expect(newest(SUSPECT, { sinceMs: 2_000, all: true }).timeline.map(({ kind }) => kind)).toEqual([
		'suspect',
		'now',
		'expected',
	]);
});

it.each([
	['suspect,alive', 'longbow-17 was suspect from 14:02:10.000 to 14:02:11.000.'],
	['suspect,dead,alive', 'longbow-17 was suspect from 14:02:10.000, dead from 14:02:11.000 to 14:02:12.000.'],
	[
		'suspect,dead,forgotten',
		'longbow-17 was suspect from 14:02:10.000, dead from 14:02:11.000, and forgotten at 14:02:12.000.',
	],
	['left,alive', 'longbow-17 was gone from 14:02:10.000 to 14:02:11.000.'],
	['alive', 'longbow-17 came back at 14:02:10.000.'],
	['', 'longbow-17 was alive at 14:02:11.999.'],
] as const)('speaks of then: %s', (states, sentence) => {
	const turns =
		states === '' ? [] : states.split(',').map((state, i) => ({ state: state as 'alive', at: at(`${10 + i}.000`) }));
	const past: WhyDocument = { ...SUSPECT, state: 'alive', deadAt: null, asked: { at: at('11.999'), turns } };
	const lines = whyLines(past, captured({ utc: true }).terminal);
	expect(lines[0]).toBe(sentence);
	expect(lines.join('\n')).toContain('\nthis node now: a, ');
});

it('speaks of now when the trouble of then goes on', () => {
	const asked = { at: at('32.500'), turns: [{ state: 'suspect', at: at('32.004') }] } as const;
	const { terminal } = captured({ utc: true });
	expect(whyLines({ ...SUSPECT, asked }, terminal)).toEqual(whyLines(SUSPECT, terminal));
});

it('counts back from the time that was asked for', () => {
	const asked = { at: at('32.004'), turns: [] };
	expect(newest({ ...SUSPECT, asked }, { sinceMs: 300, all: true }).timeline[0]!.kind).toBe('probe');
});
