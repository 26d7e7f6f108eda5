// When most members are hearsay, those who have answered are not crowded out; otherwise nobody is preferred.

import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { Crowd } from './crowd.ts';
import { IdentityPool } from './identity.ts';
import { State } from './member.ts';
import { MemberTable, type Slot } from './member-table.ts';

const pool = new IdentityPool(() => ({}));

function crowdOf(members: number): { crowd: Crowd; table: MemberTable; answers(slot: Slot): void } {
	const table = new MemberTable();
	for (let i = 0; i < members; i++) {
		const fields = {
			name: utf8(`m${i}`),
			addr: Uint8Array.of(10, 0, i >> 8, i & 255),
			port: 1,
			meta: new Uint8Array(0),
			vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
		};
		table.insert(pool.identity(fields), 1, State.alive, 1);
	}
	const crowd = new Crowd(table);
	return {
		crowd,
		table,
		answers(slot) {
			crowd.answered(slot);
			table.seenAt[slot] = 5;
		},
	};
}

describe('a crowd', () => {
	it('is none while members answer, however few have been asked', () => {
		const { crowd, answers } = crowdOf(1_000);
		for (let slot = 0; slot < 10; slot++) {
			answers(slot);
			expect(crowd.isThick).toBe(false);
			expect(crowd.next()).toBeUndefined();
		}
		expect(crowd.trusts(999)).toBe(true);
	});

	it('gives every second turn to those who have answered, one after the other', () => {
		const { crowd, answers } = crowdOf(100);
		for (const slot of [1, 2, 3]) answers(slot);
		for (let slot = 50; slot < 60; slot++) crowd.failed(slot);
		expect(crowd.isThick).toBe(true);
		const turns = Array.from({ length: 8 }, () => crowd.next());
		expect(turns).toEqual([1, undefined, 2, undefined, 3, undefined, 1, undefined]);
		expect([1, 50].map((slot) => crowd.trusts(slot))).toEqual([true, false]);
	});

	it('passes over those who are dead or forgotten, and counts a slot that was given to another as hearsay', () => {
		const { crowd, table, answers } = crowdOf(100);
		for (const slot of [1, 2, 3]) answers(slot);
		for (let slot = 50; slot < 60; slot++) crowd.failed(slot);
		table.setState(1, State.dead, 9);
		table.remove(2);
		expect([crowd.next(), crowd.next(), crowd.next()]).toEqual([3, undefined, 3]);
		table.seenAt[3] = 0;
		expect([crowd.next(), crowd.next(), crowd.next()]).toEqual([undefined, undefined, undefined]);
	});

	it('is over when newcomers answer again, or when hearsay is the lesser part', () => {
		const { crowd, answers } = crowdOf(40);
		for (let slot = 30; slot < 34; slot++) crowd.failed(slot);
		expect(crowd.isThick).toBe(true);
		answers(1);
		expect(crowd.isThick).toBe(false);
		for (let slot = 30; slot < 40; slot++) crowd.failed(slot);
		expect(crowd.isThick).toBe(true);
		for (let slot = 2; slot < 12; slot++) answers(slot);
		expect(crowd.isThick).toBe(false);
	});
});
