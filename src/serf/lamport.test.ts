// Lamport clocks and the memory of recent messages.

import { describe, expect, it } from 'vitest';
import { LamportClock, MAX_LAMPORT_TIME } from './lamport.ts';
import { RecentMessages } from './recent.ts';

describe('LamportClock', () => {
	it('starts at 1 and moves past what it witnesses', () => {
		const clock = new LamportClock();
		expect(clock.time).toBe(1);
		clock.witness(5);
		expect(clock.time).toBe(6);
		clock.witness(3);
		expect(clock.time).toBe(6);
		expect(clock.take()).toBe(6);
		expect(clock.time).toBe(7);
	});

	it('counts exactly up to its limit and stays there', () => {
		const clock = new LamportClock();
		for (const nonsense of [2 ** 53, 2 ** 63, Number.POSITIVE_INFINITY, Number.NaN, -1]) clock.witness(nonsense);
		expect(clock.time).toBe(1);
		clock.witness(MAX_LAMPORT_TIME);
		expect(clock.take()).toBe(Number.MAX_SAFE_INTEGER);
		expect(clock.take()).toBe(Number.MAX_SAFE_INTEGER);
	});
});

describe('RecentMessages', () => {
	it('takes each message once', () => {
		const recent = new RecentMessages();
		expect(recent.note(7, 1, 7)).toBe(true);
		expect(recent.note(7, 2, 7)).toBe(true);
		expect(recent.note(8, 1, 8)).toBe(true);
		expect(recent.note(7, 1, 9)).toBe(false);
		expect(recent.note(7, 2, 9)).toBe(false);
	});

	it('takes nothing that is too old to be remembered', () => {
		const recent = new RecentMessages();
		expect(recent.note(1_000, 1, 1_001)).toBe(true);
		expect(recent.note(489, 2, 1_001)).toBe(true);
		expect(recent.note(488, 2, 1_001)).toBe(false);
		// The same slot, taken by a later time.
		expect(recent.note(1_001, 3, 1_002)).toBe(true);
		expect(recent.note(489, 4, 1_001)).toBe(false);
	});

	it('remembers a bounded number of messages of one time', () => {
		const recent = new RecentMessages();
		let taken = 0;
		for (let hash = 0; hash < 1_000; hash++) if (recent.note(1, hash, 1)) taken++;
		expect(taken).toBe(128);
	});
});
