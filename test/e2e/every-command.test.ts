// A table of all commands against live agents: JSON that parses, streams that stay clean, exit codes as written, errors that help.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/agent/cli/main.ts';
import { runCli } from '../../src/agent/cli/program.ts';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { capturedStreams } from '../support/captured-terminal.ts';
import { cli, eventually } from '../support/cli.ts';

let a: AgentProcess;
let b: AgentProcess;
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-commands-'));
	const env = { LONGBOW_GOSSIP_KEYS: Buffer.alloc(32, 7).toString('base64') };
	a = await startAgentProcess('node-a', { env });
	b = await startAgentProcess('node-b', { join: [a.gossip], env });
	await eventually('both are alive', async () => (await run('members --expect 2')).code === 0 || undefined);
	await writeFile(join(folder, 'agent.yaml'), 'gossip:\n  enabled: true\n');
	await run(`sim --nodes 4 --for 5s --seed 1 --out ${folder}/run.lbj`);
});

afterAll(async () => {
	await Promise.all([a?.end(), b?.end()]);
	await rm(folder, { recursive: true, force: true });
});

interface Options {
	readonly env?: Readonly<Record<string, string>>;
	readonly isTTY?: boolean;
	readonly addr?: string;
}

/** In this process, against the agent `node-a`. `<folder>` and `<peer>` stand for what is only known now. */
async function run(line: string, { env = {}, isTTY = false, addr = a.status }: Options = {}) {
	const streams = capturedStreams({ isTTY });
	const code = await runCli(wordsOf(line), COMMANDS, {
		...streams,
		env: { LANG: 'C.UTF-8', LONGBOW_ADDR: addr, ...env },
	});
	return { code, out: streams.out(), err: streams.err() };
}

function wordsOf(line: string): string[] {
	return line.replaceAll('<folder>', folder).replaceAll('<peer>', b.gossip).split(' ').filter(Boolean);
}

/** One line that does its work, for each command that ends by itself. */
const WORKING: readonly string[] = [
	'members',
	'members -o wide',
	'info',
	'info node-b',
	'why node-b',
	'ring',
	'ring user:4711 --count 2',
	'doctor --only addr,ports,config',
	'join <peer>',
	'keys list',
	'keygen',
	'agent --print-config',
	'agent --print-config --config <folder>/agent.yaml',
	'sim --nodes 3 --for 2s --seed 1',
	'replay <folder>/run.lbj',
	'completion bash',
	'version',
];

describe('each command', () => {
	it('stands in this table, or goes on until it is stopped', () => {
		const named = new Set(WORKING.map((line) => line.split(' ')[0]));
		const others = COMMANDS.map(({ name }) => name).filter((name) => !named.has(name));
		expect(others.sort()).toEqual(['demo', 'leave', 'monitor']);
	});

	it.each(WORKING)('%s --json is one document with a schema, and nothing else', async (line) => {
		const { code, out } = await run(`${line} --json`);
		expect(code).toBe(0);
		expect(out.trimEnd().split('\n')).toHaveLength(1);
		expect(JSON.parse(out)).toMatchObject({ schema: 1 });
	});

	it.each(WORKING)('%s speaks as its terminal can', async (line) => {
		const piped = await run(line);
		expect([piped.code, piped.out + piped.err]).toEqual([0, expect.not.stringContaining('\x1b')]);
		for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { LANG: 'C' }]) {
			const { code, out, err } = await run(line, { env: { TERM: 'xterm', ...env }, isTTY: true });
			expect(code).toBe(0);
			if (!('LANG' in env)) expect(withoutProgress(out + err)).not.toContain('\x1b');
			if (!('NO_COLOR' in env)) expect(out + err).toMatch(/^\p{ASCII}*$/u);
			if (line.startsWith('members')) expect(out).toContain('alive');
		}
	});

	it.each(COMMANDS.map(({ name }) => name))('%s --help is clean and ends with its own meaning of 1', async (name) => {
		for (const env of [{}, { NO_COLOR: '1' }, { TERM: 'dumb' }, { LANG: 'C' }]) {
			const { code, out, err } = await run(`${name} --help`, { env, isTTY: true });
			expect([code, err]).toEqual([0, '']);
			expect(out).not.toContain('\x1b');
			expect(out.split('\n')[2]).toBe('examples');
			expect(out.trimEnd().split('\n').at(-1)).toMatch(/^exit code: 0 done; 1 \S.+; 2 used wrongly$/);
		}
	});
});

/** One line of progress that is rewritten is no colour. */
function withoutProgress(text: string): string {
	return text.replaceAll('\r\x1b[K', '');
}

describe('data and talk', () => {
	it.each([
		['members', /^NAME .*\nnode-a .*\nnode-b .*\n$/],
		['members -o name', /^node-a\nnode-b\n$/],
		['ring k', /^k {2}node-[ab]\n$/],
		['keygen', /^[A-Za-z0-9+/]{43}=\n$/],
	])('stdout of %s holds data alone', async (line, data) => {
		expect((await run(line)).out).toMatch(data);
		expect(await run(`${line} --quiet`)).toMatchObject({ err: '' });
	});
});

