// When silence is told.

import { describe, expect, it } from 'vitest';
import type { Connection } from './live-stream.ts';
import { silenceOf } from './silence.ts';

const open: Connection = { phase: 'open', nextTryAt: 0, reason: undefined, lostAt: undefined, heardAt: 100_000 };
const lost: Connection = { ...open, phase: 'waiting', lostAt: 101_000, nextTryAt: 106_500 };

describe('silence', () => {
	it('of an open connection is told after 12 s, of a lost one after 4 s', () => {
		expect(silenceOf(open, 100_000, 111_999)).toBeUndefined();
		expect(silenceOf(open, 100_000, 112_000)).toEqual({ forMs: 12_000, nextTryMs: 0, reason: undefined });
		expect(silenceOf(lost, 100_000, 104_999)).toBeUndefined();
		expect(silenceOf(lost, 100_000, 105_000)).toEqual({ forMs: 5_000, nextTryMs: 1_500, reason: undefined });
	});

	it('is told at once where the node said why, and never while nobody looks', () => {
		const refused = { ...lost, reason: 'It has 16 viewers.' };
		expect(silenceOf(refused, 100_000, 101_000)?.reason).toBe('It has 16 viewers.');
		expect(silenceOf({ ...lost, phase: 'closed' }, 100_000, 900_000)).toBeUndefined();
	});
});
