// `why` against injected causes: for each cause, the conclusion that a node draws from its own evidence.

import { describe, expect, it } from 'vitest';
import { type WhyDocument, whyDocument } from '../../src/status/index.ts';
import { followStatus } from '../support/sim-status.ts';
import { type Host, type HostOptions, World } from '../support/world.ts';

interface Bench {
	readonly world: World;
	readonly hosts: Host[];
	why(observer: number, member: number | string): WhyDocument;
}

function bench(
	count: number,
	options: HostOptions = { streams: false },
	each: (i: number) => HostOptions = () => ({}),
): Bench {
	const world = new World(options);
	const source = followStatus(world);
	const hosts = Array.from({ length: count }, (_, i) => world.add(`n${i}`, each(i)));
	for (const host of hosts.slice(1)) world.discover(host, [hosts[0]!]);
	world.until(() => world.complete, 10_000);
	world.run(5_000);
	const why = (observer: number, member: number | string): WhyDocument =>
		whyDocument(source(hosts[observer]!), typeof member === 'string' ? member : `n${member}`)!;
	return { world, hosts, why };
}

function untilState({ world, hosts }: Bench, observer: number, member: number, state: string, mostMs = 60_000): void {
	const of = (): string | undefined => hosts[observer]!.machine.member(`n${member}`)?.state;
	world.until(() => of() === state, mostMs, `n${member} ${state} at n${observer}`);
}

const kinds = (document: WhyDocument): string[] => document.timeline.map(({ kind }) => kind);

