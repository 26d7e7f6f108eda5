// Members to begin with: to take them over is the same as to insert each of them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { type Identity, IdentityPool } from './identity.ts';
import { KnownMembers } from './known-members.ts';
import { State } from './member.ts';
import { MemberTable, NO_SLOT } from './member-table.ts';
import { DigestSums } from './view-digest.ts';

const pool = new IdentityPool(() => ({}));
const NOW = 7;

function identity(name: string): Identity {
	return pool.identity({
		name: utf8(name),
		addr: Uint8Array.of(10, 0, 0, 1),
		port: 7946,
		meta: new Uint8Array(0),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
	});
}

/** A table that holds the node itself and then, inserted one by one, everybody else. */
function inserted(self: string, names: readonly string[]): MemberTable {
	const table = new MemberTable();
	table.insert(identity(self), 100, State.alive, NOW);
	for (const [i, name] of names.entries()) {
		if (name !== self) table.insert(identity(name), i + 1, State.alive, NOW);
	}
	return table;
}

function takenOver(self: string, names: readonly string[]): MemberTable {
	const known = new KnownMembers();
	for (const [i, name] of names.entries()) known.add(identity(name), i + 1);
	const table = new MemberTable();
	table.insert(identity(self), 100, State.alive, NOW);
	table.takeOver(known.table, NOW);
	return table;
}

function expectSame(table: MemberTable, expected: MemberTable, names: readonly string[]): void {
	expect(table.size).toBe(expected.size);
	expect(table.live).toBe(expected.live);
	expect([...table.inHashOrder()]).toEqual([...expected.inHashOrder()]);
	for (const name of names) {
		const slot = table.findName(utf8(name));
		expect(slot).toBe(expected.findName(utf8(name)));
		if (slot === NO_SLOT) continue;
		expect(table.snapshot(slot)).toEqual(expected.snapshot(slot));
		expect(table.payloadIncarnation[slot]).toBe(expected.payloadIncarnation[slot]);
	}
}

const names = fc.uniqueArray(
	fc.integer({ min: 0, max: 99 }).map((i) => `n${i}`),
	{ maxLength: 60 },
);
const name = fc.integer({ min: 0, max: 99 }).map((i) => `n${i}`);

describe('members to begin with', () => {
	it('are held as if each had been inserted, whether the node itself is among them or not', () => {
		fc.assert(
			fc.property(names, name, (all, self) => {
				expectSame(takenOver(self, all), inserted(self, all), [...all, self, 'nobody']);
			}),
		);
	});

	it('come and go afterwards as any others', () => {
		fc.assert(
			fc.property(names, name, fc.array(name, { maxLength: 30 }), (all, self, changes) => {
				const [table, expected] = [takenOver(self, all), inserted(self, all)];
				for (const changed of changes) {
					for (const each of [table, expected]) {
						const slot = each.findName(utf8(changed));
						if (slot === NO_SLOT) each.insert(identity(changed), 5, State.suspect, NOW);
						else each.remove(slot);
					}
				}
				expectSame(table, expected, [...all, ...changes, self]);
			}),
		);
	});

	it('leave the table untouched from which they were taken', () => {
		const known = new KnownMembers();
		for (const each of ['a', 'b', 'c']) known.add(identity(each), 1);
		const table = new MemberTable();
		table.insert(identity('b'), 9, State.alive, NOW);
		table.takeOver(known.table, NOW);
		table.setState(table.findName(utf8('a')), State.dead, NOW);
		table.remove(table.findName(utf8('c')));
		expect(known.table.snapshot(known.table.findName(utf8('a')))).toMatchObject({ state: 'alive', changedAt: 0 });
		expect(known.table.findName(utf8('c'))).not.toBe(NO_SLOT);
	});

	it('bring their sums along, with which a digest grows as by adding each', () => {
		const [known, sums] = [new KnownMembers(), new DigestSums()];
		const expected = new DigestSums();
		sums.add(identity('self'), 3);
		expected.add(identity('self'), 3);
		for (let i = 0; i < 300; i++) {
			known.add(identity(`m${i}`), i + 1);
			expected.add(identity(`m${i}`), i + 1);
		}
		const { version } = sums;
		sums.addAll(known.sums);
		expect(sums.digest).toEqual(expected.digest);
		expect(sums.sums).toEqual(expected.sums);
		expect(sums.version).not.toBe(version);
	});
});
