// The seed's two grpcurl lines and every other action, by a client that nobody here wrote: `buf curl` over server reflection, against real agents.

import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberObject } from '../../src/status/index.ts';
import { type AgentProcess, startAgentProcess } from '../support/agent-process.ts';

const BUF = fileURLToPath(new URL('../tools/node_modules/.bin/buf', import.meta.url));
const DO_ACTION = 'arrow.flight.protocol.FlightService/DoAction';
const REFLECTION = ['grpc-v1', 'grpc-v1alpha'] as const;
const INVALID_ARGUMENT = 3;

const present = existsSync(BUF);
if (!present) {
	if (process.env.CI === 'true') throw new Error('buf is missing: npm ci --prefix test/tools');
	console.warn("NOT CHECKED: the seed's grpcurl lines need buf: npm ci --prefix test/tools");
}

const KEY = Buffer.alloc(16, 7).toString('base64');
const agents: AgentProcess[] = [];

beforeAll(async () => {
	if (!present) return;
	const env = { LONGBOW_GOSSIP_KEYS: KEY };
	const first = await startAgentProcess('longbow-0', { env });
	agents.push(first, await startAgentProcess('longbow-1', { join: [first.gossip], env }));
});

afterAll(async () => {
	await Promise.all(agents.map((agent) => agent.end()));
});

const OPTIONS = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge'];

/** Runs `buf curl`; it knows nothing of the service but what reflection tells it. */
async function curl(...args: string[]): Promise<string> {
	return (await promisify(execFile)(BUF, [...OPTIONS, ...args], { timeout: 30_000 })).stdout;
}

function request(type: string, reflection: string, body?: object, agent = agents[0]): string[] {
	const encoded = body ? { body: Buffer.from(JSON.stringify(body)).toString('base64') } : {};
	const message = JSON.stringify({ type, ...encoded });
	return ['--reflect-protocol', reflection, '-d', message, `http://${agent?.status}/${DO_ACTION}`];
}

async function action(type: string, reflection: string, body?: object, agent?: AgentProcess): Promise<unknown> {
	return resultOf(await curl(...request(type, reflection, body, agent)));
}

function resultOf(message: string): unknown {
	return JSON.parse(Buffer.from(JSON.parse(message).body, 'base64').toString());
}

/** The first answer of an action that goes on until its caller hangs up. */
async function firstOf(type: string, reflection: string, body?: object): Promise<unknown> {
	const child = spawn(BUF, [...OPTIONS, ...request(type, reflection, body)], { stdio: ['ignore', 'pipe', 'inherit'] });
	try {
		let text = '';
		for await (const chunk of child.stdout.setEncoding('utf8')) {
			text += chunk;
			if (/\n\}\s*$|^\{.*\}\s*$/.test(text)) return resultOf(text);
		}
		throw new Error(`buf ended without an answer: ${text}`);
	} finally {
		child.kill();
	}
}

const named = (name: string, key = 'ID') => expect.objectContaining({ [key]: name });

interface Case {
	readonly body?: object;
	/** It goes on until its caller hangs up: its first answer is looked at. */
	readonly goesOn?: true;
	readonly answer: unknown;
}

/** What each action is asked, and what longbow-0 answers. */
const EVERY_ACTION: Readonly<Record<string, Case>> = {
	MeshStatus: { answer: expect.arrayContaining([named('longbow-0'), named('longbow-1')]) },
	MeshIdentity: { answer: named('longbow-0') },
	'cluster-status': { answer: { self: named('longbow-0'), members: expect.any(Array), count: expect.any(Number) } },
	MeshInfo: {
		body: { member: 'longbow-1' },
		answer: expect.objectContaining({ self: 'longbow-0', member: named('longbow-1') }),
	},
	MeshViews: {
		answer: expect.objectContaining({ members: expect.arrayContaining([named('longbow-1', 'member')]) }),
	},
	MeshEvents: {
		body: { since: 0, follow: true },
		goesOn: true,
		answer: expect.objectContaining({ events: expect.arrayContaining([named('longbow-1', 'member')]) }),
	},
	MeshLive: { goesOn: true, answer: expect.any(Object) },
	MeshRing: {
		body: { key: 'user:4711', count: 2 },
		answer: expect.objectContaining({ key: 'user:4711', owners: expect.arrayContaining(['longbow-0', 'longbow-1']) }),
	},
	MeshWhy: { body: { member: 'longbow-1' }, answer: named('longbow-1', 'member') },
	MeshDoctor: { body: { only: ['ports'] }, answer: expect.objectContaining({ checks: [named('ports', 'id')] }) },
	DiscoveryStatus: { answer: { provider: 'none', peers: [], providers: [] } },
	MeshKeys: { body: { op: 'list' }, answer: named('longbow-0', 'member') },
	MeshTags: { body: { set: { role: 'store' } }, answer: { tags: { role: 'store' } } },
};
/** Asked of a guest, whose first and last actions they are. */
const OF_A_GUEST = ['MeshJoin', 'MeshLeave'];

