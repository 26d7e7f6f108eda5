// How an agent starts, refuses to start, and ends.

import { fork, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, startAgentProcess } from '../support/agent-process.ts';
import { BINARY, cli, eventually, isRunning } from '../support/cli.ts';

const LOOPBACK = {
	LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
	LONGBOW_GOSSIP_PORT: '0',
	LONGBOW_META_ADDR: `127.0.0.1:${await freePort()}`,
	LONGBOW_METRICS_ADDR: '127.0.0.1:0',
};

describe('seed 11: a start that cannot be', () => {
	it('seed 11: a wrong value is one line on stderr and exit 2', async () => {
		expect(await cli(['agent'], { env: { ...LOOPBACK, LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '5' } })).toEqual({
			code: 2,
			out: '',
			err: 'error: LONGBOW_GOSSIP_SUSPICION_TIMEOUT="5": a duration with a unit, for example 100ms, 5s, 1m30s, or auto\n',
		});
	});

	it.each([
		[
			'seed 11: a provider that nobody knows',
			{ LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'consul' },
			'error: LONGBOW_GOSSIP_DISCOVERY_PROVIDER="consul": one or more of static, dns, k8s, separated by commas\n',
		],
		[
			'seed 14: dns without a record',
			{ LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'static,dns' },
			'error: LONGBOW_GOSSIP_DNS_RECORD is not set: provider dns needs a record, for example _gossip._udp.longbow.example\n',
		],
	])('%s is one line on stderr and exit 2', async (_, env, err) => {
		expect(await cli(['agent'], { env: { ...LOOPBACK, ...env } })).toEqual({ code: 2, out: '', err });
	});

	it('an address that the peers cannot reach is three lines and exit 1', async () => {
		const env = { ...LOOPBACK, LONGBOW_GOSSIP_PORT: '7999', LONGBOW_GOSSIP_STATIC_PEERS: '192.0.2.77:7946' };
		expect(await cli(['agent'], { env })).toEqual({
			code: 1,
			out: '',
			err: `error: 127.0.0.1:7999 would be advertised, and 192.0.2.77:7946 is on another host, which cannot reach it
  Loopback means a different host to each of them.
  try: LONGBOW_GOSSIP_BIND_ADDR=0.0.0.0, or LONGBOW_GOSSIP_ADVERTISE_ADDR=<address of this host>
`,
		});
	});

	it('a taken gossip port is exit 1, and says how to find out who holds it', async () => {
		const socket = createSocket('udp4');
		await new Promise<void>((resolve) => socket.bind({ address: '127.0.0.1', port: 0 }, resolve));
		const { port } = socket.address();
		try {
			const result = await cli(['agent'], { env: { ...LOOPBACK, LONGBOW_GOSSIP_PORT: String(port) } });
			expect(result).toEqual({
				code: 1,
				out: '',
				err: `error: UDP ${port} is in use on 127.0.0.1
  Another process holds it, perhaps a second agent or serf.
  try: ss -lunp 'sport = :${port}', or LONGBOW_GOSSIP_PORT=${port + 1}
`,
			});
		} finally {
			socket.close();
		}
	});

	it.each(['LONGBOW_META_ADDR', 'LONGBOW_METRICS_ADDR'])('a taken %s is exit 1', async (variable) => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as { port: number };
		try {
			const result = await cli(['agent'], { env: { ...LOOPBACK, [variable]: `127.0.0.1:${port}` } });
			expect(result.code).toBe(1);
			expect(result.err).toMatch(
				new RegExp(
					`^error: TCP ${port} is in use on 127.0.0.1\n.*\n {2}try: ss -ltnp .*${variable}=127.0.0.1:${port + 1}\n$`,
				),
			);
		} finally {
			server.close();
		}
	});
});

