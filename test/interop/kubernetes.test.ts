// Provider `k8s` against the API stand-in: whom it finds, what it costs the server, and what it says when it is refused.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kubeToolsPresent } from '../support/kube-tools.ts';
import { KubeCluster, LABELS, type ServiceAccount } from './support/kube-cluster.ts';
import { readDiscovery } from './support/kube-reader.ts';
import { Refusal } from './support/kube-status.ts';

const SOON = { timeout: 30_000, interval: 20 };
const present = kubeToolsPresent('the API stand-in by kubectl');

let cluster: KubeCluster;
let account: ServiceAccount;
let kubeconfig: string;

beforeEach(async () => {
	cluster = await KubeCluster.start();
	account = cluster.serviceAccount('longbow');
	kubeconfig = account.kubeconfig;
	cluster.allow(account.user, ['list', 'watch']);
});

afterEach(() => {
	vi.unstubAllEnvs();
	return cluster.close();
});

/** How often each verb was asked for, by the account. */
function asked(): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { verb, user } of cluster.api.requests) if (user === account.user) counts[verb] = (counts[verb] ?? 0) + 1;
	return counts;
}

/** Resolves when the provider's watch is open, so that what follows reaches it as an event. */
async function watching(): Promise<void> {
	await expect.poll(() => cluster.api.watches, SOON).toBe(1);
}

describe('seed 13: discovery by k8s finds', () => {
	it('seed 13: the pods of the label selector, and no others', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		cluster.run({ name: 'other-0', ip: '10.0.0.2', labels: { 'app.kubernetes.io/name': 'other' } });
		const reader = readDiscovery({ kubeconfig });
		await reader.willTell('10.0.0.1:7946');
		await watching();
		cluster.run({ name: 'other-1', ip: '10.0.0.3', labels: {} });
		cluster.run({ name: 'longbow-1', ip: '10.0.0.4' });
		await reader.willTell('10.0.0.1:7946 10.0.0.4:7946');
		expect(reader.lists).toHaveLength(2);
		expect(reader.discovery.health).toMatchObject({ provider: 'k8s', errors: 0, problem: undefined });
	});

	it('pods by a selector that must be escaped, with sets and negations', async () => {
		cluster.run({ name: 'a', ip: '10.0.0.1', labels: { ...LABELS, tier: 'a' } });
		cluster.run({ name: 'b', ip: '10.0.0.2', labels: { ...LABELS, tier: 'b', canary: 'yes' } });
		cluster.run({ name: 'c', ip: '10.0.0.3', labels: { ...LABELS, tier: 'c' } });
		const labelSelector = 'app.kubernetes.io/name=longbow,tier in (a, b),!canary';
		await readDiscovery({ kubeconfig, labelSelector }).willTell('10.0.0.1:7946');
	});

	it('seed 13: the pods of its own namespace when none is configured, and of the configured one', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		cluster.run({ name: 'longbow-0', ip: '10.0.0.2', namespace: 'prod' });
		cluster.allow(account.user, ['list', 'watch'], 'prod');
		await readDiscovery({ kubeconfig, namespace: '' }).willTell('10.0.0.1:7946');
		await readDiscovery({ kubeconfig, namespace: 'prod' }).willTell('10.0.0.2:7946');
	});

	it('only running pods with an IP that are not terminating', async () => {
		cluster.run({ name: 'done', ip: '10.0.0.1', phase: 'Succeeded' });
		cluster.run({ name: 'broken', ip: '10.0.0.2', phase: 'Failed' });
		cluster.run({ name: 'starting', ip: '', phase: 'Pending' });
		cluster.run({ name: 'longbow-0', ip: '10.0.0.3' });
		const reader = readDiscovery({ kubeconfig });
		await reader.willTell('10.0.0.3:7946');
		cluster.run({ name: 'starting', ip: '10.0.0.4' });
		await reader.willTell('10.0.0.3:7946 10.0.0.4:7946');
	});

	it('the named port of each pod or else the configured one, and IPv6', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1', port: 7000 });
		cluster.run({ name: 'longbow-1', ip: 'fd00:0:0:0::12' });
		await readDiscovery({ kubeconfig }).willTell('10.0.0.1:7000 [fd00::12]:7946');
	});

	it('all of many pods, page by page', async () => {
		for (let i = 0; i < 1_201; i++) cluster.run({ name: `longbow-${i}`, ip: `10.1.${i >> 8}.${i & 255}` });
		const reader = readDiscovery({ kubeconfig });
		await expect.poll(() => reader.discovery.health.addresses.length, SOON).toBe(1_201);
		await watching();
		expect(asked()).toEqual({ list: 3, watch: 1 });
	});
});

