// Coming, moving and going over UDP alone: eight agents, one static seed, nothing open but the gossip port.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/cli.ts';
import { until } from '../support/until.ts';
import { Cluster, figure, fingerprintOf } from './support/cluster.ts';
import { describeInNamespaces } from './support/describe.ts';

describeInNamespaces('eight agents with one static seed and without TCP', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		const begunAt = Date.now();
		cluster = await Cluster.start({ hosts: 10, agents: 8, env: { LONGBOW_GOSSIP_STREAMS: 'false' } });
		figure(`8 agents: started, and all views complete, in ${Date.now() - begunAt} ms`);
	});
	afterAll(() => cluster?.close());

	const addresses = async (): Promise<string[]> => {
		const pages = await Promise.all(cluster.agents.map((agent) => cluster.members(agent)));
		return pages.map((members) => members.map(({ ID, Addr, Status }) => `${ID} ${Addr} ${Status}`).join(', '));
	};

	it('seed 05, seed 10: all see all, and hold one ring', async () => {
		expect(await cluster.agree()).toBe(fingerprintOf(cluster.agents.map(({ name }) => name)));
		const expected = cluster.agents.map(({ name, gossip }) => `${name} ${gossip} 0`).join(', ');
		expect(await addresses()).toEqual(cluster.agents.map(() => expected));
	});

	it('seed 05: a ninth sees all and is seen by all within 2 s', async () => {
		const ninth = await cluster.startAgent(8);
		await cluster.isWhole(2_000);
		const last = Math.max(...cluster.stepsSince(0).map(({ at }) => at));
		figure(
			`a ninth agent and eight others know each other ${Math.max(0, last - ninth.readyAt)} ms after its doors were open`,
		);
		await cluster.agree();
	});

	it('an agent that comes back at another address is alive there for all within 2 s, and leaves no ghost', async () => {
		await cluster.kill(cluster.agents[7]!);
		const moved = await cluster.startAgent(9, { name: 'a8' });
		const expected = cluster.agents.map(({ name, gossip }) => `${name} ${gossip} 0`).join(', ');
		const all = async () => (await addresses()).every((view) => view === expected) || undefined;
		await eventually('a8 at its new address in every view', all, 2_000);
		figure(
			`an agent at another address is alive there for all ${Date.now() - moved.readyAt} ms after its doors were open`,
		);
		await cluster.agree();
	});

	it('seed 07: the seed may die: nobody else is affected, and a newcomer joins through another', async () => {
		const [seed, ...others] = cluster.agents;
		const killedAt = Date.now();
		await cluster.kill(seed!);
		await until('the seed is dead for all', () => others.every((agent) => `${agent.those('dead')}` === 'a1'), 12_000);
		const deaths = cluster.deathsSince(killedAt);
		expect(new Set(deaths.map(({ member }) => member))).toEqual(new Set(['a1']));
		figure(`a dead seed is dead for all after ${deaths.at(-1)!.at - killedAt} ms`);

		const newcomer = await cluster.startAgent(7, { name: 'newcomer', seed: 1 });
		await cluster.allSeeAlive(others.concat(newcomer), 2_000);
		expect(await cluster.agree()).toBe(fingerprintOf(cluster.agents.map(({ name }) => name)));
	});
});
