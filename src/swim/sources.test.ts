// Who is counted, who is muted, and who never is.

import { describe, expect, it } from 'vitest';
import { STRANGER, Stranger } from '../../test/support/stranger.ts';
import { World } from '../../test/support/world.ts';
import { utf8 } from './bytes.ts';
import { IdentityPool } from './identity.ts';
import { State } from './member.ts';
import { MemberTable } from './member-table.ts';
import { Sources } from './sources.ts';

function sources(most = 4, perSecond = 10): { sources: Sources; table: MemberTable; view: { version: number } } {
	const table = new MemberTable();
	const view = { version: 0 };
	return { table, view, sources: new Sources(table, () => view.version, most, perSecond) };
}

function addMember(table: MemberTable, port: number): void {
	const pool = new IdentityPool(() => ({}));
	const fields = {
		name: utf8(`member-${port}`),
		addr: Uint8Array.of(10, 0, 0, 1),
		port,
		meta: new Uint8Array(0),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
	};
	table.insert(pool.identity(fields), 1, State.alive, 0);
}

const from = (port: number, host = '10.0.0.1') => ({ host, port });

describe('sources of refused input', () => {
	it('leaves a host unread for a second after too much nonsense within one', () => {
		const { sources: all } = sources();
		for (let i = 0; i < 10; i++) all.count(from(1), true, 500);
		expect(all.mutes(from(1), 500)).toBe(false);
		all.count(from(2), true, 900);
		expect(all.mutes(from(3), 1_000)).toBe(true);
		expect(all.mutes(from(3), 1_900)).toBe(false);
		expect(all.worst(5)).toEqual([{ host: '10.0.0.1', refused: 12 }]);
	});

	it('never mutes who stays below the rate, nor for what can be read', () => {
		const { sources: all } = sources();
		for (let i = 0; i < 1_000; i++) {
			all.count(from(1), true, i * 100);
			all.count(from(1), false, i * 100);
			expect(all.mutes(from(1), i * 100)).toBe(false);
		}
	});

	it("never mutes a known member's address, one that became known meanwhile neither", () => {
		const { sources: all, table, view } = sources();
		addMember(table, 7946);
		for (let i = 0; i < 100; i++) all.count(from(7946), true, 0);
		expect(all.mutes(from(7946), 1)).toBe(false);
		expect(all.mutes(from(7947), 1)).toBe(true);
		addMember(table, 7947);
		view.version++;
		expect(all.mutes(from(7947), 2)).toBe(false);
	});

	it('forgets the host that was refused longest ago', () => {
		const { sources: all } = sources(4);
		for (const host of ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.1', '10.0.0.5'])
			all.count(from(1, host), true, 0);
		expect(all.size).toBe(4);
		expect(all.worst(9).map(({ host }) => host)).toEqual(['10.0.0.1', '10.0.0.3', '10.0.0.4', '10.0.0.5']);
	});
});

describe('a node under a flood', () => {
	it('counts all of it, tells of a part, and reads the member in whose name it comes', () => {
		const world = new World({ streams: false });
		const [node, member] = world.cluster(2);
		world.until(() => world.complete, 5_000);
		const stranger = new Stranger(world);
		const before = node!.events.length;
		for (let i = 0; i < 5_000; i++) {
			stranger.deliver(node!, Uint8Array.of(99));
			stranger.deliver(node!, Uint8Array.of(99), member!.address);
		}
		const { rejected } = node!.machine.counters;
		expect((rejected['unknown-type'] ?? 0) + (rejected.muted ?? 0)).toBe(10_000);
		expect(rejected['unknown-type']).toBe(5_000 + node!.machine.config.limits.nonsensePerSecond + 1);
		expect(node!.events.length - before).toBeLessThanOrEqual(100);
		expect(node!.machine.refusedSources(2)).toEqual([
			{ host: STRANGER.host, refused: 5_000 },
			{ host: member!.address.host, refused: 5_000 },
		]);
		world.run(10_000);
		expect(world.complete).toBe(true);
	});
});
