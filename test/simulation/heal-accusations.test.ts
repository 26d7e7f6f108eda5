// Accusations that nobody heard: said into a cut, or by a member that was itself accused (X4).
import { describe, expect, it } from 'vitest';
import { type Host, World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;

describe('X4: accusations that nobody admitted', () => {
	// The cut host suspects whom it cannot reach, and is suspect itself, so nobody listens. A round of probes takes 6.4 s,
	// so no member hears of its suspicion by chance in so short a time.
	it.each([1, 2, 3, 4, 5, 6])('are said again by whoever has refuted, so that the accused can (world %i)', (seed) => {
		const world = new World({ ...UDP_ONLY, seed });
		const [cut, ...others] = world.cluster(32);
		world.until(() => world.complete, 5_000);
		world.run(8_000);
		world.passes = (from, to) => from !== cut!.name && to !== cut!.name;
		world.until(() => cut!.view.includes('suspect') && others.some((host) => host.view.includes('n0:suspect')), 8_000);
		world.passes = () => true;
		const refuted = (): boolean => cut!.events.some(({ type }) => type === 'refuted');
		world.until(refuted, 3_000, 'the cut one has refuted');
		world.until(() => world.complete, 2_500, 'nobody is suspect any more');
		world.run(40_000);
		for (const host of world.hosts.values())
			expect(host.events.filter((event) => event.type === 'state' && event.to === 'dead')).toEqual([]);
	});
});

describe('Lifeguard §IV-C: a suspicion that few confirm', () => {
	/** One host hears of a suspicion from an accuser that it alone could hear, and that is gone before anybody else does. */
	it.each([1, 2, 3])('is told to the accused again by whoever holds it when its accuser is gone (world %i)', (seed) => {
		const world = new World({ ...UDP_ONLY, seed });
		const hosts = world.cluster(32);
		world.until(() => world.complete, 5_000);
		world.run(8_000);
		const [accuser, holder] = hosts as [Host, Host];
		world.passes = (from, to) => from < 'n10' === to < 'n10';
		const held = (host: Host): string[] => host.machine.members().flatMap((m) => (m.state === 'suspect' ? m.name : []));
		const shared = (): string | undefined =>
			held(accuser).find((name) => {
				const suspected = holder.events.find(
					(event) => event.type === 'state' && event.to === 'suspect' && event.member.name === name,
				);
				const by = suspected?.type === 'state' && suspected.why.code === 'heard' ? suspected.why.by : undefined;
				return by === accuser.name && held(holder).includes(name);
			});
		world.until(() => shared() !== undefined, 20_000, 'a suspicion of the accuser that the holder has heard');
		const suspect = shared()!;
		world.kill(accuser);
		world.passes = () => true;
		const cleared = (): boolean => [...world.hosts.values()].every((host) => !held(host).includes(suspect));
		world.until(cleared, 7_500, 'nobody suspects it any more');
		for (const host of world.hosts.values()) expect(host.states(suspect)).not.toContain('suspect>dead');
	});
});

describe('decision 011: a death that one view does not share', () => {
	it.each([1, 2, 3, 4])('is handed over once the member itself has been silent (world %i)', (seed) => {
		const world = new World({ ...UDP_ONLY, seed });
		const hosts = world.cluster(32);
		world.until(() => world.complete, 5_000);
		world.run(8_000);
		const [cut, victim, ...others] = hosts as [Host, Host, ...Host[]];
		world.passes = (from, to) => from !== cut.name && to !== cut.name;
		world.kill(victim);
		world.run(9_000);
		expect(others.every((host) => host.view.includes(`${victim.name}:dead`))).toBe(true);
		expect(cut.machine.member(victim.name)!.state).not.toBe('dead');
		world.passes = () => true;
		// By its own probes it would take a round of them and a suspicion that nobody confirms: up to 40 s.
		world.until(() => cut.machine.member(victim.name)!.state === 'dead', 6_000, 'the death in the last view');
		world.until(() => world.complete, 2_000, 'one view');
		for (const host of others) expect(host.states(cut.name)).toContain('dead>alive');
	});
});
