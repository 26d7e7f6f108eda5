// The seed's two grpcurl lines, by a client that nobody here wrote: `buf curl` over server reflection, against real agents.

import { execFile } from 'node:child_process';
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

const agents: AgentProcess[] = [];

beforeAll(async () => {
	if (!present) return;
	const first = await startAgentProcess('longbow-0');
	agents.push(first, await startAgentProcess('longbow-1', { join: [first.gossip] }));
});

afterAll(async () => {
	await Promise.all(agents.map((agent) => agent.end()));
});

/** Runs `buf curl`; it knows nothing of the service but what reflection tells it. */
async function curl(...args: string[]): Promise<string> {
	const options = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...args];
	return (await promisify(execFile)(BUF, options, { timeout: 20_000 })).stdout;
}

async function action(type: string, reflection: string): Promise<unknown> {
	const url = `http://${agents[0]?.status}/${DO_ACTION}`;
	const { body } = JSON.parse(await curl('--reflect-protocol', reflection, '-d', JSON.stringify({ type }), url));
	return JSON.parse(Buffer.from(body, 'base64').toString());
}

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
