// Failure detection in whole simulated clusters: who is pinged when, who is asked to help, what is noticed and what is forgiven.
import { describe, expect, it } from 'vitest';
import { formatAddress, randomBelow, seededRandom } from '../../src/swim/index.ts';
import { messagesOf, Stranger, sentMessages } from '../support/stranger.ts';
import { type Host, World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;
const PERIOD_MS = 200;
const ACK_TIMEOUT_MS = 100;

/** A cluster whose joining is over: everybody knows everybody, and no news is on its way. */
function settled(count: number, seed = 1, options: { loss?: number } = {}): { world: World; hosts: Host[] } {
	const world = new World({ ...UDP_ONLY, seed });
	const hosts = world.cluster(count);
	world.until(() => world.complete, 5_000, 'complete views');
	world.run(5_000);
	world.loss = options.loss ?? 0;
	return { world, hosts };
}

function deaths(world: World): string[] {
	return [...world.hosts.values()].flatMap((host) =>
		host.events.flatMap((event) =>
			event.type === 'state' && event.to === 'dead' ? [`${event.member.name} at ${host.name}`] : [],
		),
	);
}

/** The member vanishes; returns the time until somebody suspects it. */
function noticed(world: World, victim: Host): number {
	world.kill(victim);
	const isSuspect = (host: Host): boolean => host.machine.member(victim.name)?.state === 'suspect';
	return world.until(() => [...world.hosts.values()].some(isSuspect), 20_000, 'a suspicion');
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

describe('probing', () => {
	it('seed 01: a member is pinged directly every protocolPeriod', () => {
		const count = 10;
		const { world, hosts } = settled(count);
		world.recording = true;
		world.run(60 * PERIOD_MS);
		const pings = sentMessages(world.sent, 'ping');
		for (const host of hosts) {
			const sent = pings.filter(({ from }) => from === host);
			expect(sent).toHaveLength(60);
			for (let i = 1; i < sent.length; i++) expect(sent[i]!.at - sent[i - 1]!.at).toBe(PERIOD_MS);
			for (const other of hosts) {
				if (other === host) continue;
				const rounds = sent.flatMap(({ fields }, i) => (fields.Node === other.name ? [i] : []));
				const gaps = rounds.map((round, i) => round - (rounds[i - 1] ?? -1));
				expect(Math.max(...gaps, 60 - rounds.at(-1)!)).toBeLessThanOrEqual(2 * count - 1);
			}
		}
		expect(sentMessages(world.sent, 'ackResp')).toHaveLength(pings.length);
		expect(sentMessages(world.sent, 'indirectPing')).toEqual([]);
	});

	it('seed 02: no ack within ackTimeout makes K members be asked, and their acks keep the member alive', () => {
		const { world, hosts } = settled(8);
		const [prober, target] = hosts as [Host, Host];
		world.passes = (from, to) => !(from === prober.name && to === target.name);
		world.recording = true;
		world.run(10_000);
		const pings = sentMessages(world.sent, 'ping').filter(
			({ from, fields }) => from === prober && fields.Node === target.name,
		);
		const requests = sentMessages(world.sent, 'indirectPing').filter(({ from }) => from === prober);
		const asks = (seqNo: unknown) => requests.filter(({ fields }) => fields.SeqNo === seqNo);
		const probes = pings.filter(({ fields }) => asks(fields.SeqNo).length > 0);
		expect(probes.length).toBeGreaterThan(3);
		for (const probe of probes) {
			const asked = asks(probe.fields.SeqNo);
			expect(asked.map(({ at }) => at - probe.at)).toEqual([ACK_TIMEOUT_MS, ACK_TIMEOUT_MS, ACK_TIMEOUT_MS]);
			const helpers = asked.map(({ to }) => formatAddress(to));
			expect(new Set(helpers).size).toBe(3);
			expect(helpers).not.toContain(formatAddress(target.address));
			expect(helpers).not.toContain(formatAddress(prober.address));
		}
		expect(hosts.flatMap((host) => host.states(target.name))).not.toContain('alive>suspect');
		expect(prober.machine.health).toBe(0);
	});

	it('X15: repeats an unanswered ping halfway to the ack timeout and when it asks for help, each under its own number', () => {
		const { world, hosts } = settled(2);
		const [prober, target] = hosts as [Host, Host];
		world.recording = true;
		world.kill(target);
		world.until(() => prober.view.includes(`${target.name}:suspect`), 1_000);
		const pings = sentMessages(world.sent, 'ping').filter(({ from }) => from === prober);
		const verdictAt = prober.events.at(-1)!.at;
		const [first, second, third] = pings.filter(({ at }) => at >= verdictAt - PERIOD_MS && at < verdictAt);
		expect([second!.at - first!.at, third!.at - first!.at]).toEqual([ACK_TIMEOUT_MS / 2, ACK_TIMEOUT_MS]);
		expect(new Set(pings.map(({ fields }) => fields.SeqNo)).size).toBe(pings.length);
	});

	it('X15: an ack to a repeated ping settles the probe and tells its own round trip', () => {
		const { world, hosts } = settled(2);
		const [prober, target] = hosts as [Host, Host];
		const probes = prober.machine.counters.probes;
		let lost = 0;
		// The first ping of a probe vanishes.
		world.passes = (from) => from !== prober.name || prober.machine.counters.probes === probes || lost++ > 0;
		world.until(() => prober.machine.counters.probes > probes + 1, 1_000);
		expect(lost).toBeGreaterThan(1);
		expect(prober.machine.counters.probeAnswers.none).toBe(0);
		expect(prober.machine.rttMs(target.name)!).toBeLessThan(ACK_TIMEOUT_MS / 2);
	});

	it('asks nobody to help when nobody is there to ask', () => {
		const { world, hosts } = settled(2);
		world.recording = true;
		world.kill(hosts[1]!);
		world.run(1_000);
		expect(hosts[0]!.view).toBe('n0:alive n1:suspect');
		expect(sentMessages(world.sent, 'indirectPing')).toEqual([]);
	});

	it('a failed probe is no evidence against a member that has spoken since it began', () => {
		const { world, hosts } = settled(2);
		const [judge, target] = hosts as [Host, Host];
		world.passes = (_from, to) => to !== target.name;
		world.recording = true;
		const probesTarget = (): boolean =>
			sentMessages(world.sent, 'ping').some(({ from, fields }) => from === judge && fields.Node === target.name);
		world.until(probesTarget, 1_000, 'a probe of the target');
		const { name, address, incarnation } = target.machine.self;
		new Stranger(world).alive(judge, { name, address, incarnation: incarnation + 1 });
		const failed = judge.machine.counters.probeAnswers.none;
		world.until(() => judge.machine.counters.probeAnswers.none > failed, PERIOD_MS, 'the verdict');
		expect(judge.states(name)).not.toContain('alive>suspect');
	});
});

describe('Lifeguard §IV-A: local health', () => {
	it('X8: a helper that gets no ack nacks after 0.8 × ackTimeout, within the window of the asker', () => {
		const { world, hosts } = settled(8);
		const victim = hosts[3]!;
		world.recording = true;
		world.kill(victim);
		world.run(5_000);
		const asked = sentMessages(world.sent, 'indirectPing').filter(({ at }) => at < world.now - PERIOD_MS);
		const nacks = sentMessages(world.sent, 'nackResp');
		expect(asked.length).toBeGreaterThanOrEqual(3);
		for (const { at, fields, from, to } of asked) {
			const answer = nacks.find(
				(nack) => nack.fields.SeqNo === fields.SeqNo && formatAddress(nack.from.address) === formatAddress(to),
			);
			expect(answer).toMatchObject({ to: from.address, at: at + world.latencyMs + 0.8 * ACK_TIMEOUT_MS });
		}
		for (const host of world.hosts.values()) expect(host.machine.health).toBe(0);
	});

	it('nacks that do not come make a node doubt itself and wait longer', () => {
		const { world, hosts } = settled(8);
		const deaf = hosts[2]!;
		world.passes = (_, to) => to !== deaf.name;
		world.recording = true;
		world.run(4_000);
		const scores = deaf.events.flatMap((event) => (event.type === 'health' ? [event.to] : []));
		expect(scores).toEqual([3, 6, 7]);
		// The requests for help of one probe go out together.
		const asked = [
			...new Set(sentMessages(world.sent, 'indirectPing').flatMap(({ from, at }) => (from === deaf ? [at] : []))),
		];
		const windows = asked.slice(1).map((at, i) => at - asked[i]!);
		expect(windows).toEqual([PERIOD_MS, 4 * PERIOD_MS, 7 * PERIOD_MS]);
		world.passes = () => true;
		world.until(() => deaf.machine.health === 0, 20_000, 'trust in itself');
	});
});

describe('suspicion', () => {
	it('Lifeguard §IV-C: whoever pings a suspect tells it so, and the ack brings the refutation', () => {
		const { world, hosts } = settled(2);
		const [observer, mute] = hosts as [Host, Host];
		world.passes = (from) => from !== mute.name;
		world.until(() => observer.view.includes(`${mute.name}:suspect`), 1_000);
		world.recording = true;
		world.run(2_000);
		const pings = world.sent.filter(
			({ from, bytes }) => from === observer && messagesOf(bytes).at(-1)?.type === 'ping',
		);
		expect(pings.length).toBeGreaterThan(0);
		for (const { bytes } of pings) {
			expect(messagesOf(bytes)[0]).toMatchObject({ type: 'suspect', fields: { Node: mute.name, From: observer.name } });
		}
		// What the mute one has answered is lost, and its answer to the same accusation is repeated.
		expect(mute.machine.counters.refutations).toBe(1);
		const before = pings.length;
		world.passes = () => true;
		world.until(() => world.complete, 2_000, 'the refutation');
		const after = sentMessages(world.sent, 'ping').filter(({ from }) => from === observer).length;
		expect(after - before).toBeLessThanOrEqual(2);
	});

	it.each([2, 3, 4, 5, 10])(
		'X7: in a cluster of %i a lone crash is a death 5 to 6 s after the first suspicion',
		(count) => {
			const { world, hosts } = settled(count, count);
			const [victim, ...rest] = hosts as [Host, ...Host[]];
			world.kill(victim);
			world.until(() => rest.some((host) => host.view.includes('n0:suspect')), 2 * count * PERIOD_MS, 'a suspicion');
			const suspectedAt = world.now;
			world.until(() => rest.some((host) => host.view.includes('n0:dead')), 8_000, 'a death');
			expect(world.now - suspectedAt).toBeGreaterThanOrEqual(5_000);
			expect(world.now - suspectedAt).toBeLessThan(6_000);
			world.until(() => rest.every((host) => host.view.includes('n0:dead')), 1_500, 'its death everywhere');
		},
	);
});

describe('a bad network', () => {
	// Measured over 56 worlds: about 13,000 suspicions in all views, 800 refutations and no death a run. Worlds 3 and 9
	// had one each while an ack to a ping that carries a suspicion did not bring the refutation.
	it.each([1, 3, 9])(
		'seed 04: a lossy link alone does not kill: 20 nodes lose every fifth packet for 120 s, world %i',
		(seed) => {
			const { world } = settled(20, seed, { loss: 0.2 });
			world.run(120_000);
			expect(deaths(world)).toEqual([]);
			const suspicions = [...world.hosts.values()].flatMap((host) =>
				host.events.filter((event) => event.type === 'state' && event.to === 'suspect'),
			);
			expect(suspicions.length).toBeGreaterThan(1_000);
			world.loss = 0;
			world.until(() => world.complete, 5_000, 'everybody alive everywhere');
		},
		60_000,
	);

	it('seed 04: a crash in a cluster of 10 is noticed in under 1 s typically', () => {
		const took = Array.from({ length: 30 }, (_, seed) => {
			const { world, hosts } = settled(10, seed);
			world.run(randomBelow(seededRandom(seed), PERIOD_MS));
			return noticed(world, hosts[seed % 10]!);
		});
		expect(median(took)).toBeLessThan(1_000);
	});

	it('seed 04: crashes in a cluster of 50 are noticed in under 1 s typically', () => {
		const { world, hosts } = settled(50);
		const took = hosts.slice(0, 11).map((victim) => noticed(world, victim));
		expect(median(took)).toBeLessThan(1_000);
	});

	it.each([
		[0, 1_000],
		[0.1, 2_000],
	])('seed 06: metadata updates spread to all of 50 at a loss of %f within %i ms', (loss, within) => {
		const { world, hosts } = settled(50, 3, { loss });
		world.setTags(hosts[17]!, { role: 'new' });
		const know = (host: Host): boolean => host.machine.member('n17')!.tags.role === 'new';
		world.until(() => hosts.every(know), within, 'the new tags everywhere');
	});
});
