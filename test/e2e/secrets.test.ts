// Every surface of a running agent, searched for a key and a token that are known: logs, pages, answers, tables, errors, the journal.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../src/flight/actions.ts';
import { FlightClient } from '../../src/flight/index.ts';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { BINARY, cli, eventually } from '../support/cli.ts';

/** In force, installed later, and one that was never any agent's. */
const KEYS = [randomBytes(32), randomBytes(16), randomBytes(24)] as const;
const TOKEN = `token-${randomBytes(12).toString('hex')}`;
const [FIRST, SECOND, THIRD] = KEYS.map((key) => key.toString('base64')) as [string, string, string];

/** Each form in which a secret could stand somewhere, and longer ones that contain it. */
const FORMS: readonly (readonly [form: string, bytes: Buffer])[] = [
	...KEYS.flatMap((key, i): [string, Buffer][] => [
		[`key ${i} as base64`, Buffer.from(key.toString('base64').slice(0, 12))],
		[`key ${i} as base64url`, Buffer.from(key.toString('base64url').slice(0, 12))],
		[`key ${i} as hex`, Buffer.from(key.toString('hex').slice(0, 16))],
		[`key ${i} as HEX`, Buffer.from(key.toString('hex').slice(0, 16).toUpperCase())],
		[`key ${i} as numbers`, Buffer.from([...key.subarray(0, 8)].join(','))],
		[`key ${i} as numbers with blanks`, Buffer.from([...key.subarray(0, 8)].join(', '))],
		[
			`key ${i} as JSON`,
			Buffer.from(JSON.stringify(Object.fromEntries([...key.subarray(0, 4)].entries())).slice(0, -1)),
		],
		[`key ${i} as bytes`, key.subarray(0, 8)],
	]),
	['the token', Buffer.from(TOKEN)],
	['the token in base64', Buffer.from(Buffer.from(TOKEN).toString('base64').slice(0, 16))],
];

function found(text: string | Uint8Array): string[] {
	const haystack = Buffer.from(text as Uint8Array);
	return FORMS.filter(([, bytes]) => haystack.includes(bytes)).map(([form]) => form);
}

let folder = '';
let agents: readonly [AgentProcess, AgentProcess];
/** What each surface has shown, by the name of the surface. */
const shown = new Map<string, string>();

const file = (name: string): string => join(folder, name);

async function start(name: string, peer?: AgentProcess): Promise<AgentProcess> {
	const env = {
		LONGBOW_GOSSIP_KEYS_FILE: file('keys'),
		LONGBOW_ADMIN_TOKEN_FILE: file('token'),
		LONGBOW_JOURNAL: file(`${name}.lbj`),
		LONGBOW_GOSSIP_COMPAT: 'serf',
		LONGBOW_DEBUG: '1',
	};
	return startAgentProcess(name, { env, join: peer ? [peer.gossip] : [] });
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-secrets-'));
	await writeFile(file('keys'), FIRST);
	await writeFile(file('token'), TOKEN);
	const first = await start('a');
	agents = [first, await start('b', first)];
	const { code, err } = await cli(['members', '--expect', '2', '--within', '20s', '--addr', first.status]);
	if (code !== 0) throw new Error(err);
}, 60_000);
afterAll(async () => {
	await Promise.all((agents ?? []).map((agent) => agent.end()));
	await rm(folder, { recursive: true, force: true });
});

/** Runs a command and keeps what it wrote. */
async function command(line: string, options: Parameters<typeof cli>[1] = {}): Promise<number | null> {
	const { code, out, err } = await cli([...line.split(' '), '--addr', agents[0].status], options);
	shown.set(`longbow-mesh ${line}${options.input === undefined ? '' : ' with input'}`, out + err);
	return code;
}

