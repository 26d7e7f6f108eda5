// A network without IPv4.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from './support/cluster.ts';
import { describeInNamespaces } from './support/describe.ts';

describeInNamespaces('three agents with IPv6 alone', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await Cluster.start({
			hosts: 3,
			family: 'IPv6',
			env: {
				LONGBOW_GOSSIP_BIND_ADDR: '::',
				LONGBOW_META_ADDR: '[::]:3001',
				LONGBOW_METRICS_ADDR: '[::]:9090',
				LONGBOW_LISTEN_ADDR: '[::]:3000',
			},
		});
	});
	afterAll(() => cluster?.close());

	it('see each other, and tell addresses that can be reached', async () => {
		await cluster.agree();
		for (const agent of cluster.agents) {
			const told = (await cluster.members(agent)).map(({ ID, Addr, MetaAddr }) => [ID, Addr, MetaAddr]);
			expect(told).toEqual([
				['a1', '[fd00::1]:7946', '[fd00::1]:3001'],
				['a2', '[fd00::2]:7946', '[fd00::2]:3001'],
				['a3', '[fd00::3]:7946', '[fd00::3]:3001'],
			]);
		}
	});
});