describe('version', () => {
	it('also tells of the agent, where one answers soon', async () => {
		await eventually('the agent answers in time', async () => {
			const { out, err } = await run('version');
			const [own, agent] = out.split('\n');
			if (agent === '') return undefined;
			expect(own).toMatch(/^longbow-mesh \d+\.\d+\.\d+ \(Node /);
			expect(agent).toMatch(new RegExp(`^agent at ${a.status}: \\d+\\.\\d+\\.\\d+, protocol \\d$`));
			expect(err).toBe('');
			return true;
		});
		const { code, out } = await run('version --json', { addr: `127.0.0.1:${await freePort()}` });
		expect([code, JSON.parse(out)]).toMatchObject([0, { schema: 1, agent: null }]);
	});
});

describe('exit codes', () => {
	it.each([
		['members --expect 3 --within 50ms', 1],
		['info nobody', 1],
		['why nobody', 1],
		['why node-b --at 2020-01-01T00:00:00Z', 1],
		['why node-b --at yesterday', 2],
		['ring --member nobody', 1],
		['doctor --peer nobody', 1],
		['join 127.0.0.1:1', 1],
		['replay /nowhere.lbj', 1],
		['leave', 2],
		['ring k --count 0', 2],
		['doctor --only nothing', 2],
		['keys', 2],
		['keys burn', 2],
		['keygen --bits 64', 2],
		['completion', 2],
		['completion tcsh', 2],
		['monitor --since soon', 2],
		['replay', 2],
		['sim --loss 30', 2],
		['sim --weather rain', 2],
		['agent --gossip-port x', 2],
		['members --stat alive', 2],
		['memebrs', 2],
	])('%s is %i, with a sentence and no stack', async (line, expected) => {
		const { code, out, err } = await run(line);
		expect([code, out]).toEqual([expected, '']);
		expect(err).toMatch(/^error: \S/m);
		expect(err).not.toMatch(/^ +at /m);
		const json = await run(`${line} --json`);
		expect([json.code, json.out]).toEqual([expected, '']);
		const { error } = JSON.parse(json.err.trimEnd().split('\n').at(-1) as string);
		expect(error).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) });
		expect(Object.keys(error)).toEqual(['code', 'message', 'cause', 'hint']);
	});

	const ASKING = [
		'members',
		'info',
		'why x',
		'ring',
		'monitor',
		'doctor',
		'join 127.0.0.1:1',
		'leave --yes',
		'keys list',
	];
	it.each(ASKING)('%s without an agent is 1: what, why and what next', async (line) => {
		const addr = `127.0.0.1:${await freePort()}`;
		const { code, out, err } = await run(line, { addr });
		expect([code, out]).toEqual([1, '']);
		const [what, why, next] = err.split('\n');
		expect(what).toBe(`error: no agent answers at ${addr}`);
		expect(why).toMatch(/^ {2}The connection was refused\./);
		expect(next).toMatch(/^ {2}try: longbow-mesh /);
	});
});

describe('a mistyped', () => {
	it.each([
		['memebers', 'longbow-mesh members'],
		['monitr', 'longbow-mesh monitor'],
		['members --expct 3', 'longbow-mesh members --expect'],
		['sim --wether calm', 'longbow-mesh sim --weather'],
		['completion bsh', 'longbow-mesh completion bash'],
	])('%s is told the nearest', async (line, nearest) => {
		expect((await run(line)).err).toContain(`try: ${nearest}`);
	});
});

describe('the binary', () => {
	// A bundle can lose what the sources have.
	it.each(WORKING)('%s works in it as well', async (line) => {
		const { code, out, err } = await cli(wordsOf(`${line} --json`), { env: { LONGBOW_ADDR: a.status } });
		expect([code, err]).toEqual([0, expect.not.stringContaining('error')]);
		expect(JSON.parse(out)).toMatchObject({ schema: 1 });
	});

	it('takes a flag that holds several values as often as it is given', async () => {
		const line = ['agent', '--print-config', '--json', '--gossip-tags', 'a=b', '--gossip-tags', 'c=d'];
		const { values } = JSON.parse((await cli(line)).out) as { values: { name: string; value: string }[] };
		expect(values.find(({ name }) => name === 'gossip.tags')?.value).toBe('a=b,c=d');
	});

	it('says what is wrong with a variable in one line, and guesses a mistyped one', async () => {
		const bad = await cli(['agent'], { env: { LONGBOW_GOSSIP_ACK_TIMEOUT: '100' } });
		expect([bad.code, bad.out]).toEqual([2, '']);
		expect(bad.err).toBe(
			'error: LONGBOW_GOSSIP_ACK_TIMEOUT="100": a duration with a unit, for example 100ms, 5s, 1m30s\n',
		);
		const typo = await cli(['agent', '--print-config'], { env: { LONGBOW_GOSSIP_SUSPECT_TIMEOUT: '1s' } });
		expect(typo.err).toContain('did you mean LONGBOW_GOSSIP_SUSPICION_TIMEOUT?');
	});

	it('shows a stack with LONGBOW_DEBUG alone', async () => {
		const line = ['members', '--addr', `127.0.0.1:${await freePort()}`];
		expect((await cli(line)).err).not.toMatch(/^ +at /m);
		expect((await cli(line, { env: { LONGBOW_DEBUG: '1' } })).err).toMatch(/^ +at /m);
	});
});