describe('an agent that runs', () => {
	it('logs JSON lines with the keys that are promised, discovery among them', async () => {
		const child = spawn(process.execPath, [BINARY, 'agent'], {
			env: { PATH: process.env.PATH, ...LOOPBACK, LONGBOW_NODE_ID: 'one', LONGBOW_GOSSIP_STATIC_PEERS: '127.0.0.1:9' },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let out = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			out += text;
		});
		const records = () =>
			out
				.split('\n')
				.slice(0, -1)
				.map((line) => JSON.parse(line));
		try {
			await eventually(
				'a line about discovery',
				() => records().some(({ component }) => component === 'discovery') || undefined,
			);
			const ready = records().find(({ event }) => event === 'ready');
			expect(ready).toMatchObject({ level: 'info', node: 'one', status: expect.any(String) });
			expect(new Date(ready.time).toISOString()).toBe(ready.time);
			expect(out).toContain('"component":"discovery"');
			const ended = once(child, 'exit');
			child.kill('SIGTERM');
			expect(await ended).toEqual([0, null]);
		} finally {
			child.kill('SIGKILL');
		}
		expect(records().at(-1)).toMatchObject({
			event: 'leaving',
			reason: expect.stringMatching(/^told 0 of 0 members in /),
		});
	});

	it('is ready, and healthy', async () => {
		const agent = await startAgentProcess('one');
		try {
			expect(await (await fetch(`http://${agent.metrics}/readyz`)).json()).toEqual({ ready: true, reasons: [] });
			expect((await fetch(`http://${agent.metrics}/healthz`)).status).toBe(200);
		} finally {
			await agent.end();
		}
	});

	it('seed 11: LONGBOW_GOSSIP_ENABLED=false is a mesh of one with every surface up and no gossip port', async () => {
		const port = await freePort();
		const env = {
			LONGBOW_GOSSIP_ENABLED: 'false',
			LONGBOW_GOSSIP_PORT: String(port),
			LONGBOW_GOSSIP_STATIC_PEERS: '127.0.0.1:9',
		};
		const agent = await startAgentProcess('alone', { env });
		const socket = createSocket('udp4');
		try {
			await new Promise<void>((resolve, reject) =>
				socket.once('error', reject).bind({ address: '127.0.0.1', port }, resolve),
			);
			const members = await cli(['members', '--json', '--addr', agent.status]);
			expect(JSON.parse(members.out)).toMatchObject({ self: 'alone', count: 1, members: [{ ID: 'alone', Status: 0 }] });
			expect(await (await fetch(`http://${agent.metrics}/metrics`)).text()).toMatch(/^gossip_active_members 1$/m);
		} finally {
			socket.close();
			await agent.end();
		}
	});

	it('a second signal stops it at once, exit 1', async () => {
		// A frozen member cannot acknowledge the goodbye, so leaving takes its time.
		const frozen = await startAgentProcess('frozen');
		const agent = await startAgentProcess('hasty', { join: [frozen.gossip] });
		try {
			await eventually('both see each other', async () => {
				const { out } = await cli(['members', '-o', 'name', '--addr', agent.status]);
				return out === 'frozen\nhasty\n' || undefined;
			});
			frozen.child.kill('SIGSTOP');
			const ended = once(agent.child, 'exit');
			agent.child.kill('SIGTERM');
			await eventually(
				'it is leaving',
				async () => (await fetch(`http://${agent.metrics}/readyz`)).status === 503 || undefined,
			);
			agent.child.kill('SIGINT');
			expect(await ended).toEqual([1, null]);
		} finally {
			await agent.end();
			await frozen.end();
		}
	});

	it('ends with the process that forked it', async () => {
		const child = fork(BINARY, ['agent'], {
			env: { PATH: process.env.PATH, ...LOOPBACK },
			execArgv: [],
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), once(child, 'exit')]);
		expect(child.exitCode).toBeNull();
		const ended = once(child, 'exit');
		child.disconnect();
		await ended;
		expect(isRunning(child.pid as number)).toBe(false);
	});
});
