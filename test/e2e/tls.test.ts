// The status API over TLS, with certificates of both sides: real agents, the CLI, and agents that ask each other.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';
import { BINARY, cli, eventually } from '../support/cli.ts';

let dir: string;
const agents: AgentProcess[] = [];
const file = (name: string): string => join(dir, name);

async function openssl(...args: string[]): Promise<void> {
	await promisify(execFile)('openssl', args, { cwd: dir });
}

async function authority(name: string): Promise<void> {
	const subject = ['-subj', `/CN=${name}`, '-days', '2'];
	await openssl(
		'req',
		'-x509',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		...subject,
		'-keyout',
		`${name}.key`,
		'-out',
		`${name}.pem`,
	);
}

async function certificate(name: string, signer: string, names: string): Promise<void> {
	await writeFile(file(`${name}.ext`), `subjectAltName=${names}\n`);
	await openssl(
		'req',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		'-subj',
		`/CN=${name}`,
		'-keyout',
		`${name}.key`,
		'-out',
		`${name}.csr`,
	);
	const signed = [
		'-CA',
		`${signer}.pem`,
		'-CAkey',
		`${signer}.key`,
		'-CAcreateserial',
		'-days',
		'2',
		'-extfile',
		`${name}.ext`,
	];
	await openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
}

const secured = (): NodeJS.ProcessEnv => ({
	LONGBOW_META_TLS_CERT: file('mesh.pem'),
	LONGBOW_META_TLS_KEY: file('mesh.key'),
	LONGBOW_META_TLS_CA: file('ca.pem'),
	LONGBOW_META_TLS_SERVER_NAME: 'longbow',
});

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), 'longbow-tls-'));
	await Promise.all([authority('ca'), authority('other')]);
	await certificate('mesh', 'ca', 'DNS:longbow');
	await certificate('stranger', 'other', 'DNS:longbow');
	const env = { ...secured(), LONGBOW_META_TLS_CLIENT_CA: file('ca.pem') };
	const a = await startAgentProcess('a', { env });
	agents.push(a, await startAgentProcess('b', { join: [a.gossip], env }));
});

afterAll(async () => {
	await Promise.all(agents.map((agent) => agent.end()));
	await rm(dir, { recursive: true, force: true });
});

const ask = (line: string, env: NodeJS.ProcessEnv = {}) =>
	cli(line.split(' '), { env: { LONGBOW_ADDR: agents[0]?.status, ...env } });

describe('a status API with TLS on both sides', () => {
	it('answers who shows a certificate and knows its own, by the variables of the agent or by flags', async () => {
		await eventually(
			'both are alive',
			async () => (await ask('members --expect 2', secured())).code === 0 || undefined,
		);
		const flags = `--tls-ca ${file('ca.pem')} --tls-cert ${file('mesh.pem')} --tls-key ${file('mesh.key')} --tls-server-name longbow`;
		expect(await ask(`members -o name -q ${flags}`)).toEqual({ code: 0, out: 'a\nb\n', err: '' });
	});

	it.each([
		['in plain text', {}, /^error: no agent answers at /],
		[
			'without a certificate of its own',
			{ LONGBOW_META_TLS_CERT: '', LONGBOW_META_TLS_KEY: '' },
			/^error: no agent answers at /,
		],
		[
			'with a certificate of a stranger',
			{ LONGBOW_META_TLS_CERT: 'stranger.pem', LONGBOW_META_TLS_KEY: 'stranger.key' },
			/^error: no agent answers at /,
		],
		['that trusts another signer', { LONGBOW_META_TLS_CA: 'other.pem' }, /\n {2}Its certificate is not trusted: /],
		['that expects another name', { LONGBOW_META_TLS_SERVER_NAME: '' }, /\n {2}Its certificate is not trusted: /],
	])('refuses a caller %s', async (how, changed, message) => {
		const paths = Object.entries(changed).map(([name, value]) => [
			name,
			/\.(pem|key)$/.test(value) ? file(value) : value,
		]);
		const env = how === 'in plain text' ? {} : { ...secured(), ...Object.fromEntries(paths) };
		const { code, out, err } = await ask('members', env);
		expect([code, out]).toEqual([1, '']);
		expect(err).toMatch(message);
	});

	it('lets the agents ask each other', async () => {
		const views = async () => JSON.parse((await ask('doctor --only views --json', secured())).out).checks[0];
		await eventually('a could ask b', async () =>
			(await views()).text === '1 of 1 agree, one ring' ? true : undefined,
		);
		expect((await ask('ring --diff -q', secured())).code).toBe(0);
	});
});

describe('certificates that are of no use', () => {
	const start = (env: NodeJS.ProcessEnv) => cli(['agent'], { env: { LONGBOW_GOSSIP_ENABLED: 'false', ...env } });

	it.each([
		[
			'a certificate without a key',
			{ LONGBOW_META_TLS_CERT: 'mesh.pem' },
			/^error: LONGBOW_META_TLS_CERT=".*mesh\.pem": with LONGBOW_META_TLS_KEY, which is not set\n/,
		],
		[
			'a file that is not there',
			{ LONGBOW_META_TLS_CERT: 'none.pem', LONGBOW_META_TLS_KEY: 'mesh.key' },
			/^error: LONGBOW_META_TLS_CERT ".*none\.pem" cannot be used\n {2}ENOENT/,
		],
		[
			'the key of another one',
			{ LONGBOW_META_TLS_CERT: 'mesh.pem', LONGBOW_META_TLS_KEY: 'other.key' },
			/^error: LONGBOW_META_TLS_KEY ".*other\.key" cannot be used\n {2}It is not the private key of /,
		],
	])('stop the start: %s', async (_case, names, message) => {
		const env = Object.fromEntries(Object.entries(names).map(([name, value]) => [name, file(value)]));
		const { code, err } = await start(env);
		expect(code).toBe(2);
		expect(err).toMatch(message);
	});

	it('is said by the CLI too', async () => {
		const { code, err } = await ask(`members --tls-ca ${BINARY}`);
		expect(code).toBe(2);
		expect(err).toMatch(/^error: --tls-ca ".*" cannot be used\n {2}It holds no certificate in PEM\.\n/);
	});
});
