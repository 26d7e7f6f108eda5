// A mesh whose nodes know nobody but the API server: five pods, then pods that come, go, and inherit an IP, and no server at all.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKubernetesDiscovery } from '../../src/discovery/index.ts';
import type { Mesh } from '../../src/mesh/index.ts';
import { agree, log, names, start, states } from '../support/mesh.ts';
import { KubeCluster, LABELS, type ServiceAccount } from './support/kube-cluster.ts';
import { freePort } from './support/ports.ts';
import { QUIET_MS, staysFor } from './support/quiet.ts';

const SOON = { timeout: 30_000, interval: 50 };
/** The pause between two attempts grows to 30 s, 20 % more or less. */
const BACK_AGAIN = { timeout: 45_000, interval: 100 };
const RELEASE = 'default/longbow';
const FIVE = 'longbow-0 longbow-1 longbow-2 longbow-3 longbow-4';

let cluster: KubeCluster;
let account: ServiceAccount;

beforeEach(async () => {
	cluster = await KubeCluster.start();
	account = cluster.serviceAccount('longbow');
	cluster.allow(account.user, ['list', 'watch']);
});

afterEach(() => cluster.close());

interface Place {
	readonly ip: string;
	readonly port: number;
}

/** A pod of a release, and the node in it, which knows the API server alone. */
async function startPod(name: string, place: Place, release = RELEASE, labels = LABELS): Promise<Mesh> {
	const { kubeconfig } = account;
	const labelSelector = Object.entries(labels).join().replace(',', '=');
	const mesh = await start(name, {
		bindHost: place.ip,
		port: place.port,
		label: release,
		discovery: [createKubernetesDiscovery({ kubeconfig, labelSelector, defaultPort: 7946 })],
	});
	cluster.run({ name, labels, ...place });
	return mesh;
}

async function place(i: number): Promise<Place> {
	return { ip: `127.0.13.${i + 1}`, port: await freePort() };
}

async function startFive(): Promise<Mesh[]> {
	return Promise.all(FIVE.split(' ').map(async (name, i) => startPod(name, await place(i))));
}

/** How often each verb was asked for. */
function asked(): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { verb } of cluster.api.requests) counts[verb] = (counts[verb] ?? 0) + 1;
	return counts;
}

describe('seed 13: a mesh by k8s', () => {
	it('seed 13: five pods find each other by the API alone, for one list and one watch each', async () => {
		const meshes = await startFive();
		await agree(meshes, FIVE);
		await expect.poll(() => cluster.api.watches, SOON).toBe(5);
		expect(asked()).toEqual({ list: 5, watch: 5 });
	});

	it('a pod that is added joins, and is told to those that are there', async () => {
		const meshes = await startFive();
		await agree(meshes, FIVE);
		const added = await startPod('longbow-5', await place(5));
		await agree([...meshes, added], `${FIVE} longbow-5`);
		await expect.poll(() => cluster.api.watches, SOON).toBe(6);
		expect(asked()).toEqual({ list: 6, watch: 6 });
	});

	it('a pod that terminates is nobody’s first peer any more, and says goodbye', async () => {
		const meshes = await startFive();
		await agree(meshes, FIVE);
		const [first, last] = [meshes[0], meshes[4]] as [Mesh, Mesh];
		const events = log(first);
		cluster.terminate('longbow-4');
		const known = (): number | undefined => first.discovery[0]?.addresses.length;
		await expect.poll(known, SOON).toBe(4);
		expect(names(first)).toBe(FIVE);
		await last.leave();
		cluster.gone('longbow-4');
		await agree(meshes.slice(0, 4), 'longbow-0 longbow-1 longbow-2 longbow-3');
		expect(states(events, 'longbow-4')).toEqual(['alive>left']);
	});

	it('a pod of another release that inherits an IP and a port stays apart, even under the same name and selector', async () => {
		const places = await Promise.all([0, 1, 2, 3, 4].map(place));
		const meshes = await Promise.all(FIVE.split(' ').map((name, i) => startPod(name, places[i] as Place)));
		await agree(meshes, FIVE);
		const others = meshes.slice(0, 4);
		const events = log(others[0] as Mesh);
		await meshes[4]?.close();
		cluster.gone('longbow-4');
		const heir = await startPod('longbow-4', places[4] as Place, 'default/other');
		const heard = log(heir);
		await agree(others, 'longbow-0 longbow-1 longbow-2 longbow-3');
		await staysFor(2_000, async () => {
			expect(names(heir)).toBe('longbow-4');
			for (const mesh of others) expect(names(mesh)).toBe('longbow-0 longbow-1 longbow-2 longbow-3');
		});
		expect(heir.discovery[0]?.addresses).toHaveLength(5);
		expect(states(events, 'longbow-4').at(-1)).toBe('suspect>dead');
		expect(heard.filter(({ type }) => type === 'state')).toEqual([]);
	});

	it(
		'is quiet while the API server is away, and a pod that was started meanwhile joins when it is back',
		async () => {
			const meshes = await startFive();
			await agree(meshes, FIVE);
			await expect.poll(() => cluster.api.watches, SOON).toBe(5);
			const logs = meshes.map(log);
			await cluster.api.down();
			const late = await startPod('longbow-5', await place(5));
			await staysFor(QUIET_MS, async () => {
				for (const mesh of meshes) expect(names(mesh)).toBe(FIVE);
				expect(names(late)).toBe('longbow-5');
			});
			for (const mesh of [...meshes, late]) {
				expect(mesh.discovery[0]?.problem?.code).toBe('unreachable');
				expect(mesh.discovery[0]?.addresses).toHaveLength(mesh === late ? 0 : 5);
			}
			for (const events of logs) expect(events.filter(({ type }) => type === 'state')).toEqual([]);
			await cluster.api.up();
			await expect.poll(() => names(late), BACK_AGAIN).toBe(`${FIVE} longbow-5`);
			await agree([...meshes, late], `${FIVE} longbow-5`);
			await expect.poll(() => cluster.api.watches, BACK_AGAIN).toBe(6);
			expect(meshes.map((mesh) => mesh.discovery[0]?.problem)).toEqual(meshes.map(() => undefined));
			// Whoever had a list goes on from its version: what it missed comes as events.
			expect(asked().list).toBe(6);
		},
		QUIET_MS + 120_000,
	);
});
