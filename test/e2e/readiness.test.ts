// When the /readyz of a real agent turns to 200: with the state of the mesh, or when it is known to be alone.

import { afterEach, describe, expect, it } from 'vitest';
import { callAction } from '../../src/flight/index.ts';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { eventually } from '../support/cli.ts';

const agents: AgentProcess[] = [];

afterEach(async () => {
	await Promise.all(agents.splice(0).map((agent) => agent.end()));
});

async function start(name: string, join: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<AgentProcess> {
	const agent = await startAgentProcess(name, { join, env });
	agents.push(agent);
	return agent;
}

interface Readiness {
	readonly ready: boolean;
	readonly reasons: readonly string[];
}

async function readiness({ metrics }: AgentProcess): Promise<Readiness> {
	const response = await fetch(`http://${metrics}/readyz`);
	const answer = (await response.json()) as Readiness;
	expect(response.status).toBe(answer.ready ? 200 : 503);
	return answer;
}

/** What it said until it was ready. */
async function untilReady(agent: AgentProcess): Promise<ReadonlySet<string>> {
	const reasons = new Set<string>();
	await eventually(`${agent.name} is ready`, async () => {
		const answer = await readiness(agent);
		for (const reason of answer.reasons) reasons.add(reason);
		return answer.ready || undefined;
	});
	return reasons;
}

describe('/readyz', () => {
	it('of a newcomer is 200 once it knows all members', async () => {
		const a = await start('a');
		const b = await start('b', [a.gossip]);
		await Promise.all([untilReady(a), untilReady(b)]);
		const c = await start('c', [b.gossip]);
		await untilReady(c);
		const members = (await callAction(c.status, 'MeshStatus', undefined, { timeoutMs: 5_000 })) as { ID: string }[];
		expect(members.map(({ ID }) => ID)).toEqual(['a', 'b', 'c']);
	});

	it('of a first node whose peers are not there is 200 after some seconds, and stays so', async () => {
		const a = await start('a', ['127.0.0.1:9', 'longbow-1.invalid']);
		expect(await readiness(a)).toEqual({ ready: false, reasons: ['No known address has answered yet.'] });
		await untilReady(a);
	});

	it('of a node whose discovery is dead says so', async () => {
		const a = await start('a', [], {
			LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns',
			LONGBOW_GOSSIP_DNS_RECORD: '_gossip._udp.mesh.test',
			LONGBOW_GOSSIP_DNS_SERVERS: `127.0.0.1:${await freePort()}`,
		});
		const { reasons } = await eventually('it knows why', async () => {
			const answer = await readiness(a);
			return answer.reasons.some((reason) => reason.includes('ECONNREFUSED')) ? answer : undefined;
		});
		expect(reasons[0]).toMatch(
			/^Discovery by dns has not answered yet: no name server answered for _gossip\._udp\.mesh\.test/,
		);
	});
});
