// The sentences of every kind of evidence, and durations.
import { describe, expect, it } from 'vitest';
import type { Why } from '../swim/index.ts';
import { durationText, explainWhy } from './index.ts';

function probeFailed(helpers: readonly string[], nacks: number, stream = false): Why {
	return { code: 'probe-failed', sentAt: 1_000, helpers, nacks, stream };
}

describe('explainWhy', () => {
	it.each<[Why, string]>([
		[{ code: 'started' }, 'this node started'],
		[{ code: 'heard' }, 'heard by gossip'],
		[{ code: 'heard', by: 'c' }, 'heard by gossip, accused by c'],
		[probeFailed(['b', 'c', 'd'], 2), 'no ack in 100ms; 2 of 3 helpers could not reach it either'],
		[probeFailed(['b', 'c', 'd'], 3), 'no ack in 100ms; none of 3 helpers could reach it either'],
		[probeFailed(['b', 'c', 'd'], 0, true), 'no ack in 100ms, no answer on TCP; all 3 helpers were silent too'],
		[probeFailed(['b'], 1), 'no ack in 100ms; b could not reach it either'],
		[probeFailed(['b'], 0), 'no ack in 100ms; helper b was silent too'],
		[probeFailed([], 0), 'no ack in 100ms; there was no helper to ask'],
		[
			{ code: 'not-refuted', suspectedAt: 1_000, confirmedBy: ['a', 'b', 'c', 'd', 'e'] },
			'not refuted in 5.0s, confirmed by 4',
		],
		[{ code: 'not-refuted', suspectedAt: 1_000, confirmedBy: ['a', 'b'] }, 'not refuted in 5.0s, confirmed by b'],
		[{ code: 'not-refuted', suspectedAt: 1_000, confirmedBy: ['a'] }, 'not refuted in 5.0s, confirmed by nobody'],
		[{ code: 'refuted' }, 'it refuted'],
		[{ code: 'returned' }, 'it came back'],
		[{ code: 'left' }, 'it said goodbye'],
		[{ code: 'removed' }, 'it was dead and is removed, by hand or by a goodbye that came late'],
		[{ code: 'forgotten' }, 'forgotten: it was gone for long enough, or its place was needed'],
	])('%j', (why, text) => {
		expect(explainWhy(why, { at: 6_000, ackTimeoutMs: 100 })).toBe(text);
	});

	it('says no duration that it was not told', () => {
		expect(explainWhy(probeFailed(['b', 'c'], 1))).toBe('no ack; 1 of 2 helpers could not reach it either');
		expect(explainWhy({ code: 'not-refuted', suspectedAt: 0, confirmedBy: ['a', 'b'] })).toBe(
			'not refuted in time, confirmed by b',
		);
	});
});

describe('durationText', () => {
	it.each([
		[-5, '0ms'],
		[0, '0ms'],
		[99.6, '100ms'],
		[999, '999ms'],
		[3_149, '3.1s'],
		[59_949, '59.9s'],
		[59_951, '1m'],
		[90_000, '1m30s'],
		[3_599_900, '1h'],
		[5_400_000, '1h30m'],
		[86_400_000 * 6 + 3_600_000 * 4 + 59_000, '6d4h'],
	])('%d ms is %s', (ms, text) => {
		expect(durationText(ms)).toBe(text);
	});
});
