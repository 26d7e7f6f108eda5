// What the original mesh got wrong about probing, each defect by its number (the table is in original-defects.test.ts).
import { describe, expect, it } from 'vitest';
import { EMPTY, utf8 } from '../../src/swim/index.ts';
import { messagesOf, NOWHERE, STRANGER, Stranger, sentMessages } from '../support/stranger.ts';
import { type Host, World } from '../support/world.ts';

const UDP_ONLY = { streams: false } as const;
const PERIOD_MS = 200;

function complete(world: World, count: number): Host[] {
	const hosts = world.cluster(count);
	world.until(() => world.complete, 5_000, 'complete views');
	world.run(5_000);
	return hosts;
}

/** Instants at which `from` pinged the member itself, not on behalf of others. */
function pingsOf(world: World, from: Host, name: string): number[] {
	return sentMessages(world.sent, 'ping').flatMap((ping) =>
		ping.from === from && ping.fields.Node === name ? [ping.at] : [],
	);
}

function longestGap(instants: readonly number[]): number {
	return Math.max(...instants.slice(1).map((at, i) => at - instants[i]!));
}

describe('whom to probe, and when', () => {
	it('defect 12: with 198 dead remembered, the one live peer is pinged every period, and nobody else', () => {
		const world = new World(UDP_ONLY);
		const [a, b] = complete(world, 2) as [Host, Host];
		const stranger = new Stranger(world);
		for (let i = 0; i < 198; i++) {
			stranger.alive(a, { name: `ghost${i}`, incarnation: 7, address: { ...NOWHERE, port: 1_000 + i } });
			stranger.dead(a, `ghost${i}`, 7, b.name);
		}
		expect(a.machine.members().filter(({ state }) => state === 'dead')).toHaveLength(198);
		world.recording = true;
		world.run(20_000);
		const pings = pingsOf(world, a, b.name);
		expect(pings.length).toBeGreaterThanOrEqual(99);
		expect(longestGap(pings)).toBeLessThanOrEqual(PERIOD_MS);
		// Pings to nobody in particular are the reconnector's, which tries the address of one of the dead now and then.
		const probes = sentMessages(world.sent, 'ping').filter((ping) => ping.from === a && ping.fields.Node !== '');
		const others = probes.filter((ping) => ping.fields.Node !== b.name);
		expect(others).toEqual([]);
		world.kill(b);
		world.until(() => a.view.includes('n1:suspect'), 1_000, 'a crash is noticed all the same');
	});

	it('defect 12: every member is probed within 2n - 1 periods of its last probe', () => {
		const world = new World(UDP_ONLY);
		const [a, ...others] = complete(world, 12) as [Host, ...Host[]];
		world.recording = true;
		world.run(60_000);
		for (const other of others) {
			const pings = pingsOf(world, a, other.name);
			expect(longestGap(pings)).toBeLessThanOrEqual((2 * others.length - 1) * PERIOD_MS);
			expect(pings.length).toBeGreaterThanOrEqual(25);
		}
		expect(pingsOf(world, a, a.name)).toEqual([]);
	});

	it.each([50, 200, 1_000, 5_000])('defect 13: a configured period of %i ms is obeyed', (protocolPeriodMs) => {
		const world = new World({ ...UDP_ONLY, protocolPeriodMs, ackTimeoutMs: protocolPeriodMs / 2 });
		const [a] = complete(world, 2) as [Host];
		const before = a.machine.counters.probes;
		world.run(20 * protocolPeriodMs);
		expect(a.machine.counters.probes - before).toBe(20);
	});

	it.each([50, 1_000])(
		'defect 13: a probe is judged at the end of a configured period of %i ms',
		(protocolPeriodMs) => {
			const world = new World({ ...UDP_ONLY, protocolPeriodMs, ackTimeoutMs: protocolPeriodMs / 2 });
			const [a, b] = complete(world, 2) as [Host, Host];
			world.kill(b);
			world.until(() => a.view.includes('n1:suspect'), 3 * protocolPeriodMs);
			expect(a.events.at(-1)).toMatchObject({ why: { code: 'probe-failed', sentAt: world.now - protocolPeriodMs } });
		},
	);

	it.each([20, 90])('defect 13: a configured ack timeout of %i ms is obeyed', (ackTimeoutMs) => {
		const world = new World({ ...UDP_ONLY, ackTimeoutMs });
		const hosts = complete(world, 4);
		world.recording = true;
		world.kill(hosts[3]!);
		world.run(5_000);
		const [request] = sentMessages(world.sent, 'indirectPing');
		const ping = sentMessages(world.sent, 'ping').find(
			({ from, fields }) => from === request!.from && fields.SeqNo === request!.fields.SeqNo,
		)!;
		expect(request!.at - ping.at).toBe(ackTimeoutMs);
	});

	it('defect 14: a probe sends one ping, and one ack answers it', () => {
		const world = new World(UDP_ONLY);
		const hosts = complete(world, 5);
		const probes = (): number => hosts.reduce((sum, host) => sum + host.machine.counters.probes, 0);
		const before = probes();
		world.recording = true;
		world.setTags(hosts[0]!, { news: 'to carry' });
		world.run(10_000);
		const pings = sentMessages(world.sent, 'ping');
		expect(pings).toHaveLength(probes() - before);
		expect(new Set(pings.map(({ from, fields }) => `${from.name} ${fields.SeqNo}`)).size).toBe(pings.length);
		const acks = sentMessages(world.sent, 'ackResp').length;
		expect(Math.abs(acks - pings.length)).toBeLessThanOrEqual(hosts.length);
	});

	it('defect 15: a target that does not answer stops no schedule', () => {
		const world = new World(UDP_ONLY);
		const hosts = complete(world, 6);
		world.kill(hosts[5]!);
		const before = hosts.map((host) => host.machine.counters.probes);
		world.run(3_000);
		hosts.slice(0, 5).forEach((host, i) => {
			expect(host.machine.counters.probeAnswers.none).toBeGreaterThan(0);
			expect(host.machine.counters.probes - before[i]!).toBeGreaterThanOrEqual(14);
		});
	});

	it('defect 15: a node answers others while its own probe waits', () => {
		const world = new World(UDP_ONLY);
		const node = world.add('node');
		const stranger = new Stranger(world);
		stranger.alive(node, { name: 'silent', incarnation: 7 });
		world.recording = true;
		world.until(() => pingsOf(world, node, 'silent').length === 1, 1_000, 'a probe');
		stranger.send(node, (packet) => packet.ping(99, utf8('node'), undefined));
		const [ack] = sentMessages(world.sent, 'ackResp');
		expect(ack).toMatchObject({ at: world.now, to: STRANGER, fields: { SeqNo: 99 } });
	});
});