describe('why, with the cause injected', () => {
	it('crash: its process or host, with every witness', () => {
		const it = bench(8);
		it.world.kill(it.hosts[5]!);
		untilState(it, 0, 5, 'suspect');
		const suspect = it.why(0, 5);
		expect(suspect.deadAt).not.toBeNull();
		expect(kinds(suspect).slice(-2)).toEqual(['now', 'expected']);
		untilState(it, 0, 5, 'dead');
		const { likely, timeline, state, next } = it.why(0, 5);
		expect([state, likely.code]).toEqual(['dead', 'process']);
		expect(likely.text).toMatch(
			/^Likely its process or host: \d members could not reach it, and nobody says otherwise; none of them accused anybody else\.$/,
		);
		expect(next[0]!.command).toBe('longbow-mesh info n5');
		expect(timeline.at(-1)).toMatchObject({ kind: 'dead', title: 'dead' });
		expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted());
	});

	it('crash of the only other member: this node is the only witness, and tells of repeated probes in one line', () => {
		const it = bench(2);
		it.world.kill(it.hosts[1]!);
		untilState(it, 0, 1, 'dead');
		const { likely, timeline } = it.why(0, 1);
		expect(likely.text).toBe(
			'Likely its process or host: this node could not reach it, and nobody says otherwise; it accused nobody else.',
		);
		expect(timeline.map(({ title }) => title.replace(/\d+/, 'N'))).toEqual([
			'last ack',
			'probe #N',
			'asked nobody',
			'suspected',
			'probed again',
			'dead',
		]);
	});

	it('one way to one member cut: the path from this node to it', () => {
		const it = bench(8);
		it.world.passes = (from, to) => !(from === 'n0' && to === 'n5');
		it.world.run(10_000);
		const { likely, state } = it.why(0, 5);
		expect([state, likely.code]).toEqual(['alive', 'path']);
		expect(likely.text).toMatch(/^Likely the path from this node to it: n\d.* reached it\. It stays alive\.$/);
	});

	it('a link between two zones cut: the network between them', () => {
		const it = bench(9, { streams: false, suspicionTimeoutMs: 5_000 }, (i) => ({
			tags: { zone: `eu-1${'abc'[i % 3]}` },
		}));
		const zone = (name: string): number => Number(name.slice(1)) % 3;
		it.world.passes = (from, to) => zone(from) + zone(to) !== 3 || zone(from) * zone(to) !== 2;
		it.world.run(20_000);
		for (const observer of [1, 4, 7]) {
			expect(it.why(observer, 2)).toMatchObject({
				state: 'alive',
				likely: { code: 'zone', text: 'Likely the network between eu-1b and eu-1c: others reach it.' },
			});
		}
	});

	it('this node deaf: the accuser itself', () => {
		const it = bench(8);
		it.world.passes = (_, to) => to !== 'n0';
		const suspects = (): number => it.hosts[0]!.machine.members().filter(({ state }) => state === 'suspect').length;
		it.world.until(() => suspects() >= 4, 60_000, 'accusations');
		const victim = it.hosts[0]!.machine.members().find(({ state }) => state === 'suspect')!;
		const { likely } = it.why(0, victim.name);
		expect(likely.code).toBe('accuser');
		expect(likely.text).toMatch(
			/^Likely the accuser, this node, n0: slow or cut off itself \(.*it accused \d members within a minute\)\.$/,
		);
	});

	it('another node hears badly: the accuser, seen from here', () => {
		const it = bench(12);
		it.world.sim.network.impose({ applies: (_, to) => to.name === 'n3', packetLoss: 0.6, streams: true });
		const blamed: string[] = [];
		for (let second = 0; second < 60 && blamed.length === 0; second++) {
			it.world.run(1_000);
			for (let m = 4; m < 12; m++)
				blamed.push(...[it.why(0, m).likely].filter(({ code }) => code === 'accuser').map(({ text }) => text));
		}
		expect(blamed[0]).toMatch(
			/^Likely the accuser, n3: slow or cut off itself \(it accused \d members within a minute\)\.$/,
		);
	});

	it('stalled for 3 s: it was stalled, not gone', () => {
		const it = bench(8);
		it.world.stall(it.hosts[5]!, 3_000);
		untilState(it, 0, 5, 'suspect');
		untilState(it, 0, 5, 'alive');
		const { likely } = it.why(0, 5);
		expect(likely).toMatchObject({ code: 'stalled' });
		expect(likely.text).toMatch(
			/^Likely it was stalled for about (2\.[5-9]|3\.\d|4\.\d)s, not gone\. Look at CPU limits/,
		);
		expect(it.why(5, 5).likely).toEqual({
			code: 'self',
			text: expect.stringMatching(/^This is the node that answers\. It was accused \d times? and refuted\.$/),
		});
		expect(kinds(it.why(5, 5))).toContain('stall');
	});

	it('stalled again and again: it flaps', () => {
		const it = bench(6);
		for (let i = 0; i < 3; i++) {
			it.world.stall(it.hosts[5]!, 2_000);
			untilState(it, 0, 5, 'suspect');
			untilState(it, 0, 5, 'alive');
			it.world.run(20_000);
		}
		const { likely } = it.why(0, 5);
		expect(likely.code).toBe('flapping');
		expect(likely.text).toMatch(
			/^It flaps: suspected 3 times, every 2\d\.\ds on average, and refuted each time\. Likely packets are lost/,
		);
	});

	it('acks slower than the timeout: raise it', () => {
		const it = bench(5);
		it.world.latencyMs = 60;
		it.world.run(20_000);
		const { likely } = it.why(0, 3);
		expect(likely).toMatchObject({
			code: 'slow-acks',
			text: 'It answers late: acks take up to 120ms, ackTimeout is 100ms.',
		});
	});

	it('UDP cut, TCP open: UDP is blocked', () => {
		const it = bench(6, { streams: true });
		it.world.passes = (_from, to, packet) => !(packet && to === 'n4');
		it.world.until(() => it.why(0, 4).likely.code === 'udp-blocked', 20_000, 'udp blamed');
		expect(it.why(0, 4).likely.text).toBe('UDP to it is blocked: it answers on TCP 7946 and not on UDP.');
	});

	it('another process at its address: says which', () => {
		const it = bench(5);
		const { address } = it.hosts[4]!;
		it.world.kill(it.hosts[4]!);
		const taker = it.world.add('taker', { address });
		it.world.discover(taker, [it.hosts[0]!]);
		untilState(it, 0, 4, 'dead');
		const { likely, next } = it.why(0, 4);
		expect(likely.text).toBe(`Another process has its address ${address.host}:7946 now: taker.`);
		expect(next[0]!.command).toBe('longbow-mesh why taker');
	});

	it('killed and started again: it restarted, and when', () => {
		const it = bench(5);
		const { address } = it.hosts[4]!;
		it.world.kill(it.hosts[4]!);
		untilState(it, 0, 4, 'dead');
		it.world.run(3_000);
		const startedMs = Date.UTC(2020, 0, 1) + it.world.sim.wallSeconds * 1_000;
		it.world.discover(it.world.add('n4', { address }), [it.hosts[0]!]);
		untilState(it, 0, 4, 'alive');
		const { likely } = it.why(0, 4);
		expect(likely).toEqual({ code: 'restarted', text: `It restarted at ${new Date(startedMs).toISOString()}.` });
	});

	it('cut off for longer than the suspicion: out of reach, and lives', () => {
		const it = bench(6);
		it.world.passes = (from, to) => from !== 'n5' && to !== 'n5';
		untilState(it, 0, 5, 'dead');
		it.world.passes = () => true;
		untilState(it, 0, 5, 'alive');
		expect(it.why(0, 5).likely.text).toMatch(
			/^It was out of reach for about [\d.]+s, and lives: it refuted its death\.$/,
		);
	});

	it('left: no failure', () => {
		const it = bench(4);
		it.world.leave(it.hosts[3]!);
		untilState(it, 0, 3, 'left');
		expect(it.why(0, 3).likely.text).toMatch(/^It said goodbye at \S+Z\. This is not a failure\.$/);
	});

	it('healthy: nothing to explain', () => {
		const it = bench(4);
		expect(it.why(0, 3)).toMatchObject({
			state: 'alive',
			likely: { code: 'healthy', text: 'Nothing to explain: it answers every probe, the last one in 2.0ms.' },
			timeline: [],
			observer: { name: 'n0', health: 0, healthMax: 7, stalls: 0, probesFailed: 0 },
		});
	});
});
