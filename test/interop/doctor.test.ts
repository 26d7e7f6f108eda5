// The doctor among real agents on loopback: a healthy mesh, and causes that it must find.

import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { type AgentProcess, freePort, startAgentProcess } from '../support/agent-process.ts';
import { cli, eventually } from '../support/cli.ts';
import { checkOf, examine, those } from '../support/doctor.ts';
import { type DelayingProxy, startDelayingProxy } from './support/delaying-proxy.ts';

/** Slow enough that a loaded machine is no fault. */
const UNHURRIED = {
	LONGBOW_GOSSIP_PROTOCOL_PERIOD: '2s',
	LONGBOW_GOSSIP_ACK_TIMEOUT: '1s',
	LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '20s',
};
const KEYS = ['A', 'B'].map((letter) => Buffer.alloc(32, letter).toString('base64')) as [string, string];

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function start(name: string, options: Parameters<typeof startAgentProcess>[1] = {}): Promise<AgentProcess> {
	const agent = await startAgentProcess(name, options);
	closers.push(() => agent.end());
	return agent;
}

/** Agents that all see each other; the first is the seed of the others. */
async function mesh(names: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<AgentProcess[]> {
	const [first, ...others] = names as [string, ...string[]];
	const agents = [await start(first, { env })];
	for (const name of others) agents.push(await start(name, { env, join: [agents[0]!.gossip] }));
	for (const { status } of agents) {
		const { code, err } = await cli(['members', '--expect', String(names.length), '--within', '20s', '--addr', status]);
		if (code !== 0) throw new Error(err);
	}
	return agents;
}

const ask = ({ status }: AgentProcess, ...args: string[]) => examine(['--addr', status, ...args]);

describe('a healthy mesh', () => {
	it('seed 23, 24, 25: nothing is wrong, and the doctor says so', async () => {
		const [a, b] = (await mesh(['a', 'b', 'c'], UNHURRIED)) as [AgentProcess, AgentProcess];
		for (const agent of [a, b]) {
			const report = await eventually('a moment without a stall', async () => {
				const found = await ask(agent);
				return checkOf(found, 'clock').result === 'pass' ? found : undefined;
			});
			expect(those(report, 'fail')).toEqual([]);
			expect(those(report, 'warn')).toEqual([]);
			expect(those(report, 'skip')).toEqual(['dns', 'k8s']);
			expect(report).toMatchObject({ schema: 1, self: agent.name, ok: true });
			expect(report.tookMs).toBeLessThan(10_000);
		}
		const { out, err, code } = await cli(['doctor', '--addr', a.status, '--only', 'udp-out,udp-in,mtu,views,peers']);
		expect(code).toBe(0);
		expect(out).toMatch(/^● udp-out {5}2 of 2 answer, p50 [\d.]+m?s$/m);
		expect(out).toMatch(/^● udp-in {6}2 of 2 members reach us$/m);
		expect(out).toMatch(/^● mtu {9}1472 bytes pass to 2 members \(we send at most 1400\)$/m);
		expect(out).toMatch(/^● views {7}2 of 2 agree, one ring$/m);
		expect(out).toMatch(/^● peers {7}3 members, protocol 5, no name twice$/m);
		expect(err).toMatch(/^All 5 checks pass\. [\d.]+m?s$/m);
	});

	it('seed 23: a node alone waits for others, which is a warning and no failure', async () => {
		const a = await start('a');
		const report = await ask(a, '--only', 'discovery,udp-out,views');
		expect(checkOf(report, 'discovery')).toMatchObject({
			result: 'warn',
			text: 'no peers are configured, and nobody has joined',
		});
		expect(report.ok).toBe(true);
		expect((await cli(['doctor', '--addr', a.status, '--only', 'discovery', '--strict'])).code).toBe(1);
	});
});

describe('who cannot talk to each other', () => {
	it('seed 23: a wrong label, on both sides', async () => {
		const a = await start('a', { env: { LONGBOW_GOSSIP_LABEL: 'prod' } });
		const b = await start('b', { join: [a.gossip], env: { LONGBOW_GOSSIP_LABEL: 'staging' } });
		const label = await eventually('a has refused b', async () => {
			const found = checkOf(await ask(a, '--only', 'label'), 'label');
			return found.result === 'fail' ? found : undefined;
		});
		expect(label.text).toMatch(/^\d+ packets? rejected from 127\.0\.0\.1: the label is .*; ours is "prod"$/);
		expect(label.try.join()).toContain('LONGBOW_GOSSIP_LABEL');
		const out = checkOf(await ask(b, '--only', 'udp-out'), 'udp-out');
		expect(out).toMatchObject({ result: 'fail' });
		expect(out.why).toContain('another label, other keys, or no mesh at all');
	});

	it('seed 23: a wrong key, on both sides', async () => {
		const a = await start('a', { env: { LONGBOW_GOSSIP_KEYS: KEYS[0] } });
		const b = await start('b', { join: [a.gossip], env: { LONGBOW_GOSSIP_KEYS: KEYS[1] } });
		const label = await eventually('a has refused b', async () => {
			const found = checkOf(await ask(a, '--only', 'label'), 'label');
			return found.result === 'fail' ? found : undefined;
		});
		expect(label.text).toMatch(/^\d+ packets? rejected from 127\.0\.0\.1: cannot decrypt$/);
		expect(label.why).toContain('It holds none of our 1 key');
		expect(checkOf(await ask(b, '--only', 'udp-out'), 'udp-out').why).toContain('other keys');
	});

	it('seed 23: one who encrypts and one who does not', async () => {
		const a = await start('a');
		await start('b', { join: [a.gossip], env: { LONGBOW_GOSSIP_KEYS: KEYS[1] } });
		const label = await eventually('a has refused b', async () => {
			const found = checkOf(await ask(a, '--only', 'label'), 'label');
			return found.result !== 'pass' ? found : undefined;
		});
		expect(label.why).toContain('It encrypts and we do not');
	});

	it('seed 23: a name that does not resolve', async () => {
		const a = await start('a', { join: ['longbow-0.nowhere.invalid:7946'] });
		const report = await eventually('the name has been asked for', async () => {
			const found = await ask(a, '--only', 'discovery,dns');
			return checkOf(found, 'discovery').data.code === undefined ? undefined : found;
		});
		expect(those(report, 'fail')).toEqual(['discovery', 'dns']);
		expect(checkOf(report, 'dns').text).toContain('longbow-0.nowhere.invalid');
		expect(checkOf(report, 'discovery').why).toBe('Nobody is found this way.');
	});

	it('seed 23: an address where nobody listens', async () => {
		const a = await start('a', { join: [`127.0.0.1:${await freePort()}`] });
		const out = checkOf(await ask(a, '--only', 'udp-out'), 'udp-out');
		expect(out.result).toBe('fail');
		expect(out.why).toContain('Nobody listens');
	});
});

describe('members in trouble', () => {
	it('a stopped peer, by its silence on both protocols', async () => {
		const [a, , c] = (await mesh(['a', 'b', 'c'])) as [AgentProcess, AgentProcess, AgentProcess];
		c.child.kill('SIGSTOP');
		const out = checkOf(await ask(a, '--only', 'udp-out'), 'udp-out');
		expect(out.text).toContain('1 of 2 members answer on UDP');
		expect(out.text).toContain(`not c (${c.gossip})`);
		expect(out.why).toMatch(/its process says nothing: it is stopped, or hangs/);
		const peer = await ask(a, '--peer', 'c', '--only', 'udp-out,tcp');
		expect(checkOf(peer, 'udp-out').result).toBe('fail');
	});

	it('a peer that has ended, by nobody listening', async () => {
		const [a, b] = (await mesh(['a', 'b', 'c'])) as [AgentProcess, AgentProcess];
		await b.end();
		const out = checkOf(await ask(a, '--only', 'udp-out'), 'udp-out');
		expect(out.text).toContain(`not b (${b.gossip})`);
		expect(out.why).toContain('Nobody listens');
	});

	it('two processes of one name', async () => {
		const a = await start('a');
		await start('twin', { join: [a.gossip] });
		await start('twin', { join: [a.gossip] });
		const peers = await eventually('the second twin is known', async () => {
			const found = checkOf(await ask(a, '--only', 'peers'), 'peers');
			return found.result === 'fail' ? found : undefined;
		});
		expect(peers.text).toMatch(/^two processes call themselves twin: 127\.0\.0\.1:\d+ and 127\.0\.0\.1:\d+$/);
		expect(peers.try).toEqual(['give each its own LONGBOW_NODE_ID (default: host name)']);
	});

	it('seed 24: a stalled process says so itself', async () => {
		const [a] = (await mesh(['a', 'b'])) as [AgentProcess];
		a.child.kill('SIGSTOP');
		await new Promise((resolve) => setTimeout(resolve, STALL_MS));
		a.child.kill('SIGCONT');
		const clock = await eventually('the stall is noticed', async () => {
			const found = checkOf(await ask(a, '--only', 'clock'), 'clock');
			return (found.data.worstStallMs as number) > STALL_MS / 2 ? found : undefined;
		});
		expect(clock.result).toBe('warn');
		expect(clock.text).toMatch(/^this process stalled [\d.]+s until /);
		expect(clock.try.join()).toContain('raise the CPU limit');
	});
});

/** The fault itself: nobody runs for so long. */
const STALL_MS = 2_000;

describe('seed 24: slow networks', () => {
	it('seed 24: acks that come after ackTimeout: the doctor gives the values to set, and the command that tries them', async () => {
		const port = await freePort();
		const proxy: DelayingProxy = await startDelayingProxy(port, 75);
		closers.push(() => proxy.close());
		const far = { LONGBOW_GOSSIP_PORT: String(port), LONGBOW_GOSSIP_ADVERTISE_ADDR: `127.0.0.1:${proxy.port}` };
		const a = await start('a');
		await start('far', { join: [a.gossip], env: far });
		const timing = await eventually('far is a member, and was pinged', async () => {
			const found = checkOf(await ask(a, '--only', 'timing'), 'timing');
			return found.result === 'warn' ? found : undefined;
		});
		expect(timing.text).toMatch(/^rtt p99 \d{3}ms is above ackTimeout 100ms/);
		const [settings, trial] = timing.try as [string, string];
		const [, ack, period, suspicion] =
			/^LONGBOW_GOSSIP_ACK_TIMEOUT=(\d+)ms LONGBOW_GOSSIP_PROTOCOL_PERIOD=(\d+)ms LONGBOW_GOSSIP_SUSPICION_TIMEOUT=(\d+)s on every member/.exec(
				settings,
			) ?? [];
		// 150 ms there and back, and whatever a loaded machine adds.
		expect(Number(ack)).toBeGreaterThanOrEqual(200);
		expect(Number(period)).toBe(2 * Number(ack));
		expect(Number(suspicion)).toBe(Math.ceil((50 * Number(ack)) / 1_000));
		expect(trial).toContain(` --ack-timeout ${ack}ms --period ${period}ms shows`);
		const flags = trial.split(' shows')[0]!.split(' ').slice(1);
		expect((await cli([...flags, '--nodes', '8', '--for', '20s', '--json'])).code).toBe(0);
	});
});

describe('without an agent', () => {
	it('a taken port: who holds it', async () => {
		const socket = createSocket('udp4');
		closers.push(async () => socket.close());
		await new Promise<void>((resolve) => socket.bind({ address: '127.0.0.1', port: 0 }, resolve));
		const { port } = socket.address();
		const env = {
			LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
			LONGBOW_GOSSIP_PORT: String(port),
			LONGBOW_META_ADDR: `127.0.0.1:${await freePort()}`,
		};
		const ports = checkOf(await examine(['--offline', '--only', 'ports'], env), 'ports');
		expect(ports).toMatchObject({ result: 'fail', data: { protocol: 'UDP', port } });
		const holder = `held by pid ${process.pid} `;
		expect(ports.text).toContain(process.platform === 'linux' ? holder : 'in use');
		expect(ports.try.join()).toContain(`LONGBOW_GOSSIP_PORT=${port + 1}`);
		const { code, err } = await cli(['doctor', '--addr', `127.0.0.1:${await freePort()}`]);
		expect(code).toBe(1);
		expect(err).toContain('longbow-mesh doctor --offline');
	});

	it('values that do not fit together, and names that nobody reads', async () => {
		const only = ['--offline', '--only', 'config'];
		const wrong = await examine(only, { LONGBOW_GOSSIP_ACK_TIMEOUT: '300ms' });
		expect(checkOf(wrong, 'config').text).toContain('shorter than the protocol period');
		const typo = await examine(only, { LONGBOW_GOSSIP_SUSPECT_TIMEOUT: '9s' });
		expect(checkOf(typo, 'config')).toMatchObject({
			result: 'warn',
			text: 'LONGBOW_GOSSIP_SUSPECT_TIMEOUT is not known; did you mean LONGBOW_GOSSIP_SUSPICION_TIMEOUT?',
		});
		const short = await examine(only, { LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '600ms' });
		expect(checkOf(short, 'config')).toMatchObject({
			result: 'warn',
			try: ['LONGBOW_GOSSIP_SUSPICION_TIMEOUT=2000ms'],
		});
	});

	it('refuses what it does not know', async () => {
		expect((await cli(['doctor', '--only', 'weather'])).err).toContain(
			'error: --only "weather": one of config, addr, ports',
		);
		expect((await cli(['doctor', '--offline', '--peer', 'b'])).code).toBe(2);
		const a = await start('a');
		const { code, err } = await cli(['doctor', '--peer', 'b', '--addr', a.status]);
		expect([code, err]).toEqual([1, 'error: no member "b"\n  Known here: a.\n  try: longbow-mesh doctor --peer a\n']);
	});
});

describe('seed 23: advertised on loopback', () => {
	it('is found before the start, when peers are elsewhere', async () => {
		const env = { LONGBOW_GOSSIP_ADVERTISE_ADDR: '127.0.0.1', LONGBOW_GOSSIP_STATIC_PEERS: '10.9.8.7:7946' };
		const addr = checkOf(await examine(['--offline', '--only', 'addr'], env), 'addr');
		expect(addr).toMatchObject({ result: 'fail', text: 'we advertise 127.0.0.1:7946; no other host can reach that' });
		expect(addr.try.join()).toContain('POD_IP');
	});
});
