// `leave` at a real terminal, where it asks first; and `leave --remove`, which takes a dead member out for everybody.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { BINARY, cli, eventually } from '../support/cli.ts';
import { openScreen, type Screen } from '../support/tmux.ts';
import { hasTools } from '../support/tools.ts';

const SHORT = { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '1s' };
let a: AgentProcess;
let b: AgentProcess;

const ask = ({ status }: AgentProcess, line: string) => cli([...line.split(' '), '--addr', status]);
const states = async (agent: AgentProcess, state: string): Promise<string> =>
	(await ask(agent, `members --state ${state} -o name -q`)).out;

beforeAll(async () => {
	a = await startAgentProcess('a', { env: SHORT });
	b = await startAgentProcess('b', { join: [a.gossip], env: SHORT });
	await eventually('both are alive', async () => (await ask(a, 'members --expect 2')).code === 0 || undefined);
});

afterAll(async () => {
	await Promise.all([a.end(), b.end()]);
});

describe('leave --remove', () => {
	it('makes a dead member one that left, on every node, and refuses a live one', async () => {
		const c = await startAgentProcess('c', { join: [a.gossip], env: SHORT });
		await eventually('c is known', async () => (await ask(b, 'members --expect 3')).code === 0 || undefined);
		const live = await ask(a, 'leave --remove c');
		expect([live.code, live.out]).toEqual([1, '']);
		expect(live.err).toBe(
			'error: c is alive\n  Removing a live member does nothing lasting: it refutes within a second.\n' +
				'  try: stop it first, or longbow-mesh leave on that node\n',
		);
		await c.end();
		await eventually('both hold it dead', async () => {
			const dead = await Promise.all([a, b].map((agent) => states(agent, 'dead')));
			return dead.every((names) => names === 'c\n') || undefined;
		});
		const removed = await ask(a, 'leave --remove c');
		expect(removed).toEqual({ code: 0, out: 'c is removed: it counts as left, here and everywhere\n', err: '' });
		await eventually('b holds it left', async () => (await states(b, 'left')) === 'c\n' || undefined);
		expect((await ask(b, 'why c')).out).toMatch(/^c has left\.\nIt was dead and was removed at /);
	});
});

describe.runIf(hasTools('leave at a terminal', 'tmux'))('leave at a terminal', () => {
	const open = (agent: AgentProcess): Screen =>
		openScreen(['/bin/sh', '-c', `"${process.execPath}" "${BINARY}" leave; echo "exit $?"; exec sleep 60`], {
			env: { LONGBOW_ADDR: agent.status, TERM: 'xterm-256color' },
		});

	it('tells what would move and takes no for an answer; yes lets the agent go', async () => {
		const c = await startAgentProcess('d', { join: [a.gossip], env: SHORT });
		await eventually('d is known', async () => (await ask(c, 'members --expect 3')).code === 0 || undefined);
		const first = open(c);
		try {
			await first.shows(/d leaves: its keys \(\d+\.\d+%\) move to 2 members\. Go on\? \[y\/N\]/);
			await first.press('Enter');
			await first.shows(/exit 1/);
		} finally {
			first.close();
		}
		expect((await ask(c, 'members -q')).code).toBe(0);
		const second = open(c);
		try {
			await second.shows(/Go on\? \[y\/N\]/);
			await second.type('y');
			await second.press('Enter');
			await second.shows(/told 2 of 2 members in \d+ms\s+exit 0/);
		} finally {
			second.close();
			await c.end();
		}
	});
});
