// `why` against injected causes in the network: what does not pass, for whom, and how slowly.

import { describe, expect, it } from 'vitest';
import { CALM } from '../../src/sim/index.ts';
import { Stranger } from '../support/stranger.ts';
import { bench, untilState } from '../support/why-bench.ts';

describe('why, with the network at fault', () => {
	it('one way to one member cut: the path from this node to it', () => {
		const it = bench(8);
		it.world.passes = (from, to) => !(from === 'n0' && to === 'n5');
		it.world.run(10_000);
		const { likely, state } = it.why(0, 5);
		expect([state, likely.code]).toEqual(['alive', 'path']);
		expect(likely.text).toMatch(/^Likely the path from this node to it: n\d.* reached it\. It stays alive\.$/);
	});

	it('the same after a suspicion that it refuted: its newest trouble is told', () => {
		const it = bench(8);
		it.world.passes = (from, to) => from !== 'n5' && to !== 'n5';
		untilState(it, 0, 5, 'suspect');
		it.world.passes = () => true;
		untilState(it, 0, 5, 'alive');
		expect(it.why(0, 5).likely.code).not.toBe('path');
		it.world.passes = (from, to) => !(from === 'n0' && to === 'n5');
		it.world.run(10_000);
		expect(it.why(0, 5).likely.text).toMatch(
			/^Likely the path from this node to it: n\d.* reached it\. It stays alive\.$/,
		);
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

	it('cut in two halves: the network, and who else is behind the cut; after it, that it was cut', () => {
		const it = bench(8);
		const side = (name: string): boolean => Number(name.slice(1)) < 4;
		it.world.passes = (from, to) => side(from) === side(to);
		untilState(it, 0, 5, 'dead');
		for (const member of [4, 5, 6, 7]) {
			const others = ['n4', 'n5', 'n6', 'n7'].filter((name) => name !== `n${member}`);
			expect(it.why(0, member).likely).toEqual({
				code: 'partition',
				text: `Likely the network is cut, or they went down together: it stopped answering, ${others[0]}, ${others[1]} and ${others[2]} within 4.0s of it; 3 others have answered since.`,
			});
		}
		it.world.passes = () => true;
		it.world.until(() => it.world.complete, 60_000, 'healed');
		expect(it.why(0, 5).likely).toMatchObject({
			code: 'partition',
			text: expect.stringMatching(
				/^Likely the network was cut: it stopped answering, n4, n6 and n7 within 4\.0s of it, and it was back after [\d.]+s; 3 others answered all the time\.$/,
			),
		});
	});

	// As in test/netns/why.test.ts. Who accuses whom first, who asks for help and what is on its way when the cut ends differ.
	it.each([
		['and nothing else', undefined],
		['while one of those who answer stalls', 2],
	])(
		'six hosts cut in two halves for some seconds, in 40 worlds, %s: afterwards, that it was cut',
		(_, stalled) => {
			const codes = Array.from({ length: 40 }, (_, seed) => {
				const it = bench(6, { seed, suspicionTimeoutMs: 2_000 });
				const { world } = it;
				world.sim.network.weather = { ...CALM, delayMs: 0.2, jitterMs: 1 };
				const side = (name: string): boolean => Number(name.slice(1)) < 3;
				world.passes = (from, to) => side(from) === side(to);
				world.run(1_000);
				if (stalled !== undefined) world.stall(it.hosts[stalled]!, 300);
				for (const member of [3, 4, 5]) untilState(it, 0, member, 'dead');
				world.run(5 * seed);
				world.passes = () => true;
				world.until(() => world.complete, 60_000, 'healed');
				return [3, 4, 5].map((member) => it.why(0, member).likely.code);
			});
			expect(codes).toEqual(codes.map(() => ['partition', 'partition', 'partition']));
		},
		60_000,
	);

	it('after a cut, an accusation that is refuted at once is not held against its accuser, which accused many with others', () => {
		const it = bench(6, { suspicionTimeoutMs: 2_000 });
		const side = (name: string): boolean => Number(name.slice(1)) < 3;
		it.world.passes = (from, to) => side(from) === side(to);
		for (const member of [3, 4, 5]) untilState(it, 0, member, 'dead');
		it.world.passes = () => true;
		it.world.until(() => it.world.complete, 60_000, 'healed');
		it.world.run(5_000);
		const { name, incarnation } = it.hosts[3]!.machine.self;
		new Stranger(it.world).suspect(it.hosts[0]!, name, incarnation, 'n2');
		expect(it.hosts[0]!.machine.member('n3')!.state).toBe('suspect');
		untilState(it, 0, 3, 'alive');
		expect(it.why(0, 3).likely.code).toBe('packets-lost');
	});

	it('a slow link from here to one member: that link, and who reached it sooner', () => {
		const it = bench(6);
		const ends = new Set(['n0', 'n3']);
		it.world.sim.network.impose({
			applies: (from, to) => ends.has(from.name) && ends.has(to.name),
			packetLoss: 0,
			streams: true,
			delayMs: 59,
		});
		it.world.run(20_000);
		expect(it.why(0, 3)).toMatchObject({
			state: 'alive',
			likely: {
				code: 'slow-acks',
				text: expect.stringMatching(
					/^The link from this node to it is slow: acks take up to 120ms, ackTimeout is 100ms; n\d.* reached it sooner\.$/,
				),
			},
		});
		expect(it.why(1, 3).likely.code).toBe('healthy');
	});

	it('long packets vanish: pings pass, and transfers of the state do not', () => {
		const it = bench(5, { streams: true });
		it.world.sim.network.weather = { ...it.world.sim.network.weather, mtuBytes: 1_200 };
		const newcomer = it.world.add('n5', { streams: true });
		it.hosts.push(newcomer);
		it.world.discover(newcomer, [it.hosts[0]!]);
		it.world.until(() => it.world.complete, 20_000, 'joined over TCP');
		it.world.until(() => it.why(5, 0).likely.code === 'mtu', 20_000, 'the size blamed');
		const { likely, next, timeline } = it.why(5, 0);
		expect(likely.text).toMatch(
			/^Likely long packets vanish on the way: it answers pings, but none of 4 requests of 1390 bytes for its state\.$/,
		);
		expect(next[0]!.command).toBe('longbow-mesh doctor --only mtu');
		expect(timeline.map(({ kind }) => kind)).toContain('transfer');
	});

	it('packets lost on every link: that, not a restart, and hardly ever a cut', () => {
		const it = bench(8);
		it.world.loss = 0.3;
		const codes = new Map<string, number>();
		for (let i = 0; i < 100; i++) {
			it.world.run(500);
			for (let m = 1; m < 8; m++) {
				const { code } = it.why(0, m).likely;
				codes.set(code, (codes.get(code) ?? 0) + 1);
			}
		}
		const share = (...names: string[]): number =>
			names.reduce((sum, name) => sum + (codes.get(name) ?? 0), 0) / (100 * 7);
		expect(share('packets-lost', 'flapping', 'healthy', 'stalled', 'path')).toBeGreaterThan(0.8);
		expect(share('restarted')).toBe(0);
		expect(share('partition')).toBeLessThan(0.02);
	});
});