describe('an agent with keys and a token', () => {
	it('finds what it looks for', () => {
		for (const [form, bytes] of FORMS) expect(found(Buffer.concat([Buffer.from('x'), bytes]))).toContain(form);
		expect(found(`{"k":"${FIRST}"}`)).toContain('key 0 as base64');
		expect(found('b7f0… and nothing else')).toEqual([]);
	});

	it('is asked for its keys, given others, and given nonsense', async () => {
		const flags = `--token-file ${file('token')}`;
		expect(await command(`keys list --all ${flags}`)).toBe(0);
		expect(await command(`keys install --all ${flags}`, { input: SECOND })).toBe(0);
		expect(await command(`keys install --all --json ${flags}`, { input: SECOND })).toBe(0);
		expect(await command('keys list --json')).toBe(0);
		expect(await command('keys use', { input: THIRD })).toBe(1);
		expect(await command('keys use --json', { input: THIRD })).toBe(1);
		expect(await command(`keys use ${THIRD}`)).toBe(2);
		expect(await command(`keys install ${THIRD} --json`)).toBe(2);
		expect(await command(`keys ${THIRD}`)).toBe(2);
		expect(await command('keys install', { input: `${THIRD}x` })).toBe(2);
		expect(await command('keys install', { input: `["${THIRD}"` })).toBe(2);
	});

	it('is looked at by every command', async () => {
		for (const line of ['members', 'members -o wide', 'info', 'info b', 'why b', 'ring', 'ring user:1', 'doctor']) {
			await command(line);
			await command(`${line} --json`);
		}
	});

	it('is asked for every page over HTTP', async () => {
		const base = `http://${agents[0].metrics}`;
		const missing = await (await fetch(`${base}/nowhere`)).text();
		const paths = [...new Set(missing.match(/\/[a-z0-9/]*/g))].filter((path) => path !== '/nowhere');
		expect(paths).toEqual(expect.arrayContaining(['/metrics', '/readyz', '/api/v1/events', '/api/v1/doctor']));
		for (const path of paths) shown.set(`GET ${path}`, await page(`${base}${path}`));
	});

	it('is asked for every action of Flight, with and without sense', async () => {
		const client = new FlightClient(agents[0].status);
		const options = { timeoutMs: 15_000, token: TOKEN };
		const bodies = [undefined, { op: 'list' }, { op: 'use', key: THIRD }, { op: 'install', sealed: THIRD }, { key: 7 }];
		try {
			for (const { type } of ACTIONS) {
				if (type === 'MeshLeave' || type === 'MeshLive') continue;
				for (const body of bodies) {
					const answer = await client.call(type, body, options).catch((error: unknown) => String(error));
					shown.set(`${type} ${bodies.indexOf(body)}`, JSON.stringify(answer));
				}
			}
		} finally {
			client.close();
		}
	});

	it('is given a file of keys that is none', async () => {
		await writeFile(file('keys'), `${FIRST}\n${SECOND}x${THIRD}\n`);
		await eventually('the complaint', () => agents[0].log.find((line) => line.includes('the keys stay as they are')));
		await writeFile(file('keys'), `${SECOND}\n${FIRST}\n`);
		await eventually('the new order', () => agents[0].log.find((line) => line.includes('of the file are in force')));
	});

	it('refuses to start with what is no key, and prints its configuration', async () => {
		for (const keys of [`${FIRST.slice(0, -3)}`, `${FIRST},${SECOND}!`, `${FIRST} ${SECOND}`]) {
			const bad = { LONGBOW_GOSSIP_KEYS: keys, LONGBOW_DEBUG: '1' };
			expect(await command('agent', { env: bad })).toBe(2);
			expect(await command('doctor --offline --json', { env: bad })).toBe(1);
		}
		const good = { LONGBOW_GOSSIP_KEYS: `${FIRST},${SECOND}`, LONGBOW_ADMIN_TOKEN_FILE: file('token') };
		expect(await command('agent --print-config', { env: good })).toBe(0);
		expect(await command('agent --print-config --json', { env: good })).toBe(0);
		await writeFile(file('bad'), `${FIRST}\nx${THIRD}`);
		expect(await command('agent', { env: { LONGBOW_GOSSIP_KEYS_FILE: file('bad'), LONGBOW_DEBUG: '1' } })).toBe(2);
	});

	it('starts on a terminal with a banner that knows the key by its number', async () => {
		const text = await banner();
		expect(text).toContain('encrypted');
		shown.set('the banner', text);
	});

	it('has shown none of them anywhere', async () => {
		for (const agent of agents) {
			await agent.end('SIGTERM');
			shown.set(`the log of ${agent.name}`, agent.log.join('\n'));
			expect(agent.log.length).toBeGreaterThan(5);
			const journal = await readFile(file(`${agent.name}.lbj`));
			expect(journal.length).toBeGreaterThan(1_000);
			expect(found(journal), `the journal of ${agent.name}`).toEqual([]);
		}
		expect(shown.size).toBeGreaterThan(80);
		for (const [surface, text] of shown) expect(found(text), surface).toEqual([]);
	});
});

/** A page; of a stream that never ends, its first piece. */
async function page(url: string): Promise<string> {
	const abort = new AbortController();
	const response = await fetch(url, { signal: abort.signal });
	if (!url.endsWith('/live')) return response.text();
	const piece = await response.body?.getReader().read();
	abort.abort();
	return new TextDecoder().decode(piece?.value);
}

/** What an agent writes with the log of a terminal, both streams. */
async function banner(): Promise<string> {
	const child = spawn(process.execPath, [BINARY, 'agent', '--log', 'text'], {
		env: {
			PATH: process.env.PATH,
			LONGBOW_GOSSIP_KEYS: `${FIRST},${SECOND}`,
			LONGBOW_ADMIN_TOKEN_FILE: file('token'),
			LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
			LONGBOW_GOSSIP_PORT: '0',
			LONGBOW_META_ADDR: `127.0.0.1:${await freePort()}`,
			LONGBOW_METRICS_ADDR: '127.0.0.1:0',
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let text = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
	try {
		await eventually('the banner', () => (text.includes('security') ? true : undefined));
		child.kill('SIGTERM');
		await eventually('its end', () => (child.exitCode === null ? undefined : true));
	} finally {
		child.kill('SIGKILL');
	}
	return text;
}