describe('helping', () => {
	const ALICE = { host: '10.66.0.1', port: 7_946 };
	const BOB = { host: '10.66.0.2', port: 7_946 };

	/** A helper that knows two members behind which is nobody but this test. */
	function helper(): { world: World; node: Host; stranger: Stranger; lastPing: (name: string) => number } {
		const world = new World(UDP_ONLY);
		const node = world.add('helper');
		const stranger = new Stranger(world);
		for (const name of ['x', 'y']) stranger.alive(node, { name, incarnation: 7 });
		world.recording = true;
		const lastPing = (name: string): number =>
			sentMessages(world.sent, 'ping').findLast(({ fields }) => fields.Node === name)!.fields.SeqNo as number;
		return { world, node, stranger, lastPing };
	}

	it('defect 16: two requesters with one sequence number each get their own answer, and no other', () => {
		const { world, node, stranger, lastPing } = helper();
		for (const [from, name] of [
			[ALICE, 'x'],
			[BOB, 'y'],
		] as const) {
			stranger.send(node, (packet) => packet.indirectPing(5, stranger.identity({ name }), true), from);
		}
		const [toX, toY] = [lastPing('x'), lastPing('y')];
		expect(toX).not.toBe(toY);
		stranger.send(node, (packet) => packet.ack(toY, undefined, undefined), NOWHERE);
		world.run(300);
		const to = (type: string): unknown[] => sentMessages(world.sent, type).map((each) => [each.to, each.fields.SeqNo]);
		expect(to('ackResp')).toEqual([[BOB, 5]]);
		expect(to('nackResp')).toEqual([[ALICE, 5]]);
	});

	it("defect 16: a relayed ack under the number of the helper's own probe does not satisfy that probe", () => {
		const { world, node, stranger, lastPing } = helper();
		const ownProbes = (): number => node.machine.counters.probes;
		world.until(() => ownProbes() === 1, 1_000, 'a probe of its own');
		const probed = sentMessages(world.sent, 'ping')[0]!.fields;
		const other = probed.Node === 'x' ? 'y' : 'x';
		const colliding = probed.SeqNo as number;
		stranger.send(node, (packet) => packet.indirectPing(colliding, stranger.identity({ name: other }), true), ALICE);
		stranger.send(node, (packet) => packet.ack(lastPing(other), undefined, undefined), NOWHERE);
		const answers = sentMessages(world.sent, 'ackResp');
		expect(answers.map((each) => [each.to, each.fields.SeqNo])).toEqual([[ALICE, colliding]]);
		world.until(() => node.machine.member(probed.Node as string)!.state === 'suspect', 400, 'its own verdict');
	});

	it('defect 16: an ack of a number that was never sent, or of another life, satisfies nothing', () => {
		const { world, node, stranger } = helper();
		world.until(() => node.machine.counters.probes === 1, 1_000);
		const probed = sentMessages(world.sent, 'ping')[0]!.fields;
		for (const seqNo of [0, 1, 2, (probed.SeqNo as number) - 1, (probed.SeqNo as number) + 1]) {
			stranger.send(node, (packet) => packet.ack(seqNo >>> 0, undefined, undefined), NOWHERE);
		}
		world.until(() => node.machine.member(probed.Node as string)!.state === 'suspect', 400, 'the verdict');
		const lives = [1, 2, 3].map((seed) => {
			const again = new World({ ...UDP_ONLY, seed });
			const [a] = complete(again, 2) as [Host];
			again.recording = true;
			again.run(300);
			return pingsOf(again, a, 'n1').length > 0 && sentMessages(again.sent, 'ping')[0]!.fields.SeqNo;
		});
		expect(new Set(lives).size).toBe(3);
	});

	it('defect 17: a helper without an answer says so before the requester has to judge', () => {
		const world = new World(UDP_ONLY);
		const hosts = complete(world, 6);
		world.recording = true;
		world.kill(hosts[5]!);
		world.until(() => hosts.slice(0, 5).every((host) => host.view.includes('n5:suspect')), 5_000);
		const first = hosts.flatMap((host) =>
			host.events.flatMap((event) => (event.type === 'state' && event.why.code === 'probe-failed' ? [event.why] : [])),
		)[0]!;
		expect(first).toMatchObject({ nacks: 3, helpers: { length: 3 } });
		for (const nack of sentMessages(world.sent, 'nackResp')) {
			const request = sentMessages(world.sent, 'indirectPing').findLast(({ at }) => at < nack.at)!;
			expect(nack.at - request.at).toBeLessThanOrEqual(100 - 2 * world.latencyMs);
		}
	});

	it('defect 17: a target that is no IP address of a known member is never looked up, and never pinged', () => {
		const { world, node, stranger } = helper();
		const target = stranger.identity({ name: 'x' });
		const host = utf8('metadata.example');
		expect(host).toHaveLength(16);
		const forged = [utf8('evil.example'), host, Uint8Array.of(10, 0, 0, 9), EMPTY];
		for (const addressBytes of forged) {
			stranger.send(node, (packet) => packet.indirectPing(5, { ...target, addressBytes }, true), ALICE);
		}
		expect(world.sent).toEqual([]);
		expect(node.machine.counters.rejected['unknown-member']).toBe(forged.length);
	});
});

