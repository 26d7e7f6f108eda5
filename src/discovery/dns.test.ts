// Tests of dns discovery against a name server on loopback: which records count, how long, and what a bad answer changes.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NameServer, startNameServer } from '../../test/support/name-server.ts';
import { until } from '../../test/support/until.ts';
import { formatAddress, seededRandom } from '../swim/index.ts';
import type { Discovery } from './discovery.ts';
import { createDnsDiscovery } from './dns.ts';

const SERVICE = '_gossip._udp.mesh.test';
const REFRESH_MS = 40;

let server: NameServer;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
	server = await startNameServer();
	stops = [];
});

afterEach(async () => {
	for (const stop of stops) await stop();
	await server.close();
});

function discover(record: string, refreshMs = REFRESH_MS): Discovery {
	const random = seededRandom(1);
	return createDnsDiscovery({ record, defaultPort: 7946, servers: [server.address], refreshMs, random });
}

/** Reads all lists as text, until the test ends. */
function reading(discovery: Discovery): string[] {
	const abort = new AbortController();
	const lists: string[] = [];
	const done = (async () => {
		for await (const list of discovery.watch(abort.signal)) lists.push(list.map(formatAddress).join(' '));
	})();
	stops.push(() => {
		abort.abort();
		return done;
	});
	return lists;
}

function asked(question: string): number {
	return server.questions.filter((each) => each === question).length;
}

/** Until `record` has been asked for twice more: whatever the answer brought has been taken. */
async function anotherRound(question: string): Promise<void> {
	const before = asked(question);
	await until(`${question} is asked again`, () => asked(question) >= before + 2);
}

function twoTargets(): void {
	server.zone.set(SERVICE, [
		{ type: 'SRV', target: 'n1.mesh.test', port: 7001 },
		{ type: 'SRV', target: 'n2.mesh.test', port: 7002 },
	]);
	server.zone.set('n1.mesh.test', [
		{ type: 'A', address: '10.0.0.1' },
		{ type: 'AAAA', address: 'fd00::1' },
	]);
	server.zone.set('n2.mesh.test', [
		{ type: 'A', address: '10.0.0.2' },
		{ type: 'A', address: '10.0.0.3' },
	]);
}

