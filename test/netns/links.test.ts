// Bad links: cut one way, pulled for a moment, lossy, or open for one protocol alone. None of them kills anybody.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { staysFor } from '../interop/support/quiet.ts';
import { Cluster, figure } from './support/cluster.ts';
import { describeInNamespaces } from './support/describe.ts';

describeInNamespaces('eight agents and bad links', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await Cluster.start({ hosts: 9, agents: 8 });
	});
	beforeEach(() => cluster.mend());
	afterAll(() => cluster?.close());

	/** Watches while the fault lasts. */
	async function nobodyDiesFor(ms: number): Promise<void> {
		const since = Date.now();
		await staysFor(ms, async () => expect(cluster.deathsSince(since)).toEqual([]));
	}

	it('seed 02: no ack within ackTimeout, one way being cut between two members: others are asked, both stay alive', async () => {
		const [, a2, a3] = cluster.agents;
		const failuresBefore = await cluster.metric(a2!, 'gossip_probe_answers_total{answer="none"}');
		const droppedBefore = await cluster.switchboard.dropped();
		const since = Date.now();
		await cluster.switchboard.cut([a2!.host], [a3!.host]);
		await nobodyDiesFor(15_000);
		const dropped = (await cluster.switchboard.dropped()) - droppedBefore;
		const failures = (await cluster.metric(a2!, 'gossip_probe_answers_total{answer="none"}')) - failuresBefore;
		figure(
			`one way cut for 15 s: ${dropped} packets dropped, ${failures} failed probes, ${cluster.suspicionsSince(since).length} suspicions`,
		);
		// Without the helpers each of about ten probes of the one by the other would have failed.
		expect(dropped).toBeGreaterThan(5);
		expect(failures).toBeLessThan(dropped / 3);
	});

	it('a link that is down for 3 s makes its host suspected at most', async () => {
		const since = Date.now();
		const { host } = cluster.agents[7]!;
		await cluster.network.setLink(host, 'down');
		await nobodyDiesFor(3_000);
		await cluster.network.setLink(host, 'up');
		const upAt = Date.now();
		await cluster.isWhole(10_000);
		expect(cluster.deathsSince(since)).toEqual([]);
		const suspicions = cluster.suspicionsSince(since).length;
		figure(`link down for 3 s: ${suspicions} suspicions, all alive for all ${Date.now() - upAt} ms after it was up`);
		expect(suspicions).toBeGreaterThan(0);
	});

	it('seed 04: 20 % loss on every link for 30 s kills nobody', async () => {
		const since = Date.now();
		const droppedBefore = await cluster.switchboard.dropped();
		await cluster.switchboard.lose(20);
		await nobodyDiesFor(30_000);
		const dropped = (await cluster.switchboard.dropped()) - droppedBefore;
		figure(
			`20 % loss for 30 s: ${dropped} packets lost, ${cluster.suspicionsSince(since).length} suspicions, no death`,
		);
		expect(dropped).toBeGreaterThan(300);
	});

	it('a member that only TCP reaches stays alive', async () => {
		const [last, ...others] = cluster.agents.map(({ host }) => host).reverse();
		const since = Date.now();
		const droppedBefore = await cluster.switchboard.dropped();
		await cluster.switchboard.part([last!], others, ['udp']);
		await nobodyDiesFor(12_000);
		expect((await cluster.switchboard.dropped()) - droppedBefore).toBeGreaterThan(100);
		figure(`12 s of TCP alone for one member: ${cluster.suspicionsSince(since).length} suspicions, no death`);
	});

	it('a member that can speak but not hear kills nobody but itself', async () => {
		const [deaf, ...others] = [...cluster.agents].reverse();
		const since = Date.now();
		await cluster.switchboard.cut(
			others.map(({ host }) => host),
			[deaf!.host],
		);
		await staysFor(12_000, async () => {
			expect(cluster.deathsSince(since, others).filter(({ member }) => member !== deaf!.name)).toEqual([]);
		});
		for (const agent of others) expect(agent.those('dead')).toEqual([deaf!.name]);
		const accusations = cluster.accusationsSince(since, [deaf!]).length;
		await cluster.switchboard.heal();
		const healedAt = Date.now();
		await cluster.isWhole(12_000);
		figure(
			`deaf for 12 s: ${accusations} accusations by the deaf; all alive for all ${Date.now() - healedAt} ms after the heal`,
		);
		expect(accusations).toBeGreaterThan(0);
	});

	it('seed 10: without TCP between any two all stay alive, and a ninth still joins', async () => {
		const { hosts } = cluster.network;
		const since = Date.now();
		await cluster.switchboard.cut(hosts, hosts, ['tcp']);
		const ninth = await cluster.startAgent(8);
		await cluster.isWhole(2_000);
		const last = Math.max(...cluster.stepsSince(since).map(({ at }) => at));
		const waitMs = Math.max(0, last - ninth.readyAt);
		figure(
			`TCP cut, streams on: a ninth agent and eight others know each other ${waitMs} ms after its doors were open`,
		);
		await nobodyDiesFor(8_000);
		await cluster.agree();
	});
});
