// Five real agents as in five pods of a namespace: configured as the chart does it, with the service account of the pod.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aliveIn, type PodAgent, podsMissing, startPodAgent } from './support/kube-agent.ts';
import { KubeCluster, type ServiceAccount } from './support/kube-cluster.ts';
import { freePort } from './support/ports.ts';

/** Five processes start at once, and each of them loads the client. */
const SOON = { timeout: 60_000, interval: 100 };
const TEST_MS = 200_000;
const namespace = 'prod';
const FIVE = 'longbow-0 longbow-1 longbow-2 longbow-3 longbow-4';

const missing = podsMissing();
if (missing !== undefined) {
	if (process.env.CI === 'true') throw new Error(missing);
	console.warn(`NOT CHECKED: agents by the service account of a pod: ${missing}`);
}

let cluster: KubeCluster;
let account: ServiceAccount;
let port: number;

beforeEach(async () => {
	cluster = await KubeCluster.start();
	account = cluster.serviceAccount('longbow', namespace);
	port = await freePort();
});

afterEach(() => cluster.close());

function startAgent(i: number): Promise<PodAgent> {
	return startPodAgent(cluster, { name: `longbow-${i}`, ip: `127.0.14.${i + 1}`, port, namespace }, account);
}

function startFive(): Promise<PodAgent[]> {
	return Promise.all([0, 1, 2, 3, 4].map(startAgent));
}

/** The reasons that the agent's log gives for what it says of discovery, the newest last. */
function said({ process }: PodAgent): string[] {
	const lines = process.lines.filter((line) => line.includes('"event":"discovery"'));
	return lines.map((line) => (JSON.parse(line) as { reason: string }).reason);
}

describe.runIf(missing === undefined)('seed 13: agents in pods', { timeout: TEST_MS }, () => {
	it('seed 13: find the pods of their own namespace, and go on with a rotated token', async () => {
		cluster.allow(account.user, ['list', 'watch'], namespace);
		cluster.run({ name: 'longbow-9', ip: '127.0.14.99', port, namespace: 'default' });
		const agents = await startFive();
		for (const agent of agents) await expect.poll(() => aliveIn(agent), SOON).toBe(FIVE);
		await expect.poll(() => cluster.api.watches, SOON).toBe(5);
		for (const agent of agents) await expect.poll(() => said(agent).at(-1), SOON).toBe('k8s: 5 addresses');
		account.rotate();
		cluster.api.dropWatches();
		cluster.run({ name: 'longbow-5', ip: '127.0.14.6', port, namespace });
		for (const agent of agents) await expect.poll(() => said(agent).at(-1), SOON).toBe('k8s: 6 addresses');
	});

	it('seed 13: say which Role is missing, and form a mesh when it is there', async () => {
		const agents = await startFive();
		for (const agent of agents) {
			await expect
				.poll(() => said(agent).at(-1), SOON)
				.toMatch(
					/^k8s: system:serviceaccount:prod:longbow may not list pods in namespace prod \(HTTP 403\); a Role in prod/,
				);
		}
		cluster.allow(account.user, ['list', 'watch'], namespace);
		for (const agent of agents) await expect.poll(() => aliveIn(agent), SOON).toBe(FIVE);
	});
});
