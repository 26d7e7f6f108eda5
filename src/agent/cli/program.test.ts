// The command line as a table: what is typed, what comes out, and the exit code.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../test/support/agent-process.ts';
import { capturedStreams } from '../../../test/support/captured-terminal.ts';
import { COMMANDS } from './main.ts';
import { runCli } from './program.ts';

async function run(line: string, options: { env?: Record<string, string>; isTTY?: boolean } = {}) {
	const streams = capturedStreams(options);
	const argv = line.split(' ').filter(Boolean);
	const code = await runCli(argv, COMMANDS, { ...streams, env: options.env ?? { LANG: 'C.UTF-8' } });
	return { code, out: streams.out(), err: streams.err() };
}

describe('exit codes and first lines of errors', () => {
	it.each([
		['', 0, ''],
		['help', 0, ''],
		['help members', 0, ''],
		['members --help', 0, ''],
		['--help', 0, ''],
		['--version', 0, ''],
		['version --addr 127.0.0.1:1', 0, ''],
		['agent --print-config', 0, ''],
		['member', 2, 'error: no command "member"'],
		['help member', 2, 'error: no command "member"'],
		['xyzzy', 2, 'error: no command "xyzzy"'],
		['--josn members', 2, 'error: no flag --josn of members'],
		['members --exect 3', 2, 'error: no flag --exect of members'],
		['members --expect', 2, 'error: --expect needs a value'],
		['members --expect many', 2, 'error: --expect "many": a whole number from 1 to 1000000'],
		['members --expect 3 --within 30', 2, 'error: --within "30": a duration with a unit, for example 100ms, 5s, 1m30s'],
		['members --within 3s', 2, 'error: --within without --expect'],
		['members --state sick', 2, 'error: --state "sick": one of alive, suspect, dead, left'],
		['members --tag zone', 2, 'error: --tag "zone": a tag and its value'],
		['members -o yaml', 2, 'error: --output "yaml": one of wide, name, json'],
		['members --addr 3001', 2, 'error: --addr "3001": host:port, for example 0.0.0.0:3001 or [::]:3001'],
		['members --timeout 5', 2, 'error: --timeout "5": a duration with a unit, for example 100ms, 5s, 1m30s'],
		['members --token-file /nowhere/token', 2, 'error: --token-file "/nowhere/token" cannot be read'],
		['members --color sometimes', 2, 'error: --color "sometimes": one of auto, always, never'],
		['members extra', 2, 'error: members takes fewer arguments'],
		['ring key --count 0', 2, 'error: --count "0": a whole number from 1 to 256'],
		['join', 2, 'error: join needs <peer>'],
		[
			'agent --gossip-port http',
			2,
			'error: --gossip-port "http": a port from 0 (any free one) to 65535, for example 7946',
		],
		['agent --config /nowhere.yaml', 2, 'error: --config "/nowhere.yaml": a readable YAML or JSON file'],
	])('%j', async (line, code, error) => {
		const result = await run(line);
		expect(result.err.split('\n')[0]).toContain(error);
		expect(result.code).toBe(code);
		expect(result.out === '').toBe(code !== 0);
	});

	it.each([
		'members',
		'info',
		'ring',
		'ring key',
		'join 10.0.0.1:7946',
		'leave --yes',
		'members --expect 1 --within 1ms',
	])('%s without an agent is 1', async (line) => {
		const addr = `127.0.0.1:${await freePort()}`;
		const result = await run(`${line} --addr ${addr}`);
		expect(result.err).toContain(`error: no agent answers at ${addr}\n  The connection was refused.`);
		expect([result.code, result.out]).toEqual([1, '']);
	});

	it('says so when what answers is another port of the agent', async () => {
		const metrics = createServer((_, reply) => reply.end('not gRPC'));
		await once(metrics.listen(0, '127.0.0.1'), 'listening');
		const addr = `127.0.0.1:${(metrics.address() as AddressInfo).port}`;
		const { code, err } = await run(`members --addr ${addr}`);
		metrics.close();
		expect(code).toBe(1);
		expect(err).toContain(
			`error: what answers at ${addr} is not the status API of an agent\n  Its answer is not that of an agent (`,
		);
		expect(err).toContain(
			"An agent's status API is at LONGBOW_META_ADDR, by default port 3001; 7946 is gossip, 9090 metrics.",
		);
	});

	it('an error with --json is one line of JSON on stderr', async () => {
		const result = await run(`members --json --addr 127.0.0.1:${await freePort()}`);
		expect(JSON.parse(result.err).error.code).toBe('NO_AGENT');
		expect([result.code, result.out]).toEqual([1, '']);
		expect(JSON.parse((await run('membrs --json')).err).error.hint).toBe('longbow-mesh members');
	});

	it('leave asks nobody where nobody can answer', async () => {
		const result = await run(`leave --addr 127.0.0.1:${await freePort()}`);
		expect([result.code, result.err.split('\n')[0]]).toEqual([
			2,
			'error: leave asks first, and there is no terminal to ask on',
		]);
	});

	it('LONGBOW_ADDR names the agent, and is named when it is wrong', async () => {
		expect((await run('members', { env: { LONGBOW_ADDR: 'nowhere' } })).err).toBe(
			'error: LONGBOW_ADDR="nowhere": host:port, for example 0.0.0.0:3001 or [::]:3001\n',
		);
	});
});