describe.runIf(present).each(REFLECTION)('over reflection %s', (reflection) => {
	it('seed 20: MeshStatus answers with all members', async () => {
		await expect
			.poll(async () => ((await action('MeshStatus', reflection)) as MemberObject[]).map(({ ID }) => ID), {
				timeout: 15_000,
				interval: 200,
			})
			.toEqual(['longbow-0', 'longbow-1']);
		for (const member of (await action('MeshStatus', reflection)) as MemberObject[]) {
			expect(Object.keys(member)).toEqual([
				'ID',
				'Addr',
				'GRPCAddr',
				'MetaAddr',
				'Tags',
				'Status',
				'Incarnation',
				'LastSeen',
				'SuspectAt',
			]);
			expect(member).toMatchObject({ Addr: expect.stringMatching(/^127\.0\.0\.1:\d+$/), Status: 0, SuspectAt: null });
			expect(member.GRPCAddr).toMatch(/^127\.0\.0\.1:3000$/);
			expect(member.MetaAddr).toMatch(/^127\.0\.0\.1:\d+$/);
			expect(Date.now() - Date.parse(member.LastSeen ?? '')).toBeLessThan(10_000);
		}
	});

	it('seed 21: MeshIdentity answers with the node itself', async () => {
		expect(await action('MeshIdentity', reflection)).toMatchObject({
			ID: 'longbow-0',
			Addr: agents[0]?.gossip,
			Status: 0,
			Incarnation: expect.any(Number),
		});
	});

	it('an unknown action is INVALID_ARGUMENT and names the known ones', async () => {
		await expect(action('MeshFoo', reflection)).rejects.toMatchObject({
			code: INVALID_ARGUMENT * 8, // buf's exit code
			stderr: expect.stringContaining('known: MeshStatus, MeshIdentity, '),
		});
	});

	it('lists services and methods', async () => {
		const methods = await curl('--reflect-protocol', reflection, '--list-methods', `http://${agents[0]?.status}`);
		expect(methods.split('\n')).toEqual(
			expect.arrayContaining([
				DO_ACTION,
				'arrow.flight.protocol.FlightService/ListActions',
				'grpc.health.v1.Health/Check',
			]),
		);
	});

	it('says SERVING to a health check', async () => {
		const url = `http://${agents[0]?.status}/grpc.health.v1.Health/Check`;
		expect(JSON.parse(await curl('--reflect-protocol', reflection, '-d', '{}', url))).toEqual({ status: 'SERVING' });
	});
});

describe.runIf(present).each(REFLECTION)('every action, over reflection %s', (reflection) => {
	it('is in the table here', async () => {
		const url = `http://${agents[0]?.status}/arrow.flight.protocol.FlightService/ListActions`;
		const listed = await curl('--reflect-protocol', reflection, '-d', '{}', url);
		const types = [...listed.matchAll(/"type": ?"([^"]+)"/g)].map(([, type]) => type ?? '');
		expect(types.toSorted()).toEqual([...Object.keys(EVERY_ACTION), ...OF_A_GUEST].sort());
	});

	it.each(Object.entries(EVERY_ACTION))('%s', async (type, { body, goesOn, answer }) => {
		expect(await (goesOn ? firstOf(type, reflection, body) : action(type, reflection, body))).toEqual(answer);
	});

	it('MeshJoin and MeshLeave', async () => {
		const guest = await startAgentProcess(`guest-${reflection}`, { env: { LONGBOW_GOSSIP_KEYS: KEY } });
		try {
			const joined = await action('MeshJoin', reflection, { addresses: [agents[0]?.gossip] }, guest);
			expect(joined).toMatchObject({ answers: [{ ok: true }] });
			expect(await action('MeshLeave', reflection, undefined, guest)).toMatchObject({ told: expect.any(Number) });
		} finally {
			await guest.end();
		}
	});
});
