// Whole clusters under simulated time: joining, dying, coming back, parting and healing.
import { describe, expect, it } from 'vitest';
import { type Host, World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;

describe('joining', () => {
	it('seed 05: ten nodes with one static seed see each other, over packets alone', () => {
		const world = new World(UDP_ONLY);
		world.cluster(10);
		const took = world.until(() => world.complete, 3_000, 'ten complete views');
		expect(took).toBeLessThan(2_000);
	});

	it('seed 05: a late joiner learns everybody at once, over packets alone (the original: never)', () => {
		const world = new World(UDP_ONLY);
		world.cluster(10);
		world.until(() => world.complete, 3_000);
		world.run(30_000);
		const late = world.add('late');
		world.discover(late, [world.hosts.get('n3')!]);
		world.until(() => late.machine.members().length === 11, 100, 'the joiner knows all');
		world.until(() => world.complete, 1_000, 'all know the joiner');
	});

	it('seed 10: a node whose five seeds start 4 s later than itself still joins', () => {
		const world = new World(UDP_ONLY);
		const early = world.add('early');
		const places = Array.from({ length: 5 }, (_, i) => ({ host: `10.9.0.${i + 1}`, port: 7946 }));
		world.input(early, { type: 'discovered', source: 'test', addresses: places });
		world.run(4_000);
		const seeds = places.map((address, i) => world.add(`s${i}`, { address }));
		for (const seed of seeds.slice(1)) world.discover(seed, [seeds[0]!]);
		world.until(() => world.complete, 3_000, 'everybody sees everybody');
	});

	it('joins through a stream when pings pass and the requests of a transfer are too long for the path', () => {
		const world = new World();
		const [a] = world.cluster(4);
		world.until(() => world.complete, 2_000);
		world.sim.network.weather = { ...world.sim.network.weather, mtuBytes: 1_200 };
		const late = world.add('late');
		const id = world.join(late, [a!.address]);
		world.until(() => late.settled.has(id), 3_000, 'the join is answered');
		expect(late.settled.get(id)).toMatchObject({ type: 'join', answers: [{ ok: true, via: 'stream', members: 5 }] });
		world.until(() => world.complete, 1_000, 'all know the joiner');
	});

	it('joins through a stream when packets are blocked', () => {
		const world = new World();
		const [a] = world.cluster(3);
		world.until(() => world.complete, 3_000);
		const b = world.add('b');
		world.passes = (from, to, packet) => !packet || (from !== 'b' && to !== 'b');
		const id = world.join(b, [a!.address]);
		world.until(() => b.settled.has(id), 3_000);
		expect(b.settled.get(id)).toMatchObject({ type: 'join', answers: [{ ok: true, via: 'stream', members: 4 }] });
	});

	it('tells who did not answer', () => {
		const world = new World();
		const a = world.add('a');
		const id = world.join(a, [{ host: '10.9.9.9', port: 1 }]);
		world.until(() => a.settled.has(id), 3_000);
		expect(a.settled.get(id)).toMatchObject({
			answers: [{ ok: false, reason: 'no answer in 2s on udp; tcp: ECONNREFUSED' }],
		});
	});
});

describe('dying', () => {
	it.each([2, 3, 4, 5, 10, 32])('seed 03: a crash in a cluster of %i is suspected, then dead everywhere', (count) => {
		const world = new World(UDP_ONLY);
		const hosts = world.cluster(count);
		world.until(() => world.complete, 5_000);
		world.run(2_000);
		const [victim, ...rest] = [hosts[0]!, ...hosts.slice(1)] as [Host, ...Host[]];
		world.kill(victim);
		const firstSuspect = world.until(
			() => rest.some((host) => host.view.includes('n0:suspect')),
			10_000,
			'a suspicion',
		);
		const allDead =
			firstSuspect + world.until(() => rest.every((host) => host.view.includes('n0:dead')), 15_000, 'its death');
		expect(firstSuspect).toBeLessThan(200 * (2 * count));
		expect(allDead).toBeLessThan(8_500);
		if (count > 2) world.until(() => rest.every((host) => host.machine.health === 0), 2_000, 'everybody healthy again');
	});

	it('seed 03: a refutation clears a suspicion', () => {
		const world = new World(UDP_ONLY);
		const [a, b] = world.cluster(5) as [Host, Host];
		world.until(() => world.complete, 3_000);
		world.passes = (from) => from !== 'n1';
		world.until(() => a.view.includes('n1:suspect'), 10_000);
		world.passes = () => true;
		world.until(() => world.complete, 4_000, 'all alive again');
		expect(a.states('n1')).toContain('suspect>alive');
		expect(b.machine.self.incarnation).toBeGreaterThan(200_000_000);
		expect([...world.hosts.values()].flatMap((host) => host.states('n1'))).not.toContain('suspect>dead');
	});

	it('seed 07: the seed itself may die, and newcomers join through any other', () => {
		const world = new World(UDP_ONLY);
		const [seed] = world.cluster(5);
		world.until(() => world.complete, 3_000);
		world.kill(seed!);
		const late = world.add('late');
		world.discover(late, [world.hosts.get('n4')!]);
		world.until(() => world.complete, 12_000, 'all but the seed see each other');
	});
});

describe('leaving', () => {
	it('is told to all, is not a death, and stops the node', () => {
		const world = new World(UDP_ONLY);
		const hosts = world.cluster(10);
		world.until(() => world.complete, 3_000);
		const leaver = hosts[4]!;
		const id = world.leave(leaver);
		world.until(() => leaver.settled.has(id), 1_000);
		expect(leaver.settled.get(id)).toMatchObject({ type: 'leave', told: 9, of: 9 });
		expect(leaver.machine.deadline).toBe(Number.POSITIVE_INFINITY);
		world.kill(leaver);
		world.run(10_000);
		for (const host of world.hosts.values()) expect(host.states('n4')).toEqual(['none>alive', 'alive>left']);
	});

	it('is not taken back by tags or a join that come while it is said', () => {
		const world = new World(UDP_ONLY);
		const hosts = world.cluster(5);
		world.until(() => world.complete, 3_000);
		const [seed, leaver, deaf] = hosts as [Host, Host, Host];
		// Somebody who does not answer keeps the goodbye open.
		world.passes = (_, to) => to !== deaf.name;
		const goodbye = world.leave(leaver);
		world.until(() => leaver.machine.self.state === 'left', 1_000);
		const tags = world.setTags(leaver, { role: 'draining' });
		world.join(leaver, [seed.address]);
		world.until(() => leaver.settled.has(goodbye), 5_000);
		expect(leaver.settled.get(tags)).toMatchObject({ type: 'error', code: 'MESH_STOPPED' });
		world.kill(leaver);
		world.run(10_000);
		const others = [...world.hosts.values()].filter((host) => host !== deaf);
		for (const host of others) expect(host.states('n1')).toEqual(['none>alive', 'alive>left']);
	});
});

describe('coming back', () => {
	it.each([
		['the same address', true],
		['a new address', false],
	])('a restart under the same name at %s is readmitted at once', (_, same) => {
		const world = new World(UDP_ONLY);
		const hosts = world.cluster(5);
		world.until(() => world.complete, 3_000);
		const old = hosts[2]!;
		world.kill(old);
		world.run(8_000);
		expect(hosts[0]!.view).toContain('n2:dead');
		const again = world.add('n2', same ? { address: old.address } : {});
		world.discover(again, [hosts[0]!]);
		world.until(() => world.complete, 1_000, 'readmitted');
		for (const host of world.hosts.values()) expect(host.machine.member('n2')!.address).toEqual(again.address);
	});

	it('a restart at once, before anybody noticed, at a new address', () => {
		const world = new World(UDP_ONLY);
		const hosts = world.cluster(5);
		world.until(() => world.complete, 3_000);
		world.run(2_000);
		world.kill(hosts[2]!);
		const again = world.add('n2');
		world.discover(again, [hosts[0]!]);
		world.until(
			() => [...world.hosts.values()].every((host) => host.machine.member('n2')!.address.host === again.address.host),
			1_000,
			'the new address everywhere',
		);
		world.run(10_000);
		expect(world.complete).toBe(true);
	});

	it('a restart whose clock went back hears that it is dead, and refutes', () => {
		const world = new World(UDP_ONLY);
		const hosts = world.cluster(5);
		world.until(() => world.complete, 3_000);
		const old = hosts[2]!;
		world.kill(old);
		world.run(8_000);
		const again = world.add('n2', { address: old.address, incarnation: 100_000_000 });
		world.discover(again, [hosts[0]!]);
		world.until(() => world.complete, 3_000, 'readmitted');
	});
});

describe('partitions', () => {
	it.each([
		['briefly', 10, 3_600_000],
		['with everybody dead', 60, 3_600_000],
		['with the dead forgotten', 100, 30_000],
	])('seed 25: a partition heals by itself, %s', (_, seconds, tombstoneMs) => {
		const world = new World({ ...UDP_ONLY, tombstoneMs });
		world.cluster(8);
		world.until(() => world.complete, 3_000);
		world.passes = (from, to) => from < 'n4' === to < 'n4';
		world.run(seconds * 1_000);
		world.passes = () => true;
		const took = world.until(() => world.complete, 30_000, 'both halves one again');
		expect(took).toBeLessThan(15_000);
		const digests = () => new Set([...world.hosts.values()].map((host) => JSON.stringify(host.machine.digest)));
		world.until(() => digests().size === 1, 5_000, 'one digest');
		// Nobody ever held a member of its own half dead: the ring kept its living (decision 011).
		for (const host of world.hosts.values()) {
			for (const name of world.hosts.keys()) {
				if (host.name < 'n4' === name < 'n4') expect(host.states(name)).toEqual(['none>alive']);
			}
		}
	});
});

describe('stalls', () => {
	it('a stalled node accuses nobody when it wakes, and is welcomed back', () => {
		const world = new World(UDP_ONLY);
		const hosts = world.cluster(6);
		world.until(() => world.complete, 3_000);
		const sleeper = hosts[1]!;
		world.stall(sleeper, 3_000);
		world.run(3_000);
		const seen = sleeper.events.length;
		world.until(() => world.complete, 2_000);
		const accused = sleeper.events.slice(seen).filter((event) => event.type === 'state' && event.to === 'suspect');
		expect(accused).toEqual([]);
		expect(sleeper.machine.counters.stalls).toBe(1);
		world.stall(sleeper, 60_000);
		world.run(60_000);
		expect(hosts[0]!.view).toContain('n1:dead');
		world.until(() => world.complete, 3_000, 'welcomed back after its death');
	});
});

describe('a member that packets do not reach', () => {
	it('X12: stays alive by streams, and its view stays equal', () => {
		const world = new World();
		const hosts = world.cluster(5);
		world.until(() => world.complete, 3_000);
		world.passes = (from, to, packet) => !packet || (from !== 'n1' && to !== 'n1');
		world.setTags(hosts[3]!, { zone: 'b' });
		world.setTags(hosts[1]!, { zone: 'c' });
		world.run(10_000);
		const tag = (host: Host, name: string): string | undefined => host.machine.member(name)!.tags.zone;
		world.until(() => hosts.every((host) => tag(host, 'n3') === 'b' && tag(host, 'n1') === 'c'), 20_000, 'equal tags');
		for (const host of hosts) expect(host.states('n1').filter((change) => change.endsWith('>dead'))).toEqual([]);
	});
});
