// Frames of the monitor, drawn of fixed snapshots at fixed sizes.

import { describe, it } from 'vitest';
import { frame, type Size } from '../../../src/agent/monitor/frame.ts';
import { firstState, type MonitorState, press } from '../../../src/agent/monitor/state.ts';
import type { LiveMember } from '../../../src/status/index.ts';
import { captured } from '../../support/captured-terminal.ts';
import { AT, liveMember, liveSnapshot, rtts, stateEvent, suspect } from '../../support/live-snapshot.ts';
import { expectGolden } from './golden.ts';

const NOW = 1_000_000;

const names = (count: number): string[] =>
	Array.from({ length: count }, (_, i) => `longbow-${String(i).padStart(2, '0')}`);

function member(name: string, i: number): LiveMember {
	if (i === 17) return suspect(name, { probes: `${rtts([1.2, 1.4, 1.1, 0.7, 2.8, 1.3])}!!!` });
	if (i === 9) return liveMember(name, 'dead', { seenAt: AT - 41_000, probes: rtts([1.2, 1.4, 1.1, 2.2]) });
	const ms = (at: number): number => 0.4 + ((i * 7 + at * 13) % 11) / 5;
	return liveMember(name, 'alive', {
		rttMs: ms(13),
		share: 0.04 + (i % 5) / 500,
		probes: rtts(Array.from({ length: 20 }, (_, at) => ms(at))),
	});
}

const events = [
	stateEvent(1, 'longbow-09', 'alive', 'suspect', 'heard by gossip, accused by longbow-20'),
	stateEvent(7, 'longbow-09', 'suspect', 'dead', 'not refuted in 5.0s, confirmed by 4'),
	stateEvent(58, 'longbow-17', 'alive', 'suspect', 'no ack in 100ms; 2 of 3 helpers could not reach it either'),
];
const usual = firstState(liveSnapshot(names(24).map(member), { events }), NOW);
const large = firstState(
	liveSnapshot(
		names(3_000).map((name, i) => (i % 500 === 9 ? liveMember(name, 'dead') : member(name, i % 500 === 17 ? 17 : 1))),
		{ events },
	),
	NOW,
);

function having(state: MonitorState, ...keys: string[]): MonitorState {
	return keys.reduce((before, key) => press(before, key, NOW).state, state);
}

const frames: readonly (readonly [name: string, state: MonitorState, size: Size, now?: number])[] = [
	['members', usual, { columns: 80, rows: 24 }],
	['members-wide', usual, { columns: 120, rows: 40 }],
	['members-chosen', having(usual, ...Array(20).fill('down')), { columns: 80, rows: 24 }],
	['narrow', usual, { columns: 40, rows: 10 }],
	['field', large, { columns: 100, rows: 30 }],
	['lost', { ...usual, lost: true }, { columns: 80, rows: 24 }, NOW + 38_000],
	['paused', having(usual, ' '), { columns: 80, rows: 24 }, NOW + 12_000],
	['finding', having(usual, '/', '1', '7'), { columns: 80, rows: 24 }],
	['ring', having(usual, 'r'), { columns: 80, rows: 24 }],
	['events', having(usual, 'e'), { columns: 80, rows: 24 }],
	['keys', having(usual, '?'), { columns: 80, rows: 24 }],
];

function drawn([, state, size, now = NOW]: (typeof frames)[number], color: 'always' | 'never'): string {
	const { terminal } = captured({ color, utc: true, env: { LANG: 'C.UTF-8' } });
	return frame(state, size, now, terminal)
		.map((pieces) =>
			pieces
				.map(({ text, paint }) => terminal.paint(text, paint))
				.join('')
				.trimEnd(),
		)
		.join('\n')
		.replaceAll('\x1b', '\\e');
}

describe('monitor', () => {
	for (const given of frames) {
		it(`draws ${given[0]}`, () => expectGolden(`monitor-${given[0]}`, drawn(given, 'never')));
	}

	for (const given of frames.filter(([name]) => ['members', 'lost'].includes(name))) {
		it(`draws ${given[0]} in colours`, () => expectGolden(`monitor-${given[0]}-colours`, drawn(given, 'always')));
	}
});