describe('seed 14: dns discovery', () => {
	it('seed 14: takes the targets and ports of an SRV record, with all addresses of both families', async () => {
		twoTargets();
		const discovery = discover(SERVICE);
		const lists = reading(discovery);
		await until('a first list', () => lists.length === 1);
		expect(lists[0]).toBe('10.0.0.1:7001 10.0.0.2:7002 10.0.0.3:7002 [fd00::1]:7001');
		expect(discovery.health).toMatchObject({ provider: 'dns', errors: 0, problem: undefined });
		expect(discovery.health.answeredAtMs).toBeTypeOf('number');
	});

	it('takes the addresses of a plain name with the gossip port', async () => {
		server.zone.set('mesh.test', [
			{ type: 'AAAA', address: 'fd00::9' },
			{ type: 'A', address: '10.0.0.9' },
		]);
		const lists = reading(discover('mesh.test'));
		await until('a first list', () => lists.length === 1);
		expect(lists[0]).toBe('10.0.0.9:7946 [fd00::9]:7946');
		expect(asked(`SRV mesh.test`)).toBe(0);
	});

	it('tells what came and what went, and says nothing of a rotation', async () => {
		twoTargets();
		const lists = reading(discover(SERVICE));
		await until('a first list', () => lists.length === 1);
		server.zone.set(SERVICE, [...(server.zone.get(SERVICE) ?? [])].reverse());
		await anotherRound(`SRV ${SERVICE}`);
		expect(lists).toHaveLength(1);
		server.zone.set(SERVICE, [{ type: 'SRV', target: 'n2.mesh.test', port: 7002 }]);
		await until('the change is told', () => lists.length === 2);
		expect(lists[1]).toBe('10.0.0.2:7002 10.0.0.3:7002');
	});

	it.each([
		['does not exist', () => server.zone.delete(SERVICE), 'unresolved', /does not exist \(ENOTFOUND\)/],
		['is empty', () => server.zone.set(SERVICE, []), 'no-record', /has no such record \(ENODATA\)/],
		[
			'says that there is no service',
			() => server.zone.set(SERVICE, [{ type: 'SRV', target: '.', port: 0 }]),
			'no-record',
			/has no such record/,
		],
		['is a refusal', () => server.broken.set('SRV', 'SERVFAIL'), 'unreachable', /ESERVFAIL/],
	])('changes nothing when the answer %s, and goes on asking', async (_, spoil, code, text) => {
		twoTargets();
		const discovery = discover(SERVICE);
		const lists = reading(discovery);
		await until('a first list', () => lists.length === 1);
		spoil();
		await until('the problem is seen', () => discovery.health.problem?.code === code);
		expect(discovery.health.problem?.text).toMatch(text);
		expect(discovery.health.problem?.text).toContain(
			`dig @127.0.0.1 -p ${server.address.split(':')[1]} SRV ${SERVICE}`,
		);
		expect(discovery.health.addresses).toHaveLength(4);
		expect(discovery.health.errors).toBeGreaterThan(0);
		server.broken.clear();
		twoTargets();
		await until('the problem is over', () => discovery.health.problem === undefined);
		expect(lists).toHaveLength(1);
	});

	it('keeps what it knows of a target that fails, and tells of the others', async () => {
		twoTargets();
		const discovery = discover(SERVICE);
		const lists = reading(discovery);
		await until('a first list', () => lists.length === 1);
		server.zone.delete('n1.mesh.test');
		server.zone.set('n2.mesh.test', [{ type: 'A', address: '10.0.0.4' }]);
		await until('the change is told', () => lists.length === 2);
		expect(lists[1]).toBe('10.0.0.1:7001 10.0.0.4:7002 [fd00::1]:7001');
		expect(discovery.health.problem).toMatchObject({ code: 'unresolved' });
		expect(discovery.health.problem?.text).toContain('n1.mesh.test');
	});

	it('keeps everything while none of the targets has an address', async () => {
		twoTargets();
		const discovery = discover(SERVICE);
		const lists = reading(discovery);
		await until('a first list', () => lists.length === 1);
		server.zone.set(SERVICE, [{ type: 'SRV', target: 'n3.mesh.test', port: 7003 }]);
		await until('the problem is seen', () => discovery.health.problem?.code === 'unresolved');
		expect(discovery.health.addresses).toHaveLength(4);
		server.zone.set('n3.mesh.test', [{ type: 'A', address: '10.0.0.3' }]);
		await until('the change is told', () => lists.length === 2);
		expect(lists[1]).toBe('10.0.0.3:7003');
	});

	it('keeps the addresses of a family that fails while the other one answers', async () => {
		twoTargets();
		const discovery = discover(SERVICE);
		const lists = reading(discovery);
		await until('a first list', () => lists.length === 1);
		server.broken.set('AAAA', 'SERVFAIL');
		await until('the problem is seen', () => discovery.health.problem?.code === 'unreachable');
		server.zone.set('n1.mesh.test', [{ type: 'A', address: '10.0.0.8' }]);
		await until('the change is told', () => lists.length === 2);
		expect(lists[1]).toBe('10.0.0.2:7002 10.0.0.3:7002 10.0.0.8:7001 [fd00::1]:7001');
		// That a host has no address of a family any more is an answer.
		server.broken.clear();
		await until('it is gone', () => lists.length === 3);
		expect(lists[2]).toBe('10.0.0.2:7002 10.0.0.3:7002 10.0.0.8:7001');
	});

	it('asks a name that never existed again and again, and finds it when it is made', async () => {
		const discovery = discover(SERVICE);
		const lists = reading(discovery);
		await until('two failures', () => discovery.health.errors >= 2);
		expect(lists).toEqual([]);
		expect(discovery.health.answeredAtMs).toBeUndefined();
		twoTargets();
		await until('a first list', () => lists.length === 1);
	});

	it('asks again after the smallest TTL, never more often than once a second', async () => {
		twoTargets();
		server.zone.set('n1.mesh.test', [{ type: 'A', address: '10.0.0.1', ttl: 0 }]);
		server.zone.set('n2.mesh.test', [{ type: 'A', address: '10.0.0.2', ttl: 300 }]);
		reading(discover(SERVICE, 30_000));
		const begun = performance.now();
		await until('it is asked again', () => asked(`SRV ${SERVICE}`) === 2, 5_000);
		expect(performance.now() - begun).toBeGreaterThan(700);
	});

	it('stops asking at once when it is aborted while a server is silent', async () => {
		server.broken.set('SRV', 'silence');
		reading(discover(SERVICE));
		await until('it has asked', () => server.questions.length === 1);
		const begun = performance.now();
		await stops.pop()?.();
		expect(performance.now() - begun).toBeLessThan(500);
	});

	it('refuses a record that is no name and a server that is no address', () => {
		const create = (record: string, servers: string[]) => () =>
			createDnsDiscovery({ record, defaultPort: 7946, servers });
		expect(create('10.0.0.1', [])).toThrow(/record: "10.0.0.1" is no name/);
		expect(create('mesh.test:53', [])).toThrow(RangeError);
		expect(create('mesh.test', ['dns.test:53'])).toThrow(/server "dns.test:53": must be an IP address/);
		expect(create('mesh.test', ['[fd00::53]', '10.0.0.53', '10.0.0.53:5353'])).not.toThrow();
	});
});
