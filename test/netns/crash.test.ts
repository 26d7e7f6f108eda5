// Crashes and stalls of processes: SIGKILL, SIGSTOP and SIGCONT.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { staysFor } from '../interop/support/quiet.ts';
import { until } from '../support/until.ts';
import { Cluster, figure, fingerprintOf } from './support/cluster.ts';
import { describeInNamespaces } from './support/describe.ts';

describeInNamespaces('eight agents that crash and stall', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await Cluster.start({ hosts: 8 });
	});
	beforeEach(() => cluster.isWhole());
	afterAll(() => cluster?.close());

	it('a stall of 3 s does no lasting damage, and the stalled accuses nobody', async () => {
		const stalled = cluster.agents[4]!;
		const stoppedAt = Date.now();
		stalled.signal('SIGSTOP');
		await staysFor(3_000, async () => expect(cluster.deathsSince(stoppedAt)).toEqual([]));
		stalled.signal('SIGCONT');
		const wokenAt = Date.now();
		await cluster.isWhole(2_000);
		figure(`stall of 3 s: all alive for all ${Date.now() - wokenAt} ms after SIGCONT`);
		expect(cluster.deathsSince(stoppedAt)).toEqual([]);
		expect(cluster.accusationsSince(stoppedAt, [stalled])).toEqual([]);
		await cluster.agree();
	});

	it('seed 03: a stall of 15 s is a death, and the dead is welcomed back within 2 s', async () => {
		const stalled = cluster.agents[4]!;
		const others = cluster.agents.filter((agent) => agent !== stalled);
		const stoppedAt = Date.now();
		stalled.signal('SIGSTOP');
		await until(
			'the stalled is dead for all',
			() => others.every((agent) => `${agent.those('dead')}` === stalled.name),
			12_000,
		);
		const deaths = cluster.deathsSince(stoppedAt);
		figure(`stall of 15 s: dead after ${deaths[0]!.at - stoppedAt} to ${deaths.at(-1)!.at - stoppedAt} ms`);
		await staysFor(15_000 - (Date.now() - stoppedAt), async () => {
			for (const agent of others) expect(`${agent.those('dead')}`).toBe(stalled.name);
		});

		const wokenAt = Date.now();
		stalled.signal('SIGCONT');
		await cluster.isWhole(2_000);
		const back = cluster.stepsSince(wokenAt).at(-1)!.at;
		figure(`stall of 15 s: alive for all ${back - wokenAt} ms after SIGCONT`);
		expect(cluster.accusationsSince(stoppedAt, [stalled])).toEqual([]);
		await cluster.agree();
	});

	it('seed 07: half of all may crash: the others declare them dead within 12 s and each other never', async () => {
		const [survivors, crashed] = [cluster.agents.slice(0, 4), cluster.agents.slice(4)];
		const names = crashed.map(({ name }) => name);
		const before = await cluster.agree();
		const killedAt = Date.now();
		await cluster.kill(...crashed);
		await until('half is dead', () => survivors.every((agent) => `${agent.those('dead')}` === `${names}`), 12_000);
		const deaths = cluster.deathsSince(killedAt);
		figure(`4 of 8 crashed: dead after ${deaths[0]!.at - killedAt} to ${deaths.at(-1)!.at - killedAt} ms`);
		expect(new Set(deaths.map(({ member }) => member))).toEqual(new Set(names));
		expect(await cluster.agree()).toBe(fingerprintOf(survivors.map(({ name }) => name)));

		const restarted = await Promise.all([4, 5, 6, 7].map((host) => cluster.startAgent(host)));
		await cluster.isWhole(2_000);
		const readyAt = Math.max(...restarted.map((agent) => agent.readyAt));
		figure(
			`4 of 8 restarted: all alive for all ${cluster.stepsSince(0).at(-1)!.at - readyAt} ms after the last was ready`,
		);
		expect(await cluster.agree()).toBe(before);
	});
});