describe('seed 13: the load on the API server', () => {
	it('is one list and one watch, however much changes, and bookmarks move the watch on', async () => {
		cluster.api.bookmarkMs = 50;
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		await watching();
		for (let i = 1; i <= 50; i++) cluster.run({ name: `longbow-${i}`, ip: `10.0.0.${i + 1}` });
		await expect.poll(() => reader.discovery.health.addresses.length, SOON).toBe(51);
		// A change elsewhere reaches this watch as nothing but the version of the next bookmark.
		cluster.run({ name: 'other', ip: '10.0.9.9', labels: {} });
		const { version } = cluster.api.store;
		const answeredAtMs = reader.discovery.health.answeredAtMs as number;
		await expect.poll(() => (reader.discovery.health.answeredAtMs as number) > answeredAtMs + 100, SOON).toBe(true);
		expect(asked()).toEqual({ list: 1, watch: 1 });
		cluster.api.compact();
		cluster.api.dropWatches();
		await expect.poll(asked, SOON).toEqual({ list: 1, watch: 2 });
		expect(Number(cluster.api.requests.at(-1)?.query.get('resourceVersion'))).toBe(version);
		expect(cluster.api.requests.at(-1)?.query.get('allowWatchBookmarks')).toBe('true');
		await reader.willBeWell();
	});

	it('a watch that ends in order goes on from its last version, without a list', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		await watching();
		cluster.run({ name: 'longbow-1', ip: '10.0.0.2' });
		await reader.willTell('10.0.0.1:7946 10.0.0.2:7946');
		cluster.api.endWatches();
		cluster.gone('longbow-0');
		await reader.willTell('10.0.0.2:7946');
		expect(asked()).toEqual({ list: 1, watch: 2 });
		expect(reader.discovery.health).toMatchObject({ errors: 0, problem: undefined });
	});

	it('a connection that breaks is made again, and misses nothing', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		await watching();
		cluster.api.dropWatches();
		cluster.run({ name: 'longbow-1', ip: '10.0.0.2' });
		await reader.willTell('10.0.0.1:7946 10.0.0.2:7946');
		expect(asked()).toEqual({ list: 1, watch: 2 });
		expect(reader.discovery.health).toMatchObject({ errors: 1, problem: undefined });
	});

	it.each(['event', 'status'] as const)('410 as %s of the watch leads to a new list', async (goneAs) => {
		cluster.api.goneAs = goneAs;
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		await watching();
		cluster.api.dropWatches();
		cluster.gone('longbow-0');
		cluster.run({ name: 'longbow-1', ip: '10.0.0.2' });
		cluster.api.compact();
		await reader.willTell('10.0.0.2:7946');
		await watching();
		expect(asked()).toEqual({ list: 2, watch: 3 });
		expect(reader.discovery.health).toMatchObject({ errors: 1, problem: undefined });
	});

	it('410 between two pages begins the list again', async () => {
		for (let i = 0; i < 600; i++) cluster.run({ name: `longbow-${i}`, ip: `10.1.${i >> 8}.${i & 255}` });
		cluster.api.beforeAnswer = ({ query }) => {
			if (query.has('continue') && cluster.api.requests.length === 2) cluster.api.compact();
		};
		const reader = readDiscovery({ kubeconfig });
		await expect.poll(() => reader.discovery.health.addresses.length, SOON).toBe(600);
		expect(asked().list).toBe(4);
	});

	it('a server that ends every watch at once is not asked in a tight loop', async () => {
		cluster.api.beforeAnswer = ({ verb }) => {
			if (verb === 'watch') setImmediate(() => cluster.api.endWatches());
		};
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		const beganAtMs = performance.now();
		await expect.poll(() => asked().watch ?? 0, SOON).toBeGreaterThanOrEqual(4);
		// 0.5, 1 and 2 s, each 20 % less at the least.
		expect(performance.now() - beganAtMs).toBeGreaterThan(2_700);
		expect(asked().list).toBe(1);
		cluster.api.beforeAnswer = undefined;
		await watching();
		await reader.willBeWell();
	});

	it('a busy server is not asked before the time that it names', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		cluster.api.beforeAnswer = () => {
			cluster.api.beforeAnswer = undefined;
			throw new Refusal(429, 'TooManyRequests', 'too many requests', { retryAfterSeconds: 2 });
		};
		const reader = readDiscovery({ kubeconfig });
		const text = await reader.willComplain('failed');
		const beganAtMs = performance.now();
		expect(text).toBe('the API server could not list pods in namespace default (HTTP 429: too many requests)');
		await reader.willTell('10.0.0.1:7946');
		expect(performance.now() - beganAtMs).toBeGreaterThan(1_800);
	});
});