describe('what packets carry', () => {
	it('defect 18: news travels on acks too, not on pings alone', () => {
		const world = new World(UDP_ONLY);
		const node = world.add('node');
		const stranger = new Stranger(world);
		stranger.alive(node, { name: 'member', incarnation: 7 });
		world.setTags(node, { role: 'db' });
		world.recording = true;
		stranger.send(node, (packet) => packet.ping(1, utf8('node'), undefined));
		const answer = messagesOf(world.sent[0]!.bytes);
		expect(answer.map(({ type }) => type)).toEqual(['ackResp', 'alive', 'alive']);
		const incarnation = node.machine.self.incarnation;
		expect(answer.map(({ fields }) => [fields.Node, fields.Incarnation])).toContainEqual(['node', incarnation]);
	});

	it('defect 18: an ack alone tells a member that never gossips what is new', () => {
		const world = new World({ ...UDP_ONLY, gossipNodes: 0 });
		const [a, b] = complete(world, 2) as [Host, Host];
		world.setTags(b, { role: 'db' });
		world.recording = true;
		world.until(() => a.machine.member('n1')!.tags.role === 'db', PERIOD_MS + 2);
		expect(world.sent.filter(({ from }) => from === b).length).toBeLessThanOrEqual(2);
	});

	it('defect 18: what was sent least goes first', () => {
		const world = new World(UDP_ONLY);
		const node = world.add('node');
		const stranger = new Stranger(world);
		world.recording = true;
		const told = (): unknown[] => {
			stranger.send(node, (packet) => packet.ping(1, utf8('node'), undefined));
			return messagesOf(world.sent.at(-1)!.bytes).flatMap(({ type, fields }) =>
				type === 'alive' ? [fields.Node] : [],
			);
		};
		for (const name of ['a', 'b', 'c', 'd']) stranger.alive(node, { name, incarnation: 7 });
		expect(told()).toEqual(['node', 'a', 'b', 'c', 'd']);
		stranger.alive(node, { name: 'fresh', incarnation: 7 });
		expect(told()[0]).toBe('fresh');
	});

	it('defect 18: a suspect is told of its suspicion by whoever pings it', () => {
		const world = new World(UDP_ONLY);
		const hosts = complete(world, 4);
		world.passes = (from) => from !== 'n1';
		world.until(() => hosts[0]!.view.includes('n1:suspect'), 3_000);
		world.recording = true;
		world.until(() => pingsOf(world, hosts[0]!, 'n1').length > 0, 3_000);
		const ping = sentMessages(world.sent, 'ping').find(
			({ from, fields }) => from === hosts[0] && fields.Node === 'n1',
		)!;
		expect(messagesOf(ping.bytes)).toContainEqual(
			expect.objectContaining({ type: 'suspect', fields: expect.objectContaining({ Node: 'n1' }) }),
		);
	});
});
