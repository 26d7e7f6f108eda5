// `why --at` against live agents: a member is stopped and goes on, and is asked about afterwards through every door.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAction } from '../../src/flight/index.ts';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { cli, eventually } from '../support/cli.ts';

let a: AgentProcess;
let b: AgentProcess;
/** While b was suspect. */
let then: string;

const ask = (line: string) => cli(line.split(' '), { env: { LONGBOW_ADDR: a.status } });

async function untilState(state: string): Promise<void> {
	await eventually(`b is ${state}`, async () => {
		const { code, out } = await ask('why b --json');
		return (code === 0 && JSON.parse(out).state === state) || undefined;
	});
}

beforeAll(async () => {
	a = await startAgentProcess('a', { env: { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '60s' } });
	b = await startAgentProcess('b', { join: [a.gossip] });
	await untilState('alive');
	b.child.kill('SIGSTOP');
	await untilState('suspect');
	then = new Date().toISOString();
	b.child.kill('SIGCONT');
	await untilState('alive');
});

afterAll(async () => {
	await Promise.all([a.end(), b.end()]);
});

describe('why --at', () => {
	it('speaks of what was, with a time as our outputs have it', async () => {
		const { code, out } = await ask(`why b --utc --at ${then.slice(11, 23)}`);
		expect(code).toBe(0);
		expect(out).toMatch(/^b was suspect from [\d:.]{12} to [\d:.]{12}\.\n/);
		expect(out).toMatch(/\n {2}[\d:.]{12} {2}● refuted .*\n\nthis node now: a, /);
		expect(out).not.toMatch(/unless it refutes|no refutation heard/);
	});

	it('is the same document through the CLI, Flight and HTTP', async () => {
		const told = JSON.parse((await ask(`why b --json --at ${then}`)).out);
		expect(told.asked).toMatchObject({ at: then, turns: [{ state: 'suspect' }, { state: 'alive' }] });
		const [from, to] = told.asked.turns.map((turn: { at: string }) => turn.at);
		expect(from < then && then < to).toBe(true);
		const { timeline, asked } = told;
		const flight = await callAction(a.status, 'MeshWhy', { member: 'b', at: then }, { timeoutMs: 5_000 });
		expect(flight).toMatchObject({ timeline, asked });
		const page = await fetch(`http://${a.metrics}/api/v1/why?member=b&at=${then}`);
		expect(await page.json()).toMatchObject({ timeline, asked });
	});

	it('says where the record begins when the time was before it, and what a time is', async () => {
		const early = await ask('why b --at 1h');
		expect([early.code, early.out]).toEqual([1, '']);
		expect(early.err).toMatch(
			/^error: nothing of "b" is on record before [\d:.]{12}\n .*\n {2}try: longbow-mesh why b\n$/,
		);
		const page = await fetch(`http://${a.metrics}/api/v1/why?member=b&at=2020-01-01T00:00:00Z`);
		expect([page.status, await page.json()]).toEqual([
			404,
			{ error: expect.stringMatching(/^nothing of "b" is on .*Z$/) },
		]);
		const wrong = await ask('why b --at noon');
		expect([wrong.code, wrong.out]).toEqual([2, '']);
		expect(wrong.err).toMatch(/^error: --at "noon": a time gone by, for example 14:02:31, /);
	});
});
