// `why` on hosts of their own: the cause is real, and an agent names it from what it has recorded.

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { WhyDocument } from '../../src/status/index.ts';
import { eventually } from '../support/cli.ts';
import { until } from '../support/until.ts';
import { Agent } from './support/agent.ts';
import { Cluster } from './support/cluster.ts';
import { describeInNamespaces } from './support/describe.ts';

describeInNamespaces('why, on six hosts', () => {
	let cluster: Cluster;

	beforeAll(async () => {
		cluster = await Cluster.start({ hosts: 6, env: { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '2s' } });
	});
	beforeEach(() => cluster.mend());
	afterAll(() => cluster?.close());

	/** What the agent says of the member as soon as it concludes one of these. */
	async function concludes(agent: Agent, member: string, ...codes: readonly string[]): Promise<WhyDocument> {
		let last: WhyDocument | undefined;
		try {
			return await eventually(`${agent.name} concludes ${codes} of ${member}`, async () => {
				last = await cluster.why(agent, member);
				return codes.includes(last.likely.code) ? last : undefined;
			});
		} catch (error) {
			throw new Error(`${(error as Error).message}; at last: ${JSON.stringify(last, undefined, 1)}`, { cause: error });
		}
	}

	it('one way cut: the path from this node', async () => {
		const { agents, network, switchboard } = cluster;
		await switchboard.cut([network.hosts[1]!], [network.hosts[4]!]);
		const { likely, state } = await concludes(agents[1]!, 'a5', 'path');
		expect([state, likely.text]).toEqual([
			'alive',
			expect.stringMatching(/^Likely the path from this node to it: a\d.* reached it\. It stays alive\.$/),
		]);
	});

	it('a partition: who is behind the cut, and afterwards that there was one', async () => {
		await cluster.isWhole();
		const { agents, network, switchboard } = cluster;
		await switchboard.part(network.hosts.slice(0, 3), network.hosts.slice(3));
		const during = await concludes(agents[0]!, 'a5', 'partition');
		expect(during.likely.text).toMatch(
			/^Likely the network is cut, or they went down together: it stopped answering, a4 and a6 within /,
		);
		expect(during.likely.text).toMatch(/ within 4\.0s of it; (1 other has|2 others have) answered since\.$/);
		await until('each half is dead to the other', () => agents[0]!.those('dead').length === 3, 20_000);
		await cluster.mend();
		const after = await concludes(agents[0]!, 'a5', 'partition');
		expect(after.likely.text).toMatch(
			/^Likely the network was cut: it stopped answering, a4 and a6 within 4\.0s of it, /,
		);
	});

	it('a crash and a start with another key: its process, then that it is not silent but refused', async () => {
		const { agents, network } = cluster;
		await cluster.kill(agents[5]!);
		const { likely } = await concludes(agents[0]!, 'a6', 'process');
		expect(likely.text).toMatch(/^Likely its process or host: .+ could not reach it, and nobody says otherwise;/);
		const stranger = await Agent.start(network.hosts[5]!, {
			name: 'a6',
			seeds: [agents[0]!.gossip],
			env: { LONGBOW_GOSSIP_KEYS: Buffer.alloc(32, 7).toString('base64') },
		});
		try {
			const refused = await concludes(agents[0]!, 'a6', 'key');
			expect(refused.likely.text).toMatch(
				/^It is not silent: \d+ packets? from 10\.[\d.]+ were refused in the last 10m/,
			);
		} finally {
			await stranger.kill();
		}
		await cluster.startAgent(5);
		await cluster.isWhole();
	});

	it('a stall: that it was stalled, and at the stalled itself, that it did not run', async () => {
		const { agents } = cluster;
		const [first, , , stalled] = agents as [Agent, Agent, Agent, Agent];
		stalled.signal('SIGSTOP');
		const stoppedAt = Date.now();
		// It may have been suspected just before; what is shorter than a period is no stall.
		const missed = (): boolean => Date.now() - stoppedAt > 1_000 && !first.those('alive').includes(stalled.name);
		await until('missed', missed, 20_000);
		stalled.signal('SIGCONT');
		await cluster.isWhole();
		await concludes(first, stalled.name, 'stalled', 'packets-lost', 'unreachable-for-a-while');
		const { likely } = await concludes(stalled, stalled.name, 'self-overloaded');
		expect(likely.text).toMatch(
			/^This is the node that answers\. It is overloaded: it was not run when it was due (once|\d+ times) /,
		);
	});
});
