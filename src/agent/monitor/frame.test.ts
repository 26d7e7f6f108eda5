// Frames and keys of the monitor, without a terminal: what fits, what stands still, and what a key changes.

import { describe, expect, it } from 'vitest';
import { AT, liveMember, liveSnapshot, stateEvent, suspect } from '../../../test/support/live-snapshot.ts';
import type { LiveSnapshot } from '../../status/index.ts';
import { frame } from './frame.ts';
import { probeLine } from './members.ts';
import { chosen, firstState, heard, type MonitorState, press } from './state.ts';
import { wrapped } from './text.ts';
import { nextVerdict, verdict } from './verdict.ts';

const NOW = 1_000_000;
const clock = { time: (ms: number) => new Date(ms).toISOString().slice(11, 23) };

const names = (count: number): string[] =>
	Array.from({ length: count }, (_, i) => `longbow-${String(i).padStart(2, '0')}`);
const mesh = (count = 24): LiveSnapshot =>
	liveSnapshot(
		names(count).map((name) =>
			name === 'longbow-17' ? suspect(name) : name === 'longbow-09' ? liveMember(name, 'dead') : liveMember(name),
		),
		{
			events: [
				stateEvent(1, 'longbow-09', 'suspect', 'dead', 'not refuted'),
				stateEvent(2, 'longbow-17', 'alive', 'suspect', 'no ack'),
			],
		},
	);

function text(state: MonitorState, columns = 80, rows = 24, now = NOW): string[] {
	return frame(state, { columns, rows }, now, clock).map((pieces) => pieces.map(({ text: each }) => each).join(''));
}

function having(keys: readonly string[], state = firstState(mesh(), NOW)): MonitorState {
	return keys.reduce((before, key) => press(before, key, NOW).state, state);
}

describe('a frame', () => {
	const large = liveSnapshot(names(3_000).map((name, i) => (i % 100 === 7 ? suspect(name) : liveMember(name))));
	const states: [string, MonitorState][] = [
		['members', firstState(mesh(), NOW)],
		['one member', firstState(liveSnapshot([liveMember('a')]), NOW)],
		['3,000 members', firstState(large, NOW)],
		['long names', firstState(liveSnapshot([liveMember('x'.repeat(200)), suspect('y'.repeat(90))]), NOW)],
		['lost', { ...firstState(mesh(), NOW - 38_000), lost: true }],
		['finding', having(['/', 'x', 'y'])],
		['ring', having(['r'])],
		['events', having(['e'])],
		['keys', having(['?'])],
		['why', { ...having(['return']), answer: { about: 'a', lines: ['word '.repeat(90), '  indented'] } }],
	];

	it.each(states)('of %s fits into every terminal', (_name, state) => {
		for (const columns of [1, 2, 10, 40, 59, 60, 79, 80, 100, 240]) {
			for (const rows of [1, 2, 3, 5, 10, 24, 60]) {
				const lines = text(state, columns, rows);
				expect(lines.length).toBeLessThanOrEqual(rows);
				for (const each of lines) expect([...each].length).toBeLessThanOrEqual(columns);
			}
		}
	});

	it('lists the worst first, the chosen one with a mark, and says how many there are more', () => {
		const lines = text(firstState(mesh(), NOW));
		expect(lines[1]).toBe(' 1 suspect, 1 dead. The other 22 agree.     longbow-17 is declared dead in 3.1s');
		expect(lines[4]).toMatch(/^ > longbow-17 {2}◐ suspect .* {2}3s +█+░+ {2}3\.1s *$/);
		expect(lines[5]).toMatch(/^ {3}longbow-09 {2}✕ dead {5}/);
		expect(lines[6]).toMatch(/^ {3}longbow-00 {2}● alive .* 0\.8ms {3}4\.17% {2}0s/);
		expect(lines.some((each) => /^ {3}… {2}\d+ more$/.test(each))).toBe(true);
	});

	it('counts down by the clock of the node, and stands still when the agent is lost', () => {
		const state = firstState(mesh(), NOW);
		expect(text(state, 80, 24, NOW + 1_000)[1]).toContain('dead in 2.1s');
		const lost = { ...state, lost: true };
		const [first, second] = text(lost, 80, 24, NOW + 38_400);
		expect(first).toBe(' No news from longbow-00 for 38s. What you see is from 14:02:34.');
		expect(second).toBe(' 1 suspect, 1 dead. The other 22 agree.');
		expect(text(lost, 80, 24, NOW + 38_400)[4]).toContain('3.1s');
		const found = heard(lost, { beat: { at: AT + 40_000, seq: 100 } }, NOW + 40_000);
		expect(text(found, 80, 24, NOW + 40_000)[0]).toMatch(/Live 14:03:14 $/);
	});

	it('is dim all over while nothing is new', () => {
		const [, ...rest] = frame({ ...firstState(mesh(), NOW), lost: true }, { columns: 80, rows: 24 }, NOW, clock);
		expect(new Set(rest.flatMap((pieces) => pieces.map(({ paint }) => paint)))).toEqual(new Set(['dim']));
	});

	it('below 60 columns is name, state and the last event', () => {
		const lines = text(firstState(mesh(), NOW), 40, 10);
		expect(lines).toHaveLength(10);
		expect(lines[2]?.trimEnd()).toBe(' > longbow-17  ◐ suspect');
		expect(lines[8]).toMatch(/^ 14:01:36\.008 {2}● → ◐ {2}longbow-17/);
	});

	it('above 500 members is the ones not alive, then a field', () => {
		const lines = text(firstState(large, NOW), 100, 30);
		expect(lines[3]).toContain('◐ suspect');
		expect(lines.join('\n')).toMatch(/3,000 members by zone and name, 2 members a mark, the worst shows/);
		const field = lines.filter((each) => /^ [·?x-]{20,}$/.test(each));
		expect(field.join('').replaceAll(' ', '').length).toBe(1_500);
		expect(field.join('').replace(/[^?]/g, '')).toHaveLength(30);
		const wide = text(firstState(large, NOW), 240, 60).filter((each) => /^ [·?x-]{20,}$/.test(each));
		expect(wide.join('').replaceAll(' ', '').length).toBe(3_000);
	});

	it('held stands still, and counts what comes', () => {
		const held = having([' ']);
		const next = heard(
			held,
			{ delta: { at: AT + 12_000, seq: 103, events: [stateEvent(103, 'x', 'alive', 'suspect', 'y')] } },
			NOW + 12_000,
		);
		const lines = text(next, 80, 24, NOW + 12_000);
		expect(lines[0]).toMatch(/Paused 12s, 1 new event $/);
		expect(lines[1]).toContain('dead in 3.1s');
		expect(text(having([' '], next), 80, 24, NOW + 12_000)[0]).toMatch(/Live 14:02:46 $/);
	});
});

