// Sixteen agents in network namespaces under faults that last: loss, a partition, a link that flaps.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { staysFor } from '../interop/support/quiet.ts';
import { Cluster, figure, fingerprintOf } from '../netns/support/cluster.ts';
import { describeInNamespaces } from '../netns/support/describe.ts';

describeInNamespaces('soak: sixteen agents in network namespaces', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await Cluster.start({ hosts: 16 });
	});
	beforeEach(() => cluster.mend());
	afterAll(() => cluster?.close());

	it('seed 04: 20 % loss on every link for two minutes kills nobody', async () => {
		const since = Date.now();
		await cluster.switchboard.lose(20);
		await staysFor(120_000, async () => expect(cluster.deathsSince(since)).toEqual([]));
		await cluster.switchboard.heal();
		await cluster.isWhole(5_000);
		await cluster.agree();
		figure(`20 % loss for two minutes: ${cluster.suspicionsSince(since).length} suspicions, no death`);
	});

	it('a partition of a minute, when nobody sends to the dead any more, heals within two turns of the reconnector', async () => {
		const before = await cluster.agree();
		const halves = [cluster.agents.slice(0, 8), cluster.agents.slice(8)] as const;
		const [left, right] = halves.map((half) => half.map(({ host }) => host));
		await cluster.switchboard.part(left!, right!);
		await staysFor(60_000, async () => {
			for (const half of halves) {
				const dead = half.flatMap((agent) => agent.those('dead'));
				expect(half.filter(({ name }) => dead.includes(name))).toEqual([]);
			}
		});
		for (const half of halves) expect(await cluster.agree(half)).toBe(fingerprintOf(half.map(({ name }) => name)));

		const healedAt = Date.now();
		await cluster.switchboard.heal();
		await cluster.isWhole(12_000);
		figure(`partition 8|8 of a minute: whole ${cluster.stepsSince(healedAt).at(-1)!.at - healedAt} ms after the heal`);
		expect(await cluster.agree()).toBe(before);
	});

	it('a link that flaps every second for a minute kills nobody', async () => {
		const since = Date.now();
		const { host } = cluster.agents[15]!;
		for (let flap = 0; flap < 30; flap++) {
			for (const state of ['down', 'up'] as const) {
				await cluster.network.setLink(host, state);
				await staysFor(1_000, async () => expect(cluster.deathsSince(since)).toEqual([]));
			}
		}
		await cluster.isWhole(5_000);
		await cluster.agree();
		figure(`a link flapping for a minute: ${cluster.suspicionsSince(since).length} suspicions, no death`);
	});
});