describe('seed 13: credentials and permissions', () => {
	it('seed 13: needs pod list access, and a 403 says which Role is missing', async () => {
		cluster.allow(account.user, []);
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const text = await readDiscovery({ kubeconfig }).willComplain('forbidden');
		expect(text).toBe(
			'system:serviceaccount:default:longbow may not list pods in namespace default (HTTP 403); ' +
				'a Role in default needs the rule {apiGroups: [""], resources: [pods], verbs: [list, watch]}, ' +
				'and a RoleBinding gives it: ' +
				'kubectl create role longbow-peers -n default --verb=list,watch --resource=pods && ' +
				'kubectl create rolebinding longbow-peers -n default --role=longbow-peers --serviceaccount=default:longbow',
		);
	});

	it.runIf(present)('seed 13: 403 explained: the commands that it names are the cure', async () => {
		cluster.allow(account.user, []);
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		const text = await reader.willComplain('forbidden');
		for (const command of text.slice(text.indexOf('kubectl')).split(' && ')) {
			const words = command.split(' ').slice(1);
			await cluster.create(await cluster.kubectl(...words, '--dry-run=client', '-o', 'json'));
		}
		await reader.willTell('10.0.0.1:7946');
		await reader.willBeWell();
	});

	it('a watch that is refused while the list is allowed is told apart, and the lists go on', async () => {
		cluster.allow(account.user, ['list']);
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		const text = await reader.willComplain('forbidden');
		expect(text).toMatch(/^system:serviceaccount:default:longbow may list but not watch pods in namespace default/);
		await reader.willTell('10.0.0.1:7946');
		cluster.run({ name: 'longbow-1', ip: '10.0.0.2' });
		await reader.willTell('10.0.0.1:7946 10.0.0.2:7946');
		cluster.allow(account.user, ['list', 'watch']);
		await reader.willBeWell();
	});

	it('a token that was replaced in its file is read again', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const reader = readDiscovery({ kubeconfig });
		await watching();
		account.rotate();
		cluster.api.dropWatches();
		cluster.run({ name: 'longbow-1', ip: '10.0.0.2' });
		await reader.willTell('10.0.0.1:7946 10.0.0.2:7946');
		await reader.willBeWell();
	});

	it('a token that is not accepted is told as such, and so is none', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		const stale = readDiscovery({ kubeconfig: cluster.api.kubeconfig('stale', { token: 'old' }, 'default') });
		expect(await stale.willComplain('unauthorized')).toMatch(/HTTP 401: Unauthorized/);
		const none = readDiscovery({ kubeconfig: cluster.api.kubeconfig('none', {}, 'default') });
		expect(await none.willComplain('unauthorized')).toMatch(/HTTP 403: .*"system:anonymous"/);
	});

	it('are those of KUBECONFIG outside of a cluster, and without a cluster in it that is the problem', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
		vi.stubEnv('KUBECONFIG', kubeconfig);
		await readDiscovery({}).willTell('10.0.0.1:7946');
		const empty = join(cluster.api.folder, 'empty');
		writeFileSync(empty, '{}');
		vi.stubEnv('KUBECONFIG', empty);
		expect(await readDiscovery({}).willComplain('failed')).toMatch(/^no Kubernetes cluster is configured/);
	});

	it('a selector that matches nothing is named with its namespace, and costs nobody his peers', async () => {
		const reader = readDiscovery({ kubeconfig });
		expect(await reader.willComplain('no-match')).toBe(
			'the selector app.kubernetes.io/name=longbow matches no pod in namespace default; ' +
				'compare with: kubectl get pods -n default --show-labels',
		);
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		await reader.willTell('10.0.0.1:7946');
		await reader.willBeWell();
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1', phase: 'Failed' });
		expect(await reader.willComplain('no-match')).toMatch(/^the 1 pods that the selector .* do not run or have no IP/);
		expect(reader.discovery.health.addresses).toEqual([{ host: '10.0.0.1', port: 7946 }]);
	});

	it('a selector that the server cannot read is told in the words of the server', async () => {
		const text = await readDiscovery({ kubeconfig, labelSelector: 'a===b' }).willComplain('failed');
		expect(text).toMatch(/HTTP 400: unable to parse requirement/);
	});

	it('a server that is away is told with its address, and found again', async () => {
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		await cluster.api.down();
		const reader = readDiscovery({ kubeconfig });
		expect(await reader.willComplain('unreachable')).toBe(
			`the API server at ${cluster.api.url} did not answer: connect ECONNREFUSED ${new URL(cluster.api.url).host}; ` +
				'check the network path to it',
		);
		await cluster.api.up();
		await reader.willTell('10.0.0.1:7946');
		await reader.willBeWell();
	});
});
