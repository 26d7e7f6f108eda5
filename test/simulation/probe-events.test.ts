// The `probe` event: told for pings that were not answered in time, never for those that were.

import { describe, expect, it } from 'vitest';
import type { MeshEvent } from '../../src/swim/index.ts';
import { type Host, World } from '../support/world.ts';

type ProbeEvent = Extract<MeshEvent, { type: 'probe' }>;

function probesOf(host: Host, member: string): ProbeEvent[] {
	return host.events.filter((event) => event.type === 'probe').filter((event) => event.member === member);
}

function cluster(count: number, streams = false): { world: World; hosts: Host[] } {
	const world = new World({ streams });
	const hosts = world.cluster(count);
	world.until(() => world.complete, 5_000);
	world.run(5_000);
	return { world, hosts };
}

describe('the probe event', () => {
	it('is not told of probes that go well; the round trip is known all the same', () => {
		const { hosts } = cluster(4);
		expect(hosts.flatMap((host) => host.events.filter(({ type }) => type === 'probe'))).toEqual([]);
		expect(hosts[0]!.machine.rttMs('n1')).toBeCloseTo(2, 1);
		expect(hosts[0]!.machine.rttMs('nobody')).toBeUndefined();
	});

	it('names each helper and its answer', () => {
		const { world, hosts } = cluster(5);
		world.kill(hosts[4]!);
		world.passes = (from, to) => !(from === 'n1' && to === 'n0');
		world.until(() => probesOf(hosts[0]!, 'n4').length > 0, 5_000);
		const [probe] = probesOf(hosts[0]!, 'n4');
		expect(probe).toMatchObject({ answer: 'none', stream: false });
		const answers = Object.fromEntries(probe!.helpers.map(({ name, answer }) => [name, answer]));
		expect(answers).toEqual({ n1: undefined, n2: 'nack', n3: 'nack' });
		expect(probe!.lastAckAt).toBeGreaterThan(probe!.sentAt - 3_000);
		expect(probe!.lastRttMs).toBeCloseTo(2, 1);
	});

	it('says when a helper, or the stream, brought the ack', () => {
		const { world, hosts } = cluster(4, true);
		world.passes = (from, to, packet) => !(packet && from === 'n0' && to === 'n3');
		world.until(() => probesOf(hosts[0]!, 'n3').length > 1, 5_000);
		expect(probesOf(hosts[0]!, 'n3').map(({ answer }) => answer)).toEqual(['helper', 'helper']);
		expect(probesOf(hosts[0]!, 'n3')[0]!.helpers.some(({ answer }) => answer === 'ack')).toBe(true);
		world.passes = (_from, to, packet) => !(packet && to === 'n3');
		world.until(() => probesOf(hosts[0]!, 'n3').at(-1)!.answer === 'stream', 5_000);
		expect(hosts[0]!.states('n3')).toEqual(['none>alive']);
	});

	it('says when an ack came too late, and how long it took', () => {
		const { world, hosts } = cluster(2);
		world.latencyMs = 60;
		world.until(() => probesOf(hosts[0]!, 'n1').length > 1, 5_000);
		const late = probesOf(hosts[0]!, 'n1')[1]!;
		expect(late.answer).toBe('late');
		expect(late.at - late.sentAt).toBeCloseTo(120, 0);
	});
});
