// An agent whose host has no address yet: whom it waits for, and how it gives up.

import { describe, expect, it } from 'vitest';
import { type AgentConfig, loadConfig } from '../config/index.ts';
import type { LogRecord } from './log-record.ts';
import { networkReady } from './network.ts';

const REMOTE = { LONGBOW_GOSSIP_STATIC_PEERS: '127.0.0.1:1,10.0.0.2:7946' };

function config(env: Record<string, string>): AgentConfig {
	return loadConfig({ env, hostName: 'host-1' }).config;
}

/** A host whose address comes at the given look, counted from 1. */
async function start(env: Record<string, string>, addressAt: number): Promise<{ looks: number; log: LogRecord[] }> {
	let looks = 0;
	const log: LogRecord[] = [];
	const find = async (): Promise<string | undefined> => (++looks >= addressAt ? '10.0.0.5' : undefined);
	await networkReady(config(env), { write: (record) => log.push(record) }, { find, waitMs: 200, lookMs: 5 });
	return { looks, log };
}

describe('networkReady', () => {
	it('goes on at once where there is an address', async () => {
		expect(await start(REMOTE, 1)).toEqual({ looks: 1, log: [] });
	});

	it('waits for one, and says so once', async () => {
		const { looks, log } = await start(REMOTE, 4);
		expect(looks).toBe(4);
		expect(log.map(({ level, reason }) => [level, reason])).toEqual([
			['warn', 'no network interface has an address yet; waiting for one, 0.2 s at most'],
		]);
	});

	it('gives up in three lines', async () => {
		await expect(start(REMOTE, Number.POSITIVE_INFINITY)).rejects.toMatchObject({
			code: 'NO_NETWORK',
			exitCode: 1,
			message: 'this host has no address that its peers could reach',
			hints: [expect.stringContaining('LONGBOW_GOSSIP_ADVERTISE_ADDR')],
		});
	});

	it.each([
		['peers on this host alone', { LONGBOW_GOSSIP_STATIC_PEERS: 'localhost:7947,[::1]:7948' }],
		['no peers', {}],
		['an address to advertise', { ...REMOTE, LONGBOW_GOSSIP_ADVERTISE_ADDR: '10.0.0.9' }],
		['an address of the pod', { ...REMOTE, POD_IP: '10.0.0.9' }],
		['one bound address', { ...REMOTE, LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1' }],
		['gossip off', { ...REMOTE, LONGBOW_GOSSIP_ENABLED: 'false' }],
	])('does not look with %s', async (_, env) => {
		expect((await start(env, 9)).looks).toBe(0);
	});

	it.each([
		['a peer with a name', { LONGBOW_GOSSIP_STATIC_PEERS: 'longbow-0.longbow' }],
		['dns', { LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns', LONGBOW_GOSSIP_DNS_RECORD: '_gossip._udp.mesh.example' }],
		['k8s', { LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'static,k8s' }],
	])('looks with %s', async (_, env) => {
		expect((await start(env, 2)).looks).toBe(2);
	});
});
