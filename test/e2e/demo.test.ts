// The demo with real agents: they meet, a key kills one, and nothing is left behind, however it ends.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { Demo } from '../../src/agent/demo/play.ts';
import { captured } from '../support/captured-terminal.ts';
import { BINARY, eventually, isRunning } from '../support/cli.ts';

const ENV = { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '1s', LANG: 'C.UTF-8' };
let demo: ChildProcess | undefined;
afterEach(() => {
	demo?.kill('SIGKILL');
	demo = undefined;
});

function startDemo(...args: string[]): { child: ChildProcess; out: () => string } {
	const child = spawn(process.execPath, [BINARY, 'demo', ...args], {
		env: { PATH: process.env.PATH, ...ENV },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	demo = child;
	let out = '';
	child.stdout?.setEncoding('utf8').on('data', (text: string) => {
		out += text;
	});
	return { child, out: () => out };
}

function pids(text: string): number[] {
	return [...text.matchAll(/pid (\d+)/g)].map(([, pid]) => Number(pid));
}

describe('demo without a terminal', () => {
	it('reaches "All 3 see each other", says how to look, and leaves no process after SIGTERM', async () => {
		const { child, out } = startDemo();
		await eventually('the agents meet', () => out().includes('Ctrl-C stops all of it.') || undefined);
		expect(out()).toMatch(/All 3 see each other \(\d+\.\ds\)\. One ring, fingerprint [0-9a-f]{16}\./);
		expect(out()).toMatch(/^ +demo-1 +● alive +127\.0\.0\.1:\d+ +\d+ +\d+\.\d+% +zone=b$/m);
		expect(out()).toContain('npx longbow-mesh members');
		expect(out()).toContain('"type":"MeshStatus"');
		expect(out()).not.toContain('\x1b');
		const agents = pids(out());
		expect(agents).toHaveLength(3);
		const [metrics] = /http:\S+\/metrics/.exec(out()) ?? [];
		expect(await (await fetch(metrics as string)).text()).toMatch(/^gossip_active_members 3$/m);
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		expect(await ended).toEqual([0, null]);
		expect(out().trimEnd()).toMatch(/stopped 3 agents$/);
		expect(agents.filter(isRunning)).toEqual([]);
	});

	it('leaves no process when it is killed itself', async () => {
		const { child, out } = startDemo();
		await eventually('three agents run', () => pids(out()).length === 3 || undefined);
		const agents = pids(out());
		child.kill('SIGKILL');
		await eventually('they end too', () => !agents.some(isRunning) || undefined);
	});

	it('--json is the log of the agents, an object a line', async () => {
		const { child, out } = startDemo('--json');
		await eventually('three are ready', () => out().match(/"event":"ready"/g)?.length === 3 || undefined);
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		await ended;
		for (const line of out().trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('event');
	});
});

describe('demo keys', () => {
	it('kill, restart, freeze, add and leave, each told by those who see it', async () => {
		Object.assign(process.env, ENV);
		const stop = new AbortController();
		const { terminal, out } = captured({ env: { LANG: 'C.UTF-8' } });
		const play = new Demo(terminal, { binary: BINARY, json: false, stop: stop.signal });
		const ended = play.run();
		const told = (pattern: RegExp): Promise<true> =>
			eventually(`${pattern} in ${out()}`, () => pattern.test(out()) || undefined);
		try {
			await told(/All 3 see each other.*Ctrl-C/s);
			play.press('2');
			await told(/killed demo-2.*\+\d\.\ds +◐ demo-2 +suspect +.*its keys stay put/s);
			await told(/✕ demo-2 +dead.*% of keys move: demo-0 \+.*, demo-1 \+.*every key has an owner/s);
			play.press('2');
			await told(/started demo-2.*● demo-2 +alive +it came back.*% of keys move: demo-2/s);
			play.press('n');
			await told(/added demo-3.*● demo-3 +alive/s);
			play.press('g');
			await told(/demo-2 was asked to leave.*○ demo-2 +left +it said goodbye/s);
			play.press('s');
			await told(/froze demo-3.*◐ demo-3 +suspect.*● demo-3 +alive/s);
		} finally {
			stop.abort();
			await ended;
		}
		expect(out()).toMatch(/stopped 3 agents\n$/);
		expect(pids(out()).filter(isRunning)).toEqual([]);
	});
});
