// The real kubectl against the API stand-in, which shows that it keeps to the API's conventions, and discovery beside it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kubeToolsPresent } from '../support/kube-tools.ts';
import { KubeCluster, LABELS } from './support/kube-cluster.ts';
import { readDiscovery } from './support/kube-reader.ts';

const SOON = { timeout: 30_000, interval: 20 };

let cluster: KubeCluster;

beforeEach(async () => {
	cluster = await KubeCluster.start();
});

afterEach(() => cluster.close());

/** A pod as a user writes it. */
function manifest(name: string): unknown {
	const ports = [{ name: 'gossip', containerPort: 7000, protocol: 'UDP' }];
	const containers = [{ name: 'longbow', image: 'longbow', ports }];
	return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: LABELS }, spec: { containers } };
}

/** What the kubelet reports, by kubectl. */
function report(name: string, status: Record<string, unknown>): Promise<string> {
	const patch = JSON.stringify({ status });
	return cluster.kubectl('patch', 'pod', name, '--subresource=status', '--type=merge', '-p', patch);
}

describe.runIf(kubeToolsPresent('the API stand-in by kubectl'))('kubectl', () => {
	it('seed 13: creates, starts and deletes pods, and discovery follows', async () => {
		const account = cluster.serviceAccount('longbow');
		cluster.allow(account.user, ['list', 'watch']);
		const reader = readDiscovery({ kubeconfig: account.kubeconfig });
		await reader.willComplain('no-match');
		await cluster.create(manifest('longbow-0'));
		await cluster.create(manifest('longbow-1'));
		expect(await reader.willComplain('no-match')).toMatch(/no pod|do not run/);
		await report('longbow-0', { phase: 'Running', podIP: '10.0.0.1' });
		await report('longbow-1', { phase: 'Running', podIP: 'fd00::2' });
		await reader.willTell('10.0.0.1:7000 [fd00::2]:7000');
		// Graceful: the pod stays until its kubelet has ended it, and is no peer from now on.
		await cluster.kubectl('delete', 'pod', 'longbow-0', '--wait=false');
		await reader.willTell('[fd00::2]:7000');
		expect(await cluster.kubectl('get', 'pods', '-o', 'name')).toBe('pod/longbow-0\npod/longbow-1');
		// A label that is taken away is a deletion to whoever selects by it.
		await cluster.create(manifest('longbow-2'));
		await report('longbow-2', { phase: 'Running', podIP: '10.0.0.3' });
		await reader.willTell('10.0.0.3:7000 [fd00::2]:7000');
		await cluster.kubectl('label', 'pod', 'longbow-1', 'app.kubernetes.io/name-');
		await reader.willTell('10.0.0.3:7000');
	});

	it('reads lists by pages, labels and fields', async () => {
		for (const name of ['a', 'b', 'c', 'd', 'e']) cluster.run({ name, ip: '10.0.0.1', labels: { name } });
		cluster.run({ name: 'pending', ip: '', phase: 'Pending' });
		const get = (...args: string[]): Promise<string> => cluster.kubectl('get', 'pods', '-o', 'name', ...args);
		expect((await get('--chunk-size=2')).split('\n')).toHaveLength(6);
		const pages = cluster.api.requests.filter(({ verb }) => verb === 'list');
		expect(pages.map(({ query }) => query.has('continue'))).toEqual([false, true, true]);
		expect(await get('-l', 'name in (a, c),name!=c')).toBe('pod/a');
		expect(await get('-l', '!name')).toBe('pod/pending');
		expect(await get('--field-selector', 'status.phase=Pending')).toBe('pod/pending');
		expect(await get('-n', 'elsewhere')).toBe('');
	});

	it('waits by a watch for what happens', async () => {
		cluster.run({ name: 'longbow-0', ip: '', phase: 'Pending' });
		const running = cluster.kubectl('wait', 'pod/longbow-0', '--for=jsonpath={.status.phase}=Running', '--timeout=15s');
		await expect.poll(() => cluster.api.watches, SOON).toBe(1);
		cluster.run({ name: 'longbow-0', ip: '10.0.0.1' });
		expect(await running).toBe('pod/longbow-0 condition met');
		const deleted = cluster.kubectl('delete', 'pod', 'longbow-0', '--timeout=15s');
		await expect.poll(() => cluster.api.watches, SOON).toBe(1);
		cluster.gone('longbow-0');
		expect(await deleted).toMatch(/^pod "longbow-0" deleted/);
	});

	it('is refused in the words that it knows', async () => {
		const { user } = cluster.serviceAccount('longbow');
		const refusal = (...args: string[]): Promise<string> =>
			cluster.kubectl(...args).then(
				(output) => `no refusal: ${output}`,
				(error: { stderr: string }) => error.stderr.trim(),
			);
		const cannot = `User "${user}" cannot list resource "pods" in API group "" in the namespace "default"`;
		expect(await refusal('get', 'pods', '--as', user)).toBe(
			`Error from server (Forbidden): pods is forbidden: ${cannot}`,
		);
		expect(await refusal('get', 'pod', 'x')).toBe('Error from server (NotFound): pods "x" not found');
		expect(await refusal('get', 'pods', '-l', 'a b')).toMatch(/unable to parse requirement/);
		expect(await refusal('get', 'services')).toMatch(/doesn't have a resource type "services"/);
		await cluster.create(manifest('longbow-0'));
		await expect(cluster.create(manifest('longbow-0'))).rejects.toThrow(
			/AlreadyExists.*pods "longbow-0" already exists/,
		);
		const stranger = cluster.api.kubeconfig('stranger', { token: 'unknown' }, 'default');
		expect(await refusal('get', 'pods', '--kubeconfig', stranger)).toMatch(/You must be logged in to the server/);
	});
});