describe('keys', () => {
	it('choose another member, and scroll with it', () => {
		expect(chosen(having([]))?.ID).toBe('longbow-17');
		expect(chosen(having(['down', 'j']))?.ID).toBe('longbow-00');
		expect(chosen(having(['down', 'up', 'k']))?.ID).toBe('longbow-17');
		const last = having(Array(40).fill('down'));
		expect(chosen(last)?.ID).toBe('longbow-23');
		expect(text(last).some((each) => each.startsWith(' > longbow-23'))).toBe(true);
	});

	it('find by a part of the name', () => {
		const typing = having(['/', '0', '9', 'q']);
		expect([typing.isTyping, typing.find]).toEqual([true, '09q']);
		const found = having(['backspace', 'return'], typing);
		expect(text(found)[4]).toMatch(/^ > longbow-09/);
		expect(text(having(['/', 'l', 'n', 'g', 'return'])).join('\n')).toContain('No member matches "lng". Esc clears.');
		expect(having(['escape'], found).find).toBe('');
	});

	it('ask why the chosen member is what it is, and the doctor', () => {
		expect(press(having(['down']), 'return', NOW)).toMatchObject({
			effect: { type: 'why', member: 'longbow-09' },
			state: { panel: 'why', answer: { about: 'longbow-09', lines: undefined } },
		});
		expect(press(having([]), 'd', NOW)).toMatchObject({ effect: { type: 'doctor' }, state: { panel: 'doctor' } });
		expect(having(['r', 'm']).panel).toBe('members');
	});

	it.each(['q', 'ctrl-c'])('%s ends', (key) => {
		expect(press(having([]), key, NOW).effect).toEqual({ type: 'quit' });
	});

	it('that mean nothing change nothing', () => {
		const state = having([]);
		for (const key of ['x', 'f1', 'left', 'tab']) expect(press(state, key, NOW)).toEqual({ state });
	});
});

describe('the verdict', () => {
	const said = (snapshot: LiveSnapshot): string => verdict(snapshot, clock.time);
	const alive = names(3).map((name) => liveMember(name));

	it('is the first sentence that fits', () => {
		const split = { here: 14, elsewhere: 10, since: AT, zone: null };
		const { mesh: calm } = liveSnapshot(alive);
		expect(said(liveSnapshot(alive, { mesh: { ...calm, split } }))).toBe(
			'The cluster is split: 14 here, 10 elsewhere.',
		);
		expect(said(liveSnapshot([liveMember('a')]))).toBe('This node is alone. Discovery found 24 addresses.');
		expect(said(mesh())).toBe('1 suspect, 1 dead. The other 22 agree.');
		expect(said(liveSnapshot(alive, { views: { of: 3, agree: 2, differing: [] } }))).toBe(
			'All 3 members are alive, but 1 view differs.',
		);
		const { health } = liveSnapshot(alive);
		expect(said(liveSnapshot(alive, { health: { ...health, score: 3, word: 'Poor' } }))).toBe(
			'This node is slow; do not trust its suspicions.',
		);
		expect(said(liveSnapshot(alive))).toBe('All 3 members are alive. Nothing has changed since 13:52:34.');
	});

	it('names the zone that is behind most of it in a large mesh', () => {
		const members = names(120).map((name, i) =>
			i < 6 ? suspect(name, { zone: i < 5 ? 'eu-1c' : 'eu-1a' }) : liveMember(name),
		);
		expect(said(liveSnapshot(members))).toBe('6 suspect. 5 of the 6 are in eu-1c.');
	});

	it('tells what happens next', () => {
		const two = liveSnapshot([suspect('b', { deadAt: AT + 9_000 }), suspect('a'), liveMember('c')]);
		expect(nextVerdict(two, AT)).toBe('a is declared dead in 3.1s, 1 more to follow');
		expect(nextVerdict(liveSnapshot(alive), AT)).toBe('');
	});
});

describe('the line of probes', () => {
	it('is higher for slower ones, full for unanswered ones, and shows the newest', () => {
		expect(probeLine('')).toBe(' '.repeat(14));
		expect(probeLine('!#$')).toBe(`█▅▅${' '.repeat(11)}`);
		expect(probeLine(`${'!'.repeat(30)}#`)).toBe(`${'█'.repeat(13)}▅`);
	});
});

describe('wrapped', () => {
	it('breaks between words, indents, and loses nothing', () => {
		expect(wrapped('  one two three', 9)).toEqual(['  one two', '    three']);
		expect(wrapped('x'.repeat(25), 10).join('').replaceAll(' ', '')).toBe('x'.repeat(25));
	});
});
