// `why` against injected causes in processes and identities: the conclusion that a node draws from its own evidence.

import { describe, expect, it } from 'vitest';
import { Keyring } from '../../src/wire/index.ts';
import { bench, kinds, untilState } from '../support/why-bench.ts';
import type { HostOptions } from '../support/world.ts';

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
			code: 'self-overloaded',
			text: expect.stringMatching(
				/^This is the node that answers\. It is overloaded: it was not run when it was due once in the last 10 minutes, for 2\.\ds at most\. Look at CPU limits and long synchronous work\. It was accused \d times? and refuted\.$/,
			),
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

	it('asked of a time before: the trouble that it was in then, as it ended, whatever came later', () => {
		const it = bench(6);
		it.world.run(10_000);
		const stalled = (): void => {
			it.world.stall(it.hosts[5]!, 4_000);
			untilState(it, 0, 5, 'suspect');
			untilState(it, 0, 5, 'alive');
		};
		stalled();
		const told = it.why(0, 5);
		const [suspect, alive] = ['suspect', 'alive'].map((kind) => told.timeline.find((line) => line.kind === kind)!.at);
		it.world.run(20_000);
		for (let i = 0; i < 2; i++) {
			stalled();
			it.world.run(20_000);
		}
		it.world.kill(it.hosts[5]!);
		untilState(it, 0, 5, 'dead');
		expect(it.why(0, 5)).toMatchObject({ state: 'dead', likely: { code: 'process' } });

		for (const at of [suspect, alive, new Date(Date.parse(alive!) + 10_000).toISOString()]) {
			const then = it.why(0, 5, Date.parse(at!));
			expect(then).toMatchObject({ state: 'alive', likely: told.likely, probe: told.probe, deadAt: null });
			expect(then.timeline).toEqual(told.timeline);
			expect(then.asked).toEqual({
				at,
				turns: [
					{ state: 'suspect', at: suspect },
					{ state: 'alive', at: alive },
				],
			});
		}
		expect(it.why(0, 5, Date.parse(suspect!) - 10_000)).toMatchObject({
			state: 'alive',
			likely: { code: 'healthy' },
			timeline: [],
			asked: { turns: [] },
		});
		const now = Date.parse(it.why(0, 5).observer.at);
		const { asked, ...last } = it.why(0, 5, now);
		expect(asked!.turns.map(({ state }) => state)).toEqual(['suspect', 'dead']);
		expect(last).toEqual(it.why(0, 5));
	});

	it('another process at its address: says which', () => {
		const it = bench(5);
		const { address } = it.hosts[4]!;
		it.world.kill(it.hosts[4]!);
		const taker = it.world.add('taker', { address });
		it.world.discover(taker, [it.hosts[0]!]);
		untilState(it, 0, 4, 'dead');
		const { likely, next } = it.why(0, 4);
		expect(likely.code).toBe('address-taken');
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
		expect(it.why(0, 5).likely.code).toBe('unreachable-for-a-while');
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

	it('own overload: it says so of itself and accuses nobody; the others name its process', () => {
		const it = bench(8);
		const [overloaded] = it.hosts;
		// Each input takes 250 ms, more than a period.
		overloaded!.sim.costMs = 250;
		untilState(it, 3, 0, 'suspect');
		expect(it.why(3, 0).likely).toMatchObject({
			code: 'process',
			text: expect.stringMatching(/^Likely its process or host: .+ could not reach it, and nobody says otherwise;/),
		});
		it.world.run(30_000);
		expect(it.why(0, 0)).toMatchObject({
			likely: {
				code: 'self-overloaded',
				text: expect.stringMatching(
					/^This is the node that answers\. It is overloaded: it was not run when it was due \d+ times in the last 10 minutes, for \d+ms at most\. Look at CPU limits and long synchronous work\./,
				),
			},
			next: [{ command: 'longbow-mesh doctor --only clock' }],
		});
		expect(overloaded!.events.filter((event) => event.type === 'state' && event.to === 'suspect')).toEqual([]);
	});

	it('a node whose packets are mostly lost doubts itself, and says so', () => {
		const it = bench(8);
		it.world.sim.network.impose({
			applies: (from, to) => from.name === 'n0' || to.name === 'n0',
			packetLoss: 0.7,
			streams: true,
		});
		it.world.until(() => it.why(0, 0).likely.code === 'self-doubts', 30_000, 'doubts');
		expect(it.why(0, 0).likely.text).toMatch(
			/^This is the node that answers\. It doubts itself: local health (Fair|Poor), \d of 7\. Likely its own host or network: its probes and the helpers that it asks stay unanswered\./,
		);
	});

	it('two live processes of one name: who gave way knows it, the others name both addresses', () => {
		const it = bench(5);
		const former = it.hosts[4]!;
		it.world.run(10_000);
		const later = it.world.add('n4');
		it.world.discover(later, [it.hosts[0]!]);
		const at0 = (): string | undefined => it.hosts[0]!.machine.member('n4')?.address.host;
		it.world.until(() => at0() === later.address.host, 30_000, 'the later start wins');
		it.world.until(() => former.events.some(({ type }) => type === 'conflict'), 30_000, 'the former gives way');
		expect(it.why(4, 4)).toMatchObject({
			likely: {
				code: 'self-name-lost',
				text: `This is the node that answers. Another process holds its name: ${later.address.host}:7946 started later. This one claims nothing until the name is free.`,
			},
			next: [{ command: 'LONGBOW_NODE_ID' }],
		});
		expect(it.why(0, 4).likely).toMatchObject({
			code: 'moved',
			text: expect.stringMatching(
				new RegExp(
					`^A later start of its name came from ${later.address.host}:7946 at \\S+Z: likely it restarted there, or two processes have its name and the one at ${former.address.host}:7946 gave way\\.$`,
				),
			),
		});
	});

	it('a name that a foreign member holds is claimed by another: the conflict, with both addresses', () => {
		const it = bench(5, { streams: true }, (i) => ({ extensions: i !== 4 }));
		const later = it.world.add('n4', { streams: true, extensions: false });
		it.world.discover(later, [it.hosts[0]!]);
		it.world.until(() => it.why(0, 4).likely.code === 'name-conflict', 60_000, 'the conflict');
		const held = it.hosts[4]!.address.host;
		expect(it.why(0, 4).likely.text).toBe(
			`Two processes claim its name: ${held}:7946, which this node believes, and ${later.address.host}:7946.`,
		);
	});

	it.each([
		[
			'wrong key',
			'key',
			{ keys: 1 },
			{ keys: 2 },
			'cannot-decrypt',
			'likely it has other keys than this node, or one of the two has none',
		],
		[
			'no key',
			'key',
			{ keys: 1 },
			{},
			'cannot-decrypt',
			'likely it has other keys than this node, or one of the two has none',
		],
		[
			'another label',
			'label',
			{ label: 'blue' },
			{ label: 'green' },
			'bad-label',
			'its label is not that of this node',
		],
	] as const)(
		'started again with %s: not silent, but refused, and for what',
		(_, code, right, wrong, refused, because) => {
			const it = bench(5, { streams: false, wire: wireOf(right) });
			const { address } = it.hosts[4]!;
			it.world.kill(it.hosts[4]!);
			const stranger = it.world.add('n4', { address, wire: wireOf(wrong) });
			it.world.discover(stranger, [it.hosts[0]!]);
			untilState(it, 0, 4, 'dead');
			const { likely, next } = it.why(0, 4);
			expect(likely).toMatchObject({
				code,
				text: expect.stringMatching(
					new RegExp(
						`^It is not silent: \\d+ packets from ${address.host} were refused in the last 10m \\(${refused}\\); ${because}\\.$`,
					),
				),
			});
			expect(next.at(-1)!.command).toBe('longbow-mesh doctor --only label');
		},
	);

	it('started again with versions that do not fit: not silent, but refused', () => {
		const foreign = { streams: true, extensions: false };
		const it = bench(5, { streams: true }, (i) => (i === 4 ? foreign : {}));
		const { address } = it.hosts[4]!;
		it.world.kill(it.hosts[4]!);
		untilState(it, 0, 4, 'dead');
		const other = it.world.add('n4', { ...foreign, address, vsn: [1, 5, 2, 3, 3, 3] });
		it.world.discover(other, [it.hosts[0]!]);
		it.world.until(() => it.why(0, 4).likely.code === 'version', 30_000, 'the version blamed');
		expect(it.why(0, 4).likely.text).toMatch(
			/^It is not silent: \d+ packets? from [\d.]+ were refused in the last 10m \(bad-version\); it speaks no version of the protocol that all members understand\.$/,
		);
	});

	it('dead for so long that it is forgotten: when, after what, and of what it died', () => {
		const it = bench(6, { streams: false, tombstoneMs: 60_000 });
		it.world.kill(it.hosts[5]!);
		untilState(it, 0, 5, 'dead');
		it.world.until(() => it.hosts[0]!.machine.member('n5') === undefined, 120_000, 'forgotten');
		expect(it.why(0, 5)).toMatchObject({
			state: 'forgotten',
			likely: {
				code: 'forgotten',
				text: expect.stringMatching(
					/^It was declared dead at \S+Z \(not refuted in [\d.]+s, confirmed by \d\) and forgotten 1m\d*s? later, at \S+Z\. Likely its process or host: \d members could not reach it, and nobody says otherwise; none of them accused anybody else\.$/,
				),
			},
		});
	});

	it('left and forgotten: still no failure', () => {
		const it = bench(4, { streams: false, tombstoneMs: 60_000 });
		it.world.leave(it.hosts[3]!);
		untilState(it, 0, 3, 'left');
		it.world.until(() => it.hosts[0]!.machine.member('n3') === undefined, 120_000, 'forgotten');
		expect(it.why(0, 3).likely.text).toMatch(
			/^It said goodbye at \S+Z and was forgotten 1m\d*s? later, at \S+Z\. This is not a failure\.$/,
		);
	});

	it('healthy: nothing to explain', () => {
		const it = bench(4);
		expect(it.why(0, 3)).toMatchObject({
			state: 'alive',
			likely: { code: 'healthy', text: 'Nothing to explain: it answers every probe, the last one in 2.0ms.' },
			timeline: [],
			observer: { name: 'n0', health: 0, healthMax: 7, stalls: 0, probesFailed: 0 },
		});
		expect(it.why(0, 0).likely).toEqual({ code: 'self', text: 'This is the node that answers.' });
	});
});

function wireOf({
	keys,
	label,
}: {
	readonly keys?: number;
	readonly label?: string;
}): NonNullable<HostOptions['wire']> {
	return {
		...(keys !== undefined && { keyring: new Keyring([new Uint8Array(16).fill(keys)]) }),
		...(label !== undefined && { label }),
	};
}
