// What the original mesh got wrong in events, figures and ring, each defect by its number (the table is in original-defects.test.ts).
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/metrics/index.ts';
import { createRingFollower, type RingView } from '../../src/ring/index.ts';
import { memberObject } from '../../src/status/index.ts';
import type { MeshEvent } from '../../src/swim/index.ts';
import { type TestSource, testSource } from '../support/status-source.ts';
import { Stranger } from '../support/stranger.ts';
import { type Host, World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;
const KEYS = Array.from({ length: 2_000 }, (_, i) => `key-${i}`);

function complete(world: World, count: number): Host[] {
	const hosts = world.cluster(count);
	world.until(() => world.complete, 5_000, 'complete views');
	return hosts;
}

/** Crashes, returns, a partition, changed tags and a leave, on a network that loses one packet in ten. */
function eventful(seed: number): World {
	const world = new World({ ...UDP_ONLY, seed, tombstoneMs: 20_000 });
	const hosts = complete(world, 8);
	world.loss = 0.1;
	world.kill(hosts[1]!);
	world.run(10_000);
	world.discover(world.add('n1'), [hosts[0]!]);
	world.setTags(hosts[2]!, { w: '3' });
	world.passes = (from, to) => from < 'n4' === to < 'n4';
	world.run(45_000);
	world.passes = () => true;
	world.run(15_000);
	world.setTags(hosts[3]!, { w: '2' });
	world.leave(hosts[5]!);
	world.run(2_000);
	world.kill(hosts[5]!);
	world.loss = 0;
	world.run(35_000);
	return world;
}

/** The ring that a node's events make, and whether all keys had an owner after each of them. */
function ringOf(events: readonly MeshEvent[]): { ring: RingView; orphans: number } {
	const follower = createRingFollower();
	let orphans = 0;
	for (const event of events) {
		follower.follow(event);
		if (event.type !== 'state' && event.type !== 'update') continue;
		orphans += KEYS.filter((key) => follower.ring.owner(key) === undefined).length;
	}
	return { ring: follower.ring, orphans };
}

/** The view of a machine as metrics and status API read it. */
function sourceOf(world: World, host: Host): TestSource {
	const { machine } = host;
	const live = {
		self: { get: () => machine.self },
		members: { get: () => machine.members() },
		counters: { get: () => machine.counters },
		member: { value: (name: string) => machine.member(name) },
		now: { value: () => world.now },
		wallMs: { value: (instant: number) => Date.UTC(2026, 0, 1) + instant },
	};
	return Object.defineProperties(testSource(), live);
}

async function activeMembers(world: World, host: Host): Promise<number> {
	const page = await createMetrics(sourceOf(world, host)).page();
	return Number(/^gossip_active_members (\d+)$/m.exec(page)?.[1]);
}

describe.each([1, 2, 3])('events of an eventful life (seed %i)', (seed) => {
	const world = eventful(seed);
	const hosts = [...world.hosts.values()];

	it('defect 28: are numbered without gaps, and each step of a member begins where its last one ended', () => {
		for (const { events } of hosts) {
			expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
			const last = new Map<string, string>();
			for (const event of events) {
				if (event.type !== 'state') continue;
				expect(event.from).toBe(last.get(event.member.name) ?? 'none');
				last.set(event.member.name, event.to);
			}
		}
		expect(hosts.flatMap((host) => host.states('n1'))).toContain('dead>alive');
		expect(hosts.flatMap((host) => host.states('n4'))).toContain('dead>none');
	});

	it('defect 28: carry a picture of the member that nothing changes afterwards', () => {
		for (const { events } of hosts) {
			for (const event of events) {
				if (event.type === 'state' && event.to !== 'none') {
					expect(event.member).toMatchObject({ state: event.to, changedAt: event.at });
				}
			}
		}
	});

	it('defect 30: tell changed tags and addresses to everybody, and the rings follow', () => {
		for (const host of hosts.filter(({ name }) => name !== 'n3')) {
			const updates = host.events.flatMap((event) => (event.type === 'update' ? [event] : []));
			const weights = updates.filter(({ member }) => member.name === 'n3').map(({ member }) => member.tags.w);
			expect(weights.at(-1)).toBe('2');
			expect(
				ringOf(host.events)
					.ring.shares()
					.find(({ member }) => member === 'n3')?.weight,
			).toBe(2);
			const moved = updates.filter(({ member }) => member.name === 'n1').map(({ member }) => member.address);
			if (host.name === 'n0') expect(moved).toContainEqual(world.hosts.get('n1')!.address);
		}
	});

	it('defect 32: leave every key with an owner after each event, and all nodes with one ring', () => {
		const rings = hosts.map((host) => ringOf(host.events));
		expect(rings.map(({ orphans }) => orphans)).toEqual(hosts.map(() => 0));
		expect(new Set(rings.map(({ ring }) => ring.fingerprint)).size).toBe(1);
		const members = new Set(hosts.map(({ name }) => name));
		for (const key of KEYS) {
			const owners = rings[0]!.ring.owners(key, 20);
			expect(new Set(owners)).toEqual(members);
		}
	});
});

describe('figures', () => {
	it('defect 31: gossip_active_members is right after every kind of change', async () => {
		const world = new World(UDP_ONLY);
		const a = world.add('a');
		const stranger = new Stranger(world);
		expect(await activeMembers(world, a)).toBe(1);
		const others = ['b', 'c', 'd'].map((name) => world.add(name));
		for (const host of others) world.discover(host, [a]);
		world.until(() => world.complete, 3_000);
		expect(await activeMembers(world, a)).toBe(4);
		const { incarnation } = others[1]!.machine.self;
		stranger.suspect(a, 'c', incarnation, 'b');
		expect([a.machine.member('c')!.state, await activeMembers(world, a)]).toEqual(['suspect', 4]);
		stranger.dead(a, 'c', incarnation, 'b');
		expect(await activeMembers(world, a)).toBe(3);
		world.until(() => world.complete, 3_000, 'refuted');
		expect(await activeMembers(world, a)).toBe(4);
		world.leave(others[0]!);
		world.until(() => a.view.includes('b:left'), 1_000);
		expect(await activeMembers(world, a)).toBe(3);
		world.kill(others[2]!);
		world.until(() => a.view.includes('d:dead'), 35_000);
		expect(await activeMembers(world, a)).toBe(2);
	});

	it('defect 31: a member that answers has been seen lately, and one that never did has not been seen in year 1', () => {
		const world = new World(UDP_ONLY);
		const [a, b] = complete(world, 2) as [Host, Host];
		for (let i = 0; i < 20; i++) {
			world.run(500);
			expect(world.now - a.machine.member('n1')!.seenAt).toBeLessThanOrEqual(202);
			expect(world.now - b.machine.member('n0')!.seenAt).toBeLessThanOrEqual(202);
		}
		new Stranger(world).alive(a, { name: 'silent', incarnation: 7 });
		const source = sourceOf(world, a);
		const shown = (name: string): unknown => memberObject(source, a.machine.member(name)!).LastSeen;
		expect(shown('n1')).toMatch(/^2026-01-01T00:00:(09|1\d)\.\d{3}Z$/);
		expect(shown('silent')).toBeNull();
	});
});

describe('ring', () => {
	it('defect 32: a member that is suspected, refutes, three times, and dies leaves no key without an owner', () => {
		const world = new World(UDP_ONLY);
		const [a, , c] = complete(world, 3) as [Host, Host, Host];
		const stranger = new Stranger(world);
		for (let flap = 0; flap < 3; flap++) {
			stranger.suspect(a, 'n2', c.machine.self.incarnation, 'n1');
			world.until(() => a.view.includes('n2:alive'), 1_000, 'a refutation');
		}
		expect(a.states('n2').filter((step) => step === 'suspect>alive')).toHaveLength(3);
		world.kill(c);
		world.until(() => a.view.includes('n2:dead'), 35_000);
		const { ring, orphans } = ringOf(a.events);
		expect(orphans).toBe(0);
		expect(KEYS.flatMap((key) => ring.owners(key, 5)).filter((owner) => owner !== 'n0' && owner !== 'n1')).toEqual([]);
	});

	it('defect 33: an owner that was asked for before a change is not remembered after it', () => {
		const world = new World(UDP_ONLY);
		const [a, , c] = complete(world, 3) as [Host, Host, Host];
		const follower = createRingFollower();
		for (const event of a.events) follower.follow(event);
		const known = a.events.length;
		const before = KEYS.map((key) => follower.ring.owner(key));
		expect(before).toContain('n2');
		world.leave(c);
		world.until(() => a.view.includes('n2:left'), 1_000);
		for (const event of a.events.slice(known)) follower.follow(event);
		const after = KEYS.map((key) => follower.ring.owner(key));
		expect(after).not.toContain('n2');
		expect(after.filter((owner, i) => before[i] !== 'n2' && owner !== before[i])).toEqual([]);
	});
});