describe('seed 11: the agent and its environment', () => {
	it('seed 11: a bad value is one line that names variable, value and what is allowed; exit 2', async () => {
		expect(await run('agent', { env: { LONGBOW_GOSSIP_ACK_TIMEOUT: '100' } })).toEqual({
			code: 2,
			out: '',
			err: 'error: LONGBOW_GOSSIP_ACK_TIMEOUT="100": a duration with a unit, for example 100ms, 5s, 1m30s\n',
		});
	});

	it('seed 11: --print-config shows each value and where it came from', async () => {
		const env = { LONGBOW_GOSSIP_PORT: '7950', LONGBOW_GOSSIP_SUSPECT_TIMEOUT: '1s' };
		const text = await run('agent --print-config --node-id n1 --join a:1 --join b:2,c:3', { env });
		expect(text.err).toBe(
			'warning: LONGBOW_GOSSIP_SUSPECT_TIMEOUT is not known; did you mean LONGBOW_GOSSIP_SUSPICION_TIMEOUT?\n',
		);
		expect(text.out).toMatch(/^nodeId +n1 +flag --node-id$/m);
		expect(text.out).toMatch(/^gossip.port +7950 +environment LONGBOW_GOSSIP_PORT$/m);
		expect(text.out).toMatch(/^gossip.discovery.staticPeers +a:1,b:2,c:3 +flag --join$/m);
		expect(text.out).toMatch(/^gossip.keys +none: not encrypted +default$/m);
		const json = JSON.parse((await run('agent --print-config --json', { env })).out);
		expect(json.schema).toBe(1);
		expect(json.values).toContainEqual({
			name: 'gossip.port',
			env: 'LONGBOW_GOSSIP_PORT',
			value: '7950',
			origin: { source: 'environment', name: 'LONGBOW_GOSSIP_PORT' },
		});
	});
});

describe('help', () => {
	it('is one screen that names every command', async () => {
		const { out } = await run('');
		for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
		expect(out.trimEnd().split('\n').length).toBeLessThanOrEqual(32);
	});

	it.each(COMMANDS.map(({ name }) => name))('%s begins with examples and ends with exit codes', async (name) => {
		const { out } = await run(`${name} --help`);
		const lines = out.trimEnd().split('\n');
		expect(lines[2]).toBe('examples');
		expect(lines.at(-1)).toMatch(/^exit code: 0 done; 1 .+; 2 used wrongly$/);
		expect((await run(`help ${name}`)).out).toBe(out);
	});

	it('speaks ASCII where nothing else is understood', async () => {
		const { out } = await run('', { env: { LANG: 'C' } });
		expect(out).toMatch(/^\p{ASCII}*$/u);
	});
});

describe('version', () => {
	it('names itself, Node and the platform', async () => {
		expect((await run('version --addr 127.0.0.1:1')).out).toMatch(
			/^longbow-mesh \d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+, \w+ \w+\)\n$/,
		);
		expect(JSON.parse((await run('version --json --addr 127.0.0.1:1')).out)).toMatchObject({
			schema: 1,
			node: process.versions.node,
		});
	});
});
