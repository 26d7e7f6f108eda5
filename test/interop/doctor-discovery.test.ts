// The doctor and discovery: names that do not resolve, records that are missing, an API server that refuses or matches nothing.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, startAgentProcess } from '../support/agent-process.ts';
import { eventually } from '../support/cli.ts';
import { checkOf, examine, those } from '../support/doctor.ts';
import { type NameServer, startNameServer } from '../support/name-server.ts';
import { KubeCluster, type ServiceAccount } from './support/kube-cluster.ts';

const RECORD = '_gossip._udp.longbow.test';

/** What an agent with this environment would meet; nothing of it runs. It may take long to load the client of Kubernetes. */
function offline(env: NodeJS.ProcessEnv): ReturnType<typeof examine> {
	return eventually('the provider has answered, or failed', async () => {
		const report = await examine(['--offline', '--only', 'discovery,dns,k8s'], env);
		const { result, data } = checkOf(report, 'discovery');
		return result === 'pass' || data.code !== undefined ? report : undefined;
	});
}

describe('dns', () => {
	let server: NameServer;
	let env: NodeJS.ProcessEnv;

	beforeEach(async () => {
		server = await startNameServer();
		env = {
			LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns',
			LONGBOW_GOSSIP_DNS_RECORD: RECORD,
			LONGBOW_GOSSIP_DNS_SERVERS: server.address,
		};
	});
	afterEach(() => server.close());

	it('nothing is wrong with a record and its targets', async () => {
		server.zone.set(RECORD, [{ type: 'SRV', target: 'longbow-0.longbow.test', port: 7946 }]);
		server.zone.set('longbow-0.longbow.test', [{ type: 'A', address: '127.0.0.9' }]);
		const report = await offline(env);
		expect(those(report, 'fail')).toEqual([]);
		expect(checkOf(report, 'discovery').text).toBe('dns answers: 1 address');
		expect(checkOf(report, 'dns').text).toBe(`${RECORD} resolves`);
	});

	it('seed 23: a wrong name', async () => {
		const report = await offline(env);
		expect(those(report, 'fail')).toEqual(['discovery', 'dns']);
		const dns = checkOf(report, 'dns');
		expect(dns).toMatchObject({ text: `${RECORD} does not exist (ENOTFOUND)`, data: { code: 'unresolved' } });
		expect(dns.why).toContain('The name is wrong');
		expect(dns.try.join()).toContain('dig ');
	});

	it('seed 25: a Service without a named port has addresses and no SRV', async () => {
		server.zone.set('longbow.test', [
			{ type: 'A', address: '127.0.0.9' },
			{ type: 'A', address: '127.0.0.10' },
		]);
		const dns = checkOf(await offline(env), 'dns');
		expect(dns.result).toBe('fail');
		expect(dns.text).toMatch(/^_gossip\._udp\.longbow\.test does not exist .*; longbow\.test has 2 addresses$/);
		expect(dns.why).toContain('*named* port of a headless Service');
		expect(dns.try[0]).toContain('clusterIP: None');
	});

	it('seed 23: a name without SRV', async () => {
		server.zone.set(RECORD, []);
		const dns = checkOf(await offline(env), 'dns');
		expect(dns).toMatchObject({ result: 'fail', data: { code: 'no-record' } });
		expect(dns.why).toContain('*named* port');
	});

	it('seed 23: a target that does not resolve', async () => {
		server.zone.set(RECORD, [{ type: 'SRV', target: 'longbow-0.longbow.test', port: 7946 }]);
		expect(checkOf(await offline(env), 'dns').text).toContain('longbow-0.longbow.test does not exist');
	});

	it('seed 23: no name server, seen by the agent itself', async () => {
		server.broken.set('SRV', 'SERVFAIL');
		const agent = await startAgentProcess('a', { env });
		try {
			const report = await eventually('the record has been asked for', async () => {
				const found = await examine(['--addr', agent.status, '--only', 'discovery,dns']);
				return checkOf(found, 'dns').data.code === undefined ? undefined : found;
			});
			expect(checkOf(report, 'discovery').why).toBe('Nobody is found this way.');
			expect(checkOf(report, 'dns')).toMatchObject({ result: 'fail', data: { code: 'unreachable' } });
			expect(checkOf(report, 'dns').try.join()).toContain('UDP and TCP 53');
		} finally {
			await agent.end();
		}
	});
});

describe('k8s', () => {
	let cluster: KubeCluster;
	let account: ServiceAccount;
	let env: NodeJS.ProcessEnv;

	beforeEach(async () => {
		cluster = await KubeCluster.start();
		account = cluster.serviceAccount('longbow');
		env = { LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'k8s', KUBECONFIG: account.kubeconfig };
	});
	afterEach(() => cluster.close());

	it('nothing is wrong with pods that match, our own among them', async () => {
		cluster.allow(account.user, ['list', 'watch']);
		const port = await freePort();
		cluster.run({ name: 'longbow-0', ip: '127.0.0.1', port });
		cluster.run({ name: 'longbow-1', ip: '127.0.0.1', port: await freePort() });
		const agent = await startAgentProcess('longbow-0', { env: { ...env, LONGBOW_GOSSIP_PORT: String(port) } });
		try {
			const report = await eventually('the API server has answered', async () => {
				const found = await examine(['--addr', agent.status, '--only', 'discovery,k8s']);
				return those(found, 'fail').length === 0 ? found : undefined;
			});
			expect(checkOf(report, 'discovery').text).toBe('k8s answers: 2 addresses, us among them');
			expect(checkOf(report, 'k8s').text).toContain('app.kubernetes.io/name=longbow matches 2');
		} finally {
			await agent.end();
		}
	});

	it('seed 23: 403', async () => {
		const report = await offline(env);
		expect(those(report, 'fail')).toEqual(['discovery', 'k8s']);
		const k8s = checkOf(report, 'k8s');
		expect(k8s.text).toBe(`${account.user} may not list pods in namespace default (HTTP 403)`);
		expect(k8s.why).toContain('list and watch on pods');
		expect(k8s.try.join()).toContain('kubectl create role');
		expect(k8s.try.join()).toContain('rbac.create=true');
	});

	it('seed 23: a selector that matches nothing', async () => {
		cluster.allow(account.user, ['list', 'watch']);
		cluster.run({ name: 'other-0', ip: '127.0.0.1', labels: { app: 'other' } });
		const k8s = checkOf(await offline(env), 'k8s');
		expect(k8s).toMatchObject({ result: 'fail', data: { code: 'no-match' } });
		expect(k8s.why).toContain('labels or namespace');
		expect(k8s.try.join()).toContain('LONGBOW_GOSSIP_LABEL_SELECTOR');
	});

	it('seed 23: an API server that is down', async () => {
		await cluster.api.down();
		const k8s = checkOf(await offline(env), 'k8s');
		await cluster.api.up();
		expect(k8s).toMatchObject({ result: 'fail', data: { code: 'unreachable' } });
		expect(k8s.try.join()).toContain('egress rule to the API server');
	});
});
