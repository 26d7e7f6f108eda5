// The worlds in which the compliance suite of discovery providers runs: what each asks, and how its answers are changed.

import {
	createDnsDiscovery,
	createKubernetesDiscovery,
	createStaticDiscovery,
	type Discovery,
} from '../../src/discovery/index.ts';
import { KubeCluster } from '../interop/support/kube-cluster.ts';
import { startNameServer } from '../support/name-server.ts';

export const PORT = 7_946;
const REFRESH_MS = 40;

export interface World {
	readonly discovery: Discovery;
	/** What whoever is asked says from now on, as IPv4 addresses; none = that there is nobody. */
	answers(...hosts: readonly string[]): void;
	/** Whoever is asked is gone, or is back. */
	fails(): Promise<void>;
	recovers(): Promise<void>;
	close(): Promise<void>;
}

export const worlds: readonly (readonly [name: string, open: () => Promise<World>])[] = [
	['static', staticWorld],
	['dns', dnsWorld],
	['k8s', kubernetesWorld],
];

async function staticWorld(): Promise<World> {
	let hosts: readonly string[] = [];
	let failing = false;
	const resolve = async (): Promise<readonly string[]> => {
		if (failing) throw Object.assign(new Error('no name server'), { code: 'EAI_AGAIN' });
		return hosts;
	};
	const peers = ['mesh.test'];
	return {
		discovery: createStaticDiscovery({ peers, defaultPort: PORT, resolve, refreshMs: REFRESH_MS }),
		answers: (...given) => {
			hosts = given;
		},
		fails: async () => {
			failing = true;
		},
		recovers: async () => {
			failing = false;
		},
		close: async () => undefined,
	};
}

async function dnsWorld(): Promise<World> {
	const server = await startNameServer();
	const servers = [server.address];
	return {
		discovery: createDnsDiscovery({ record: 'mesh.test', defaultPort: PORT, servers, refreshMs: REFRESH_MS }),
		answers: (...hosts) => {
			const records = hosts.map((address) => ({ type: 'A', address }) as const);
			server.zone.set('mesh.test', records);
		},
		fails: async () => {
			server.broken.set('A', 'SERVFAIL').set('AAAA', 'SERVFAIL');
		},
		recovers: async () => server.broken.clear(),
		close: () => server.close(),
	};
}

async function kubernetesWorld(): Promise<World> {
	const cluster = await KubeCluster.start();
	const account = cluster.serviceAccount('longbow');
	cluster.allow(account.user, ['list', 'watch']);
	let running: readonly string[] = [];
	const pod = (ip: string): string => `pod-${ip.replaceAll('.', '-')}`;
	return {
		discovery: createKubernetesDiscovery({
			labelSelector: 'app.kubernetes.io/name=longbow',
			defaultPort: PORT,
			kubeconfig: account.kubeconfig,
		}),
		answers: (...hosts) => {
			// The new ones before the old ones go, as a rolling update does it.
			for (const ip of hosts) if (!running.includes(ip)) cluster.run({ name: pod(ip), ip });
			for (const ip of running) if (!hosts.includes(ip)) cluster.gone(pod(ip));
			running = hosts;
		},
		fails: () => cluster.api.down(),
		recovers: () => cluster.api.up(),
		close: () => cluster.close(),
	};
}
