// Allow lists under simulated time: who is not on them becomes no member, is asked nothing, and is counted with the reason.

import { describe, expect, it } from 'vitest';
import { Cluster, type HostOptions, type SimHost } from '../../src/sim/index.ts';
import type { Address, MeshEvent } from '../../src/swim/index.ts';

const OUTSIDE: Address = { host: '192.0.2.9', port: 7946 };

interface Scene {
	readonly cluster: Cluster;
	readonly members: readonly SimHost[];
	/** Of the members. */
	readonly events: MeshEvent[];
	/** Packets that members sent to the outsider. */
	readonly sentOutside: () => number;
}

/** Four members that know each other and let in whom `rules` allow. */
function scene(rules: Pick<HostOptions, 'allowCidrs' | 'allowNames'>): Scene {
	const cluster = new Cluster({ seed: 7 });
	const names = ['longbow-0', 'longbow-1', 'longbow-2', 'longbow-3'];
	const events: MeshEvent[] = [];
	let sentOutside = 0;
	cluster.observe({
		event: ({ name }, event) => {
			if (names.includes(name)) events.push(event);
		},
		packet: (_from, to) => {
			if (to.host === OUTSIDE.host) sentOutside++;
		},
	});
	const members = cluster.addAcquainted(names, rules);
	cluster.run(2_000);
	return { cluster, members, events, sentOutside: () => sentOutside };
}

const rejected = (hosts: readonly SimHost[], code: 'address-not-allowed' | 'name-not-allowed'): number =>
	hosts.reduce((sum, { machine }) => sum + (machine.counters.rejected[code] ?? 0), 0);

const accusations = (events: readonly MeshEvent[]): readonly MeshEvent[] =>
	events.filter((event) => event.type === 'state' && (event.to === 'suspect' || event.to === 'dead'));

const knows = (host: SimHost, name: string): boolean => host.machine.member(name) !== undefined;

describe('networks', () => {
	it.each([true, false])('refuse packets and streams from outside (streams: %s)', (streams) => {
		const { cluster, members, events, sentOutside } = scene({ allowCidrs: ['10.0.0.0/8'] });
		const stranger = cluster.add('stranger', { address: OUTSIDE, streams });
		cluster.discover(stranger, members);
		cluster.run(20_000);
		expect(members.filter((host) => knows(host, 'stranger'))).toEqual([]);
		expect(stranger.machine.members()).toHaveLength(1);
		expect(rejected(members, 'address-not-allowed')).toBeGreaterThan(10);
		expect(sentOutside()).toBe(0);
		expect(accusations(events)).toEqual([]);
	});

	it('refuse members outside of whom a member tells', () => {
		const { cluster, members, events, sentOutside } = scene({ allowCidrs: ['10.0.0.0/8'] });
		const lax = cluster.add('longbow-lax', { allowCidrs: [] });
		cluster.discover(lax, members);
		const outsider = cluster.add('outsider', { address: OUTSIDE });
		cluster.discover(outsider, [lax]);
		const met = cluster.runUntil(
			() => knows(lax, 'outsider') && members.every((host) => knows(host, lax.name)),
			10_000,
		);
		expect(met).toBeDefined();
		const before = sentOutside();
		cluster.run(20_000);
		expect(members.filter((host) => knows(host, 'outsider'))).toEqual([]);
		expect(sentOutside()).toBeGreaterThan(before); // by the lax one, which the others cannot forbid it
		expect(rejected(members, 'address-not-allowed')).toBeGreaterThan(0);
		expect(accusations(events)).toEqual([]);
	});

	it('refuse to contact addresses outside, whoever names them', () => {
		const { cluster, members, sentOutside } = scene({ allowCidrs: ['10.0.0.0/8'] });
		const [first] = members as [SimHost];
		const answers: unknown[] = [];
		cluster.observe({ settled: (_host, _id, result) => answers.push(result) });
		cluster.discover(first, [{ address: OUTSIDE }]);
		cluster.ask(first, { type: 'join', addresses: [OUTSIDE, first.address] });
		cluster.run(10_000);
		expect(answers).toEqual([
			{
				type: 'join',
				answers: [
					{ address: OUTSIDE, ok: false, reason: 'the allow list has it not' },
					{ address: first.address, ok: false, reason: 'this is our own address' },
				],
			},
		]);
		expect(sentOutside()).toBe(0);
	});

	it('let in whom they have, over IPv6 too', () => {
		const { cluster, members, events } = scene({ allowCidrs: ['10.0.0.0/8', '2001:db8::/32'] });
		const guest = cluster.add('guest', { address: { host: '2001:db8::9', port: 7946 } });
		cluster.discover(guest, members);
		const joined = cluster.runUntil(() => members.every((host) => knows(host, 'guest')), 10_000);
		expect(joined).toBeDefined();
		expect(rejected(members, 'address-not-allowed')).toBe(0);
		expect(accusations(events)).toEqual([]);
	});

	it('are refused with an own address outside', () => {
		const cluster = new Cluster({ seed: 1 });
		expect(() => cluster.add('a', { allowCidrs: ['192.168.0.0/16'] })).toThrow('10.0.0.1 is not in allowCidrs');
	});
});

describe('names', () => {
	it('refuse others, and let in those that fit', () => {
		const { cluster, members, events } = scene({ allowNames: ['longbow-?', 'db-*'] });
		for (const name of ['intruder', 'longbow-10', 'db-eu']) {
			cluster.discover(cluster.add(name), members);
		}
		cluster.run(20_000);
		const known = members.map((host) => host.machine.members().map(({ name }) => name));
		for (const names of known) {
			expect(names).toEqual(['db-eu', 'longbow-0', 'longbow-1', 'longbow-2', 'longbow-3']);
		}
		expect(rejected(members, 'name-not-allowed')).toBeGreaterThan(0);
		expect(accusations(events)).toEqual([]);
	});
});
