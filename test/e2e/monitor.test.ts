// `monitor` in a real terminal: it draws, resizes, outlives its agent, and gives the terminal back however it ends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { BINARY, eventually } from '../support/cli.ts';
import { openScreen, type Screen, type ScreenOptions } from '../support/tmux.ts';
import { hasTools } from '../support/tools.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function startAgent(...args: Parameters<typeof startAgentProcess>): Promise<AgentProcess> {
	const agent = await startAgentProcess(...args);
	closers.push(() => agent.end());
	return agent;
}

/** Two agents of which the second can be killed. */
async function startTwo(): Promise<[AgentProcess, AgentProcess]> {
	const a = await startAgent('node-a', { env: { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '30s' } });
	return [a, await startAgent('node-b', { join: [a.gossip] })];
}

/** A shell that starts the monitor and says afterwards how it ended: what a user's terminal is. */
async function openMonitor(addr: string, options: ScreenOptions & { readonly flags?: string } = {}): Promise<Screen> {
	const screen = openScreen(['bash', '--norc', '-i'], { ...options, env: { LONGBOW_ADDR: addr, ...options.env } });
	closers.push(() => screen.close());
	const command = `'${process.execPath}' '${BINARY}' monitor ${options.flags ?? ''}`;
	await screen.type(`PS1='$ '; clear; echo before; ${command}; echo "code $?"\n`);
	return screen;
}

/** The usual screen is back with what stood on it, the cursor is seen, and what is typed echoes. */
async function expectRestored(screen: Screen, code: number): Promise<void> {
	const text = await screen.shows(new RegExp(`^code ${code}$`, 'm'));
	expect(text).toMatch(/^before$/m);
	expect(text).not.toContain('seen from');
	expect([await screen.fact('alternate_on'), await screen.fact('cursor_flag')]).toEqual(['0', '1']);
	await screen.type('echo typed');
	await screen.shows(/^\$ echo typed$/m);
}

describe.runIf(hasTools('monitor in a terminal', 'tmux', 'bash'))('monitor on a terminal', () => {
	it('shows members, a suspect burning down, why, and ends with q', async () => {
		const [a, b] = await startTwo();
		const screen = await openMonitor(a.status);
		await screen.shows(/ longbow-mesh {6}seen from node-a .* Live \d\d:\d\d:\d\d$/m);
		const text = await screen.shows(/^ All 2 members are alive\./m);
		// As wide as the terminal, to its last column.
		expect(text).toMatch(/ \/find .* \? keys {2}q$/m);
		expect(await screen.fact('alternate_on')).toBe('1');
		await b.end();
		await screen.shows(/^ > node-b {2}◐ suspect .*█.* \d+\.\ds$/m);
		await screen.shows(/^ 1 suspect\. The other one agrees\. +node-b is declared dead in \d+\.\ds$/m);
		await screen.press('Enter');
		await screen.shows(/^ node-b is suspect\. It will be dead at/m);
		await screen.type('r');
		await screen.shows(/^ OWNER +SHARE +FAIR$/m);
		await screen.press('Escape');
		await screen.shows(/^ > node-b/m);
		await screen.type('q');
		await expectRestored(screen, 0);
	});

	it('survives 40 columns and 10 rows, and back', async () => {
		const [a] = await startTwo();
		const screen = await openMonitor(a.status);
		await screen.shows(/Enter why/);
		await screen.resize(40, 10);
		const small = await screen.shows(/^ node-a +Live \d\d:\d\d:\d\d$/m);
		expect(small).toMatch(/^ > node-a +● alive$/m);
		expect(small).toMatch(/\? keys {2}q$/m);
		await screen.resize(100, 30);
		await screen.shows(/ longbow-mesh {6}seen from node-a {20,}.*Live/);
		await screen.press('C-c');
		await expectRestored(screen, 0);
	});

	it('freezes with a lost agent, and goes on by itself when it is back', async () => {
		const port = await freePort();
		const [metaAddr, gossipPort] = [`127.0.0.1:${port}`, String(await freePort())];
		const env = { LONGBOW_META_ADDR: metaAddr, LONGBOW_GOSSIP_PORT: gossipPort };
		const agent = await startAgent('node-a', { env });
		const screen = await openMonitor(metaAddr);
		await screen.shows(/This node is alone\./);
		await agent.end();
		await screen.shows(/^ No news from node-a for \d+s\. What you see is from \d\d:\d\d:\d\d\.$/m);
		await screen.shows(/^ > node-a +● alive/m);
		await startAgent('node-a', { env });
		await screen.shows(/ seen from node-a .*Live/);
		await screen.type('q');
		await expectRestored(screen, 0);
	});

	it('notices an agent that is stopped', async () => {
		const agent = await startAgent('node-a');
		const screen = await openMonitor(agent.status);
		await screen.shows(/This node is alone\./);
		agent.child.kill('SIGSTOP');
		await screen.shows(/^ No news from node-a for \d+s\./m);
		agent.child.kill('SIGCONT');
		await screen.shows(/ seen from node-a .*Live/);
	});

	it.each([
		['SIGTERM', 0],
		['SIGINT', 0],
	] as const)('gives the terminal back after %s', async (signal, code) => {
		const agent = await startAgent('node-a');
		const screen = await openMonitor(agent.status);
		await screen.shows(/This node is alone\./);
		process.kill(await childOf(screen), signal);
		await expectRestored(screen, code);
	});

	it('gives the terminal back after a crash', async () => {
		const agent = await startAgent('node-a');
		const folder = await mkdtemp(join(tmpdir(), 'longbow-crash-'));
		closers.push(() => rm(folder, { recursive: true, force: true }));
		const preload = join(folder, 'crash.mjs');
		await writeFile(preload, "process.on('SIGUSR2', () => { throw new Error('broken'); });");
		const screen = await openMonitor(agent.status, { env: { NODE_OPTIONS: `--import=${preload}` } });
		await screen.shows(/This node is alone\./);
		process.kill(await childOf(screen), 'SIGUSR2');
		await expectRestored(screen, 1);
		expect((await screen.rows()).join('\n')).toContain('error: Error: broken');
	});

	it('speaks ASCII and no colour where it must', async () => {
		const agent = await startAgent('node-a');
		const screen = await openMonitor(agent.status, { flags: '--ascii --no-color' });
		const text = await screen.shows(/^ > node-a +\+ alive/m);
		expect(text).toMatch(/^[\p{ASCII}]*$/u);
	});

	it('takes the terminal only when there is something to show', async () => {
		const screen = await openMonitor(`127.0.0.1:${await freePort()}`);
		await screen.shows(/^error: no agent answers at/m);
		await expectRestored(screen, 1);
	});
});

