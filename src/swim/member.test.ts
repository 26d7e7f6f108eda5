// The rule by which news about a member is ordered, in the sentences of SWIM §4.2 and in full.
import { describe, expect, it } from 'vitest';
import { type MemberState, STATE_CHANGES, STATE_NAMES, State, supersedes } from './member.ts';

const STATES = Object.values(State);

/** From and to, with the incarnations at which the later news wins over the earlier: i > j, i = j or i < j. */
function wins(next: State, known: State): { higher: boolean; equal: boolean; lower: boolean } {
	return {
		higher: supersedes(6, next, 5, known),
		equal: supersedes(5, next, 5, known),
		lower: supersedes(4, next, 5, known),
	};
}

describe('SWIM §4.2', () => {
	it('"{Alive, inc = i} overrides {Suspect, inc = j}, i > j; {Alive, inc = j}, i > j"', () => {
		for (const known of [State.suspect, State.alive])
			expect(wins(State.alive, known)).toEqual({ higher: true, equal: false, lower: false });
	});

	it('"{Suspect, inc = i} overrides {Suspect, inc = j}, i > j; {Alive, inc = j}, i >= j"', () => {
		expect(wins(State.suspect, State.suspect)).toEqual({ higher: true, equal: false, lower: false });
		expect(wins(State.suspect, State.alive)).toEqual({ higher: true, equal: true, lower: false });
	});

	it('a confirmed death overrides alive and suspect of its incarnation; X4: a later life overrides it', () => {
		for (const known of [State.alive, State.suspect])
			expect(wins(State.dead, known)).toEqual({ higher: true, equal: true, lower: false });
		for (const next of [State.alive, State.suspect])
			expect(wins(next, State.dead)).toEqual({ higher: true, equal: false, lower: false });
	});

	it('X4: a goodbye is the last word of its incarnation', () => {
		for (const known of [State.alive, State.suspect, State.dead])
			expect(wins(State.left, known)).toEqual({ higher: true, equal: true, lower: false });
		for (const next of STATES) expect(wins(next, State.left)).toEqual({ higher: true, equal: false, lower: false });
	});
});

describe('the order of news', () => {
	const news = [4, 5, 6].flatMap((incarnation) => STATES.map((state) => ({ incarnation, state })));

	it.each(
		STATES.flatMap((next) => STATES.map((known) => [STATE_NAMES[next]!, STATE_NAMES[known]!, next, known] as const)),
	)('%s after %s: by incarnation, then by state', (_next, _known, next, known) => {
		expect(wins(next, known)).toEqual({ higher: true, equal: next > known, lower: false });
	});

	it('is total: of two different pieces of news exactly one wins, of equal ones none', () => {
		for (const a of news)
			for (const b of news) {
				const forth = supersedes(a.incarnation, a.state, b.incarnation, b.state);
				const back = supersedes(b.incarnation, b.state, a.incarnation, a.state);
				expect(forth !== back).toBe(a !== b);
			}
	});
});

describe('STATE_CHANGES', () => {
	it('names each step that some news can make, once, and no other', () => {
		const possible = new Set<string>();
		for (const from of STATES)
			for (const to of STATES)
				if (from !== to && (supersedes(5, to, 5, from) || supersedes(6, to, 5, from)))
					possible.add(`${STATE_NAMES[from]}>${STATE_NAMES[to]}`);
		const listed = STATE_CHANGES.map(([from, to]: readonly [MemberState, MemberState, string]) => `${from}>${to}`);
		expect([...listed].sort()).toEqual([...possible].sort());
		expect(new Set(listed).size).toBe(listed.length);
		for (const [, , why] of STATE_CHANGES) expect(why).not.toBe('');
	});
});
