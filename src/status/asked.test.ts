// `why` of a time before: which trouble it chooses, and what it knew by then.

import { describe, expect, it } from 'vitest';
import { type TestSource, testMember, testSource, WALL_OFFSET_MS } from '../../test/support/status-source.ts';
import type { Why } from '../swim/index.ts';
import { EVIDENCE_LIMITS } from './evidence.ts';
import { type WhyDocument, whyDocument } from './index.ts';

type Word = 'alive' | 'suspect' | 'dead' | 'left' | 'none';

/** Of b, as a sees it. */
class Record {
	readonly source: TestSource = testSource([testMember('a'), testMember('b'), testMember('c')]);
	#seq = 0;

	turn(at: number, from: Word, to: Word, why: Why = { code: 'heard', by: 'c' }): this {
		const member = testMember('b', { state: to === 'none' ? 'dead' : to, changedAt: at });
		this.source.emit({ type: 'state', seq: ++this.#seq, at, member, from, to, why });
		this.source.members = this.source.members.filter(({ name }) => name !== 'b');
		if (to !== 'none') this.source.members.push(member);
		return this;
	}

	lostProbe(sentAt: number): this {
		const helpers = [{ name: 'c', answer: 'nack' as const }];
		const [seq, seqNo] = [++this.#seq, this.#seq];
		const rest = { lastAckAt: 0, lastRttMs: undefined, stream: false, answer: 'none' as const };
		this.source.emit({ type: 'probe', seq, at: sentAt + 200, member: 'b', seqNo, sentAt, helpers, ...rest });
		return this;
	}

	why(at: number): WhyDocument | undefined {
		return whyDocument(this.source, 'b', WALL_OFFSET_MS + at);
	}

	/** States of the trouble that is told of, each with its instant. */
	turns(at: number): unknown[] {
		return this.why(at)!.asked!.turns.map((turn) => [turn.state, Date.parse(turn.at) - WALL_OFFSET_MS]);
	}
}

const FIRST = [
	['suspect', 20_000],
	['dead', 25_000],
	['alive', 30_000],
];
const SECOND = [
	['suspect', 60_000],
	['alive', 61_000],
];

function twice(): Record {
	return new Record()
		.lostProbe(19_500)
		.turn(20_000, 'alive', 'suspect')
		.turn(25_000, 'suspect', 'dead')
		.turn(30_000, 'dead', 'alive', { code: 'refuted' })
		.turn(60_000, 'alive', 'suspect')
		.turn(61_000, 'suspect', 'alive', { code: 'refuted' });
}

describe('the trouble of a time', () => {
	it('is that in which it was, from the probe that led to it, or the latest one before', () => {
		const record = twice();
		for (const at of [19_500, 20_000, 24_000, 29_999, 30_000, 59_000]) expect(record.turns(at)).toEqual(FIRST);
		for (const at of [60_000, 61_000, 99_000, 500_000]) expect(record.turns(at)).toEqual(SECOND);
		expect(record.turns(19_000)).toEqual([]);
	});

	it('is told as it was at its end: nothing of later, no countdown, and the observer of now', () => {
		const record = twice();
		const then = record.why(22_000)!;
		expect(then).toMatchObject({
			state: 'alive',
			deadAt: null,
			likely: { code: 'unreachable-for-a-while' },
			probe: { number: 1 },
			observer: { at: '2026-11-22T14:02:32.000Z' },
			asked: { at: '2026-11-22T14:01:14.000Z' },
		});
		expect(then.timeline.map(({ kind }) => kind)).toEqual(['probe', 'helpers', 'suspect', 'dead', 'alive']);
		expect(then.since).toBe(then.asked!.turns.at(-1)!.at);
	});

	it('is judged by what was recent then', () => {
		const record = new Record();
		for (const at of [200_000, 300_000, 400_000]) {
			record.turn(at, 'alive', 'suspect').turn(at + 1_000, 'suspect', 'alive', { code: 'refuted' });
		}
		record.source.clock = 4_000_000;
		expect(whyDocument(record.source, 'b')!.likely.code).toBe('stalled');
		expect(record.why(200_000)!.likely.code).toBe('stalled');
		expect(record.why(400_000)!.likely.code).toBe('flapping');
	});

	it('ends where it was forgotten', () => {
		const record = new Record()
			.turn(20_000, 'alive', 'suspect')
			.turn(25_000, 'suspect', 'dead', { code: 'not-refuted', suspectedAt: 20_000, confirmedBy: ['c'] })
			.turn(55_000, 'dead', 'none', { code: 'forgotten' });
		expect(record.turns(21_000)).toEqual([
			['suspect', 20_000],
			['dead', 25_000],
			['forgotten', 55_000],
		]);
		expect(record.why(21_000)).toMatchObject({ state: 'forgotten', likely: { code: 'forgotten' } });
	});

	it('is the present one while it goes on', () => {
		const record = twice().turn(90_000, 'alive', 'suspect');
		Object.assign(record.source, { deadAt: () => 105_000 });
		const { asked, ...document } = record.why(95_000)!;
		expect(asked!.turns).toHaveLength(1);
		expect(document).toEqual(whyDocument(record.source, 'b'));
		expect(document.timeline.slice(-2).map(({ kind }) => kind)).toEqual(['now', 'expected']);
	});
});

describe('a time without a trouble', () => {
	it('has nothing to explain, as far as the record goes', () => {
		expect(twice().why(10_000)).toMatchObject({
			state: 'alive',
			likely: {
				code: 'healthy',
				text: 'Nothing to explain: no trouble of it is on record by then, and the record begins at 2026-11-22T14:00:52.000Z.',
			},
			timeline: [],
			probe: null,
			next: [],
		});
	});

	it('has the probes that were lost by then', () => {
		const record = new Record().lostProbe(50_000).lostProbe(80_000);
		record.source.members = [testMember('a'), testMember('b', { changedAt: 1_000 })];
		expect(record.why(70_000)).toMatchObject({
			state: 'alive',
			likely: { code: 'packets-lost' },
			asked: { turns: [] },
		});
		expect(record.why(70_000)!.timeline.map(({ title }) => title)).toEqual(['probe #1', 'asked 1 helper']);
	});

	it('is refused when it was before the member came, or before what is kept', () => {
		const early = 'nothing of "b" is on record before';
		expect(() => new Record().why(80_000)).toThrow(new RangeError(`${early} 2026-11-22T14:02:22.000Z`));
		expect(() => new Record().turn(40_000, 'none', 'dead').why(39_000)).toThrow(`${early} 2026-11-22T14:01:32.000Z`);
		const full = new Record();
		for (let i = 0; i < EVIDENCE_LIMITS.member; i++)
			full.turn(1_000 * i, i % 2 ? 'suspect' : 'alive', i % 2 ? 'alive' : 'suspect');
		expect(full.turns(0)).toEqual([
			['suspect', 0],
			['alive', 1_000],
		]);
		full.turn(90_000, 'alive', 'suspect');
		expect(() => full.why(500)).toThrow(`${early} 2026-11-22T14:00:53.000Z`);
	});

	it('is refused before the node began', () => {
		const record = twice();
		const member = testMember('a');
		record.source.emit({
			type: 'state',
			seq: 0,
			at: 15_000,
			member,
			from: 'none',
			to: 'alive',
			why: { code: 'started' },
		});
		expect(() => record.why(14_000)).toThrow(RangeError);
		expect(record.why(15_000)!.likely.code).toBe('healthy');
	});

	it('of the node itself has its own trouble by then', () => {
		const { source } = new Record();
		source.members = [testMember('a', { changedAt: 0 })];
		source.emit({ type: 'health', seq: 1, at: 30_000, from: 0, to: 3 });
		source.emit({ type: 'health', seq: 2, at: 40_000, from: 3, to: 1 });
		const told = (at: number) => whyDocument(source, 'a', WALL_OFFSET_MS + at)!;
		expect([20_000, 35_000].map((at) => told(at).likely.code)).toEqual(['self', 'self-doubts']);
		expect(told(35_000)).toMatchObject({
			observer: { health: 0 },
			timeline: [{ title: 'local health', text: 'from 0 to 3' }],
		});
		expect(told(35_000).likely.text).toContain('3 of 7');
	});

	it('of nobody is that of nobody', () => {
		expect(whyDocument(new Record().source, 'nobody', WALL_OFFSET_MS)).toBeUndefined();
	});
});
