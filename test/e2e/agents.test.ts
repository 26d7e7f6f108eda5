// Real agents, configured by the environment alone: they find each other, notice a death, and welcome who returns.

import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAction } from '../../src/flight/index.ts';
import type { MemberObject } from '../../src/status/index.ts';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { eventually } from '../support/cli.ts';

const SHORT = { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '1s' };
const STATES = ['alive', 'suspect', 'dead', 'left'];
const running: AgentProcess[] = [];

async function start(name: string, join: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<AgentProcess> {
	const agent = await startAgentProcess(name, { join, env: { ...SHORT, ...env } });
	running.push(agent);
	return agent;
}

/** `a alive, b dead`, as this agent sees it. */
async function view(agent: AgentProcess): Promise<string> {
	const members = (await callAction(agent.status, 'MeshStatus', undefined, { timeoutMs: 5_000 })) as MemberObject[];
	return members.map(({ ID, Status }) => `${ID} ${STATES[Status]}`).join(', ');
}

function sees(agents: readonly AgentProcess[], expected: string): Promise<true> {
	return eventually(`${agents.map(({ name }) => name).join(' and ')} see ${expected}`, async () => {
		const views = await Promise.all(agents.map(view));
		return views.every((text) => text === expected) || undefined;
	});
}

async function fingerprint(agent: AgentProcess): Promise<unknown> {
	const ring = (await callAction(agent.status, 'MeshRing', undefined, { timeoutMs: 5_000 })) as { fingerprint: string };
	return ring.fingerprint;
}

let a: AgentProcess;
let b: AgentProcess;
let c: AgentProcess;

beforeAll(async () => {
	a = await start('a');
	b = await start('b', [a.gossip]);
	// A peer that does not answer is no obstacle, and one that does is enough.
	c = await start('c', ['127.0.0.1:9', b.gossip]);
});

afterAll(async () => {
	await Promise.all(running.map((agent) => agent.end()));
});

describe('three agents', () => {
	it('seed 11: configured by the environment alone, see each other', async () => {
		await sees([a, b, c], 'a alive, b alive, c alive');
	});

	it('seed 15: static peers; one that answers is enough, and all have one ring', async () => {
		await eventually('one ring', async () => {
			const rings = await Promise.all([a, b, c].map(fingerprint));
			return new Set(rings).size === 1 || undefined;
		});
	});

	it('seed 03: a killed one is suspect, then dead, and the metrics count both steps', async () => {
		const statesSeen = new Set<string>();
		c.child.kill('SIGKILL');
		await eventually('c is dead to a', async () => {
			const text = await view(a);
			statesSeen.add(text);
			return text === 'a alive, b alive, c dead' || undefined;
		});
		expect([...statesSeen]).toContain('a alive, b alive, c suspect');
		await sees([a, b], 'a alive, b alive, c dead');
		const page = await (await fetch(`http://${a.metrics}/metrics`)).text();
		expect(page).toMatch(/^gossip_active_members 2$/m);
		expect(page).toMatch(/^gossip_member_state_changes_total\{from="alive",to="suspect"\} [1-9]/m);
		expect(page).toMatch(/^gossip_member_state_changes_total\{from="suspect",to="dead"\} [1-9]/m);
	});

	it('a restart at the same address outranks its own death', async () => {
		const port = c.gossip.split(':').at(-1) as string;
		c = await start('c', [a.gossip], { LONGBOW_GOSSIP_PORT: port });
		await sees([a, b, c], 'a alive, b alive, c alive');
	});

	it('a restart at a new address is the same member', async () => {
		c.child.kill('SIGKILL');
		await sees([a, b], 'a alive, b alive, c dead');
		const before = c.gossip;
		c = await start('c', [b.gossip]);
		expect(c.gossip).not.toBe(before);
		await sees([a, b, c], 'a alive, b alive, c alive');
	});

	it('SIGTERM says goodbye: exit 0, and the others call it left, not dead', async () => {
		const ended = once(c.child, 'exit');
		c.child.kill('SIGTERM');
		expect(await ended).toEqual([0, null]);
		await sees([a, b], 'a alive, b alive, c left');
		const page = await (await fetch(`http://${b.metrics}/metrics`)).text();
		expect(page).toMatch(/^gossip_member_state_changes_total\{from="alive",to="left"\} 1$/m);
	});

	it('seed 07: the seed itself may die', async () => {
		await b.end();
		await sees([a], 'a alive, b dead, c left');
		b = await start('b', [a.gossip]);
		await sees([a], 'a alive, b alive, c left');
		// Who left before it came is none of its business.
		await sees([b], 'a alive, b alive');
	});
});
