// Drawn histories of pods, broken connections, compactions and rotated tokens: discovery ends with the pods that there are.

import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatAddress, type Random, randomBelow, seededRandom } from '../../src/swim/index.ts';
import { KubeCluster, LABELS, NAMESPACE, type ServiceAccount } from './support/kube-cluster.ts';
import { readDiscovery } from './support/kube-reader.ts';
import { PODS, qualified } from './support/kube-resources.ts';

/** A broken connection costs a pause of half a second, and several in a row some seconds. */
const SOON = { timeout: 45_000, interval: 20 };
const ROUNDS = 4;
const STEPS = 30;

let cluster: KubeCluster;
let account: ServiceAccount;

beforeEach(async () => {
	cluster = await KubeCluster.start();
	account = cluster.serviceAccount('longbow');
	cluster.allow(account.user, ['list', 'watch']);
	// There is always one: an answer without peers is no news.
	cluster.run({ name: 'longbow', ip: '10.0.0.1' });
});

afterEach(() => cluster.close());

/** What a look at the store says, by the rule in words: the label, running, an IP, not terminating. */
function expected(): string {
	const pods = cluster.api.store.list(qualified(PODS), NAMESPACE).filter(({ metadata, status }) => {
		const ours = metadata.labels?.['app.kubernetes.io/name'] === 'longbow';
		return ours && status?.phase === 'Running' && status.podIP && metadata.deletionTimestamp === undefined;
	});
	return [...new Set(pods.map(({ status }) => `${status?.podIP}:7946`))].sort().join(' ');
}

function anyPod(random: Random): string {
	return `pod-${randomBelow(random, 12)}`;
}

function anyIp(random: Random): string {
	return `10.0.1.${randomBelow(random, 8)}`;
}

const run = (random: Random): unknown => cluster.run({ name: anyPod(random), ip: anyIp(random) });

/** Each is drawn as often as it stands here. */
const HAPPENINGS: readonly ((random: Random) => unknown)[] = [
	run,
	run,
	run,
	(random) => cluster.run({ name: anyPod(random), ip: '', phase: 'Pending' }),
	(random) => cluster.run({ name: anyPod(random), ip: anyIp(random), phase: 'Failed' }),
	(random) => cluster.run({ name: anyPod(random), ip: anyIp(random), labels: {} }),
	(random) => cluster.run({ name: anyPod(random), ip: anyIp(random), labels: LABELS, namespace: 'elsewhere' }),
	(random) => cluster.gone(anyPod(random)),
	(random) => cluster.gone(anyPod(random)),
	(random) => {
		const [pod] = cluster.api.store.list(qualified(PODS), NAMESPACE).slice(randomBelow(random, 12) + 1);
		if (pod) cluster.terminate(pod.metadata.name);
	},
	() => cluster.api.dropWatches(),
	() => cluster.api.endWatches(),
	() => cluster.api.compact(),
	() => account.rotate(),
];

describe.each([1, 2, 3])('history %i', (seed) => {
	it('ends with the pods that there are, after each round', { timeout: 300_000 }, async () => {
		const random = seededRandom(seed);
		cluster.api.goneAs = seed % 2 === 0 ? 'status' : 'event';
		cluster.api.bookmarkMs = 20;
		const { discovery } = readDiscovery({ kubeconfig: account.kubeconfig });
		const found = (): string => discovery.health.addresses.map(formatAddress).join(' ');
		for (let round = 0; round < ROUNDS; round++) {
			for (let step = 0; step < STEPS; step++) {
				HAPPENINGS[randomBelow(random, HAPPENINGS.length)]?.(random);
				await setImmediate();
			}
			await expect.poll(found, SOON).toBe(expected());
		}
		await expect.poll(() => discovery.health.problem, SOON).toBeUndefined();
	});
});
