// The member table against a plain Map: whatever is inserted, changed and removed, both know the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteRange, utf8 } from './bytes.ts';
import { type Identity, IdentityPool } from './identity.ts';
import { State } from './member.ts';
import { MemberTable, NO_SLOT } from './member-table.ts';
import { xxHash32 } from './xxhash32.ts';

const pool = new IdentityPool(() => ({}));

function identity(name: string): Identity {
	return pool.identity({
		name: utf8(name),
		addr: Uint8Array.of(10, 0, 0, 1),
		port: 7946,
		meta: new Uint8Array(0),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
	});
}

function range(name: string): ByteRange {
	const bytes = utf8(`<${name}>`);
	const view = new ByteRange();
	view.set(bytes, 1, bytes.length - 1);
	return view;
}

/** Names of which many share their place in an index of up to 64 entries, so that runs of collisions form. */
const CROWDED = Array.from({ length: 4_000 }, (_, i) => `m${i}`)
	.filter((name) => (xxHash32(utf8(name)) & 63) >= 61 || (xxHash32(utf8(name)) & 63) <= 1)
	.slice(0, 40);

const step = fc.record({
	op: fc.constantFrom('insert' as const, 'insert' as const, 'remove' as const, 'state' as const),
	name: fc.oneof(
		fc.constantFrom(...CROWDED),
		fc.integer({ min: 0, max: 60 }).map((i) => `n${i}`),
	),
	state: fc.constantFrom(...Object.values(State)),
});

interface Known {
	readonly slot: number;
	state: State;
	changedAt: number;
}

function expectSame(table: MemberTable, model: ReadonlyMap<string, Known>, names: Iterable<string>): void {
	expect(table.size).toBe(model.size);
	for (const state of Object.values(State)) {
		expect(table.count(state)).toBe([...model.values()].filter((known) => known.state === state).length);
	}
	expect(table.live).toBe(table.count(State.alive) + table.count(State.suspect));
	for (const name of names) {
		const known = model.get(name);
		expect(table.findName(utf8(name))).toBe(known?.slot ?? NO_SLOT);
		expect(table.find(range(name))).toBe(known?.slot ?? NO_SLOT);
		if (!known) continue;
		expect(table.isKnown(known.slot)).toBe(true);
		expect(table.isLive(known.slot)).toBe(known.state <= State.suspect);
		expect(table.state(known.slot)).toBe(known.state);
		expect(table.changedAt[known.slot]).toBe(known.changedAt);
		expect(table.identity(known.slot).name).toBe(name);
	}
	const order = table.inHashOrder();
	expect([...order].sort((a, b) => a - b)).toEqual([...model.values()].map(({ slot }) => slot).sort((a, b) => a - b));
	for (let i = 1; i < order.length; i++) {
		expect(table.identity(order[i]!).nameHash).toBeGreaterThanOrEqual(table.identity(order[i - 1]!).nameHash);
	}
}

describe('MemberTable', () => {
	it('knows what a Map knows, through collisions, removals, reused slots and growth', () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
				const table = new MemberTable();
				const model = new Map<string, Known>();
				for (const [now, { op, name, state }] of steps.entries()) {
					const known = model.get(name);
					if (op === 'insert' && !known) {
						model.set(name, { slot: table.insert(identity(name), now, state, now), state, changedAt: now });
					} else if (op === 'remove' && known) {
						table.remove(known.slot);
						model.delete(name);
					} else if (op === 'state' && known) {
						table.setState(known.slot, state, now);
						known.state = state;
						known.changedAt = now;
					}
				}
				expectSame(table, model, new Set([...steps.map(({ name }) => name), 'never heard of', '']));
			}),
			{ numRuns: 300 },
		);
	});

	it('grows past its first capacity and keeps every column', () => {
		const table = new MemberTable();
		for (let i = 0; i < 1_000; i++) {
			const slot = table.insert(identity(`n${i}`), 2 ** 32 - 1 - i, State.alive, i / 2);
			table.seenAt[slot] = i;
		}
		for (let i = 0; i < 1_000; i++) {
			const slot = table.findName(utf8(`n${i}`));
			expect(slot).toBe(i);
			expect([table.incarnation[slot], table.changedAt[slot], table.seenAt[slot]]).toEqual([2 ** 32 - 1 - i, i / 2, i]);
		}
		expect(table.slots).toBe(1_000);
	});

	it('gives the slot of the forgotten to the next, who inherits nothing', () => {
		const table = new MemberTable();
		const first = table.insert(identity('first'), 5, State.suspect, 1);
		table.insert(identity('second'), 5, State.alive, 1);
		table.seenAt[first] = 9;
		table.remove(first);
		expect(table.isKnown(first)).toBe(false);
		expect(table.slots).toBe(2);
		const third = table.insert(identity('third'), 7, State.alive, 2);
		expect(third).toBe(first);
		expect(table.slots).toBe(2);
		expect(table.snapshot(third)).toMatchObject({
			name: 'third',
			state: 'alive',
			incarnation: 7,
			changedAt: 2,
			seenAt: 0,
		});
		expect(table.findName(utf8('first'))).toBe(NO_SLOT);
	});

	it('walks in hash order again after each arrival and departure', () => {
		const table = new MemberTable();
		for (const name of ['a', 'b', 'c', 'd']) table.insert(identity(name), 1, State.alive, 0);
		const order = table.inHashOrder();
		expect(table.inHashOrder()).toBe(order);
		table.remove(order[1]!);
		expect(table.inHashOrder()).toEqual(order.filter((_, i) => i !== 1));
		table.insert(identity('e'), 1, State.alive, 0);
		expect(table.inHashOrder()).toHaveLength(4);
	});

	it('takes a picture that later changes do not touch', () => {
		const table = new MemberTable();
		const slot = table.insert(identity('a'), 3, State.alive, 10);
		const before = table.snapshot(slot);
		table.setState(slot, State.dead, 20);
		expect(before).toEqual({
			name: 'a',
			address: { host: '10.0.0.1', port: 7946 },
			state: 'alive',
			incarnation: 3,
			tags: {},
			protocol: [1, 5, 2, 0, 0, 0],
			own: false,
			changedAt: 10,
			seenAt: 0,
		});
		expect(table.snapshot(slot)).toMatchObject({ state: 'dead', changedAt: 20 });
	});
});