/** The process that the shell waits for. */
async function childOf(screen: Screen): Promise<number> {
	const shell = await screen.fact('pane_pid');
	return eventually('the monitor runs', async () => {
		const ps = spawn('ps', ['-o', 'pid=', '--ppid', shell]);
		let out = '';
		ps.stdout.on('data', (text: Buffer) => {
			out += text.toString();
		});
		await once(ps, 'close');
		const pid = Number(out.trim());
		return pid > 0 ? pid : undefined;
	});
}

describe('monitor without a terminal', () => {
	function watch(args: readonly string[], addr: string) {
		const child = spawn(process.execPath, [BINARY, 'monitor', ...args], {
			env: { PATH: process.env.PATH, LANG: 'C.UTF-8', LONGBOW_ADDR: addr },
		});
		closers.push(() => void child.kill('SIGKILL'));
		const lines: string[] = [];
		createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
		let err = '';
		child.stderr.on('data', (text: Buffer) => {
			err += text.toString();
		});
		const sees = (pattern: RegExp): Promise<string> =>
			eventually(`${pattern}`, () => lines.find((line) => pattern.test(line)));
		const end = async (): Promise<unknown> => {
			const ended = once(child, 'close');
			child.kill('SIGINT');
			return (await ended)[0];
		};
		return { lines, sees, end, err: () => err };
	}

	it('is a line an event, with those of the last minutes on request', async () => {
		const [a, b] = await startTwo();
		const monitor = watch(['--since', '10m'], a.status);
		await monitor.sees(/^\d\d:\d\d:\d\d\.\d{3} {2}● node-b {2}alive/);
		await b.end();
		await monitor.sees(/^\d\d:\d\d:\d\d\.\d{3} {2}◐ node-b {2}suspect {2}/);
		expect(monitor.lines.join('\n')).not.toContain('\x1b');
		expect(await monitor.end()).toBe(0);
	});

	it('--json is an object an event, and goes on after a number', async () => {
		const [a, b] = await startTwo();
		const all = watch(['--json', '--since', '0'], a.status);
		const first = JSON.parse(await all.sees(/"member":"node-b"/));
		expect(first).toMatchObject({ schema: 1, type: 'state', member: 'node-b', to: 'alive' });
		const rest = watch(['--json', '--since', String(first.seq)], a.status);
		await b.end();
		const next = JSON.parse(await rest.sees(/"to":"suspect"/));
		expect(next.seq).toBeGreaterThan(first.seq);
		for (const line of rest.lines) expect(JSON.parse(line).seq).toBeGreaterThan(first.seq);
		expect([await rest.end(), await all.end()]).toEqual([0, 0]);
	});

	it('waits for an agent that was there, and says so; without one it is 1', async () => {
		const [metaAddr, gossipPort] = [`127.0.0.1:${await freePort()}`, String(await freePort())];
		const env = { LONGBOW_META_ADDR: metaAddr, LONGBOW_GOSSIP_PORT: gossipPort };
		const agent = await startAgent('node-a', { env });
		const monitor = watch(['--since', '0'], metaAddr);
		await monitor.sees(/node-a {2}alive/);
		await agent.end();
		await eventually('it says so', () => monitor.err().includes(`No news from ${metaAddr}`) || undefined);
		await startAgent('node-a', { env });
		await eventually('it is heard again', () => monitor.err().includes('node-a answers again') || undefined);
		expect(await monitor.end()).toBe(0);
		const nobody = watch([], `127.0.0.1:${await freePort()}`);
		await eventually('it gives up', () => nobody.err().includes('error: no agent answers') || undefined);
	});
});
