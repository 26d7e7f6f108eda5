// The image, built from its Dockerfile and run as the chart's pods in network namespaces: one mesh by DNS SRV, restarts without a gap.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberObject } from '../../src/status/index.ts';
import { describeInNamespaces } from '../netns/support/describe.ts';
import { type Host, Network } from '../netns/support/namespaces.ts';
import { Observer } from '../netns/support/observer.ts';
import { eventually } from '../support/cli.ts';
import { kubeToolsPresent } from '../support/kube-tools.ts';
import { until } from '../support/until.ts';
import { type KubeObject, only, render } from './support/helm.ts';
import { buildImage, type Image, imageToolsPresent, removeBuild } from './support/image-build.ts';
import { type Lookup, Lookups } from './support/image-lookups.ts';
import { environmentOf, type LogLine, Pod } from './support/image-pod.ts';

/** The build installs npm packages, bundles, and copies file systems: a minute of processor time, many on a busy machine. */
const BUILD_MS = 600_000;
const ROLLOUT_MS = 120_000;
const MEMBERS = 3;
const GAP_LOOKUPS = 50;
/** The hub's address, where the name server listens. */
const NAME_SERVER = '10.77.0.254';
const SEED_ENVIRONMENT = {
	LONGBOW_GOSSIP_ENABLED: 'true',
	LONGBOW_GOSSIP_PORT: '7946',
	LONGBOW_GOSSIP_PROTOCOL_PERIOD: '200ms',
	LONGBOW_GOSSIP_ACK_TIMEOUT: '100ms',
	LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '5s',
	LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'k8s',
};

const present = imageToolsPresent() && kubeToolsPresent('the image under the environment of the chart');
const folder = mkdtempSync(join(tmpdir(), 'longbow-image-'));
const build = new AbortController();
const pods: Pod[] = [];
let image: Image;
let network: Network;
let observer: Observer;
let names: ChildProcess;
/** The chart's container, with provider dns. */
let container: KubeObject;

const page = async (path: string, { address }: Host): Promise<string> => observer.page(`http://${address}:9090${path}`);

describe.runIf(present)('the image', () => {
	describeInNamespaces('in three namespaces', () => {
		beforeAll(async () => {
			const values = { gossip: { discovery: { provider: 'dns' } } };
			[image, network, container] = await Promise.all([
				buildImage(folder, build.signal),
				Network.create({ hosts: MEMBERS + 1 }),
				render({ values }).then((objects) => only(objects, 'StatefulSet').spec.template.spec.containers[0]),
			]);
			observer = new Observer(network);
			names = nameServer(network);
			await Promise.all(network.hosts.slice(0, MEMBERS).map((_, index) => startPod(index)));
		}, BUILD_MS);

		afterAll(() => {
			names?.kill();
			network?.close();
			build.abort();
			removeBuild(folder);
		}, BUILD_MS);

		it('seed 27: is small, opens 7946/UDP, is nobody in particular, checks its health and says what it is', () => {
			figure(`${(image.ownBytes / 1e6).toFixed()} MB above its base`);
			expect(image.ownBytes).toBeLessThan(60e6);
			const { ExposedPorts, User, Healthcheck, Labels, Entrypoint, Cmd } = image.config;
			expect(Object.keys(ExposedPorts).sort()).toEqual(['3001/tcp', '7946/tcp', '7946/udp', '9090/tcp']);
			expect({ User, Entrypoint, Cmd }).toEqual({ User: '1000:1000', Entrypoint: ['longbow-mesh'], Cmd: ['agent'] });
			expect(Healthcheck.Test).toEqual(['CMD', 'node', 'healthcheck.mjs']);
			expect(Labels).toMatchObject({
				'org.opencontainers.image.title': 'longbow-mesh',
				'org.opencontainers.image.licenses': 'Apache-2.0',
				'org.opencontainers.image.version': version(),
			});
		});

		it("seed 26: the chart's pods form one mesh by the SRV record of their headless Service", async () => {
			await isWhole();
			const [first] = pods as [Pod];
			const members: { members: MemberObject[] } = JSON.parse(await page('/api/v1/members', first.host));
			expect(members.members.map(({ ID, Addr }) => [ID, Addr])).toEqual(
				pods.map(({ name, host }) => [name, `${host.address}:7946`]),
			);
		});

		it('runs without root, without capabilities, on a file system that it cannot write to', async () => {
			const [pod] = pods as [Pod];
			const status = readFileSync(`/proc/${await pod.pid()}/status`, 'utf8');
			expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m);
			expect(status).toMatch(/^CapEff:\t0+$/m);
			expect(status).toMatch(/^NoNewPrivs:\t1$/m);
			await expect(pod.exec(['node', '-e', 'fs.writeFileSync("/opt/longbow-mesh/x", "")'])).rejects.toThrow('EROFS');
		});

		it('has the Kubernetes client, the CLI and a health check that passes', async () => {
			const [pod] = pods as [Pod];
			await pod.exec(['node', '--input-type=module', '-e', 'await import("@kubernetes/client-node")']);
			expect(await pod.exec(['longbow-mesh', 'members', '--expect', '3', '--within', '10s'])).toContain('longbow-2');
			await pod.exec(['node', 'healthcheck.mjs']);
			const elsewhere = pod.exec(['env', 'LONGBOW_METRICS_ADDR=127.0.0.1:9091', 'node', 'healthcheck.mjs']);
			await expect(elsewhere).rejects.toThrow('ECONNREFUSED');
		});

		it('rolling restart of all: always an owner, no suspicion, goodbyes seen in < 1 s', {
			timeout: ROLLOUT_MS,
		}, async () => {
			const lookups = new Lookups(observer, network.hosts.slice(0, MEMBERS));
			const before = Date.now();
			const departures: (Departure & { name: string; without: readonly Lookup[] })[] = [];
			for (let index = MEMBERS - 1; index >= 0; index--) {
				const { name } = pods[index]!;
				const departure = await leave(pods[index]!);
				// The place stays empty for a while, as it does until a new pod is scheduled.
				const from = lookups.done.length + 1; // one is under way
				await until('lookups without it', () => lookups.done.length >= from + GAP_LOOKUPS);
				departures.push({ name, ...departure, without: lookups.done.slice(from) });
				await startPod(index);
				await isReady(pods[index]!);
			}
			await isWhole();
			await lookups.stop();
			const { done } = lookups;
			const seen = departures.map(({ seenMs, hookMs }) => `${seenMs.toFixed()} ms (${hookMs} ms of the hook)`);
			figure(`${done.length} lookups; goodbyes seen by all after ${seen.join(', ')}`);
			expect(done.filter(({ owner }) => owner === undefined)).toEqual([]);
			for (const { name, seenMs, without } of departures) {
				expect(seenMs).toBeLessThan(1_000);
				expect(without.filter(({ owner }) => owner === name)).toEqual([]);
			}
			expect(pods.flatMap((pod) => [...pod.saw('suspect'), ...pod.saw('dead')]).filter(since(before))).toEqual([]);
		});

		it('kill -9, for contrast: the ring names the dead until they are declared dead', async () => {
			const [witness, , victim] = pods as [Pod, Pod, Pod];
			const lookups = new Lookups(observer, network.hosts.slice(0, 2));
			await until('lookups are answered', () => lookups.done.some(({ owner }) => owner === victim.name));
			const at = Date.now();
			await victim.end('KILL');
			await until('the victim is dead', () => witness.saw('dead', victim.name).some(since(at)), 30_000);
			await lookups.stop();
			const [suspected, dead] = ['suspect', 'dead'].map(
				(state) => Date.parse(witness.saw(state, victim.name).find(since(at))!.time) - at,
			) as [number, number];
			const stale = lookups.naming(victim.name, at, at + dead);
			figure(`after kill -9 suspected at ${suspected} ms, dead at ${dead} ms; ${stale} lookups named the dead`);
			expect(suspected).toBeLessThan(3_000);
			expect(dead).toBeGreaterThan(5_000); // suspicionTimeout
			expect(stale).toBeGreaterThan(0);
			expect(lookups.done.filter(({ owner }) => owner === undefined)).toEqual([]);
		});

		it('SIGTERM says goodbye too, as when a container is stopped without the hook', async () => {
			const [witness, stopped] = pods as [Pod, Pod];
			const at = Date.now();
			expect(await stopped.end('TERM')).toBe(0);
			await until('the others know', () => witness.saw('left', stopped.name).some(since(at)));
		});

		it("seed 27: runs with the seed's environment alone", async () => {
			const host = network.hosts[MEMBERS]!;
			const pod = await Pod.start({
				image,
				host,
				name: 'alone',
				env: SEED_ENVIRONMENT,
				nameServer: NAME_SERVER,
				folder,
			});
			expect(await page('/healthz', host)).toBe('ok\n');
			expect(await page('/metrics', host)).toMatch(/^gossip_active_members 1$/m);
			expect(await pod.exec(['longbow-mesh', 'members'])).toContain('alone');
			await eventually('says why it finds nobody', () =>
				pod.log.some(({ component }) => component === 'discovery') ? true : undefined,
			);
		});
	});
});

/** The agent's last line. */
interface Goodbye extends LogLine {
	readonly told: number;
	readonly tookMs: number;
}

/** Starts the pod of a host, in place of the one that was there. */
async function startPod(index: number): Promise<void> {
	const host = network.hosts[index]!;
	const name = `longbow-${index}`;
	const env = environmentOf(container, name, host);
	pods[index] = await Pod.start({ image, host, name, env, nameServer: NAME_SERVER, folder });
}

interface Departure {
	/** From the goodbye until all others knew. */
	readonly seenMs: number;
	/** From the start of the hook, a Node.js process, until then. */
	readonly hookMs: number;
}

/** Runs the preStop hook of the chart. */
async function leave(pod: Pod): Promise<Departure> {
	const others = pods.filter((other) => other !== pod);
	const begun = Date.now();
	await pod.preStop(container.lifecycle.preStop.exec.command);
	expect(await pod.exited).toBe(0);
	const goodbye = pod.log.find(({ event }) => event === 'leaving') as Goodbye;
	expect(goodbye.told).toBe(others.length);
	const seen = (other: Pod): LogLine | undefined => other.saw('left', pod.name).find(since(begun));
	await until(`${pod.name} is seen to leave`, () => others.every(seen));
	// The line is written when the goodbye is over.
	const left = Date.parse(goodbye.time) - goodbye.tookMs;
	const known = Math.max(...others.map((other) => Date.parse(seen(other)!.time)));
	return { seenMs: Math.max(0, known - left), hookMs: known - begun };
}

function since(at: number): (line: LogLine) => boolean {
	return ({ time }) => Date.parse(time) >= at;
}

/** What the readiness probe waits for, before the next pod is restarted. */
async function isReady({ name, host }: Pod): Promise<void> {
	await eventually(`${name} is ready`, async () => JSON.parse(await page('/readyz', host)).ready || undefined);
}

async function isWhole(): Promise<void> {
	await Promise.all(pods.map(isReady));
	await eventually('one view', async () => {
		const all = await Promise.all(pods.map(async ({ host }) => JSON.parse(await page('/api/v1/status', host))));
		const views = new Set(all.map(({ mesh, ring }) => `${mesh.digest} ${ring.fingerprint} ${ring.owners}`));
		return (views.size === 1 && all[0].ring.owners === MEMBERS) || undefined;
	});
}

/** The cluster's DNS for the chart's headless Service: SRV records whose targets are the pods. */
function nameServer({ hub, hosts }: Network): ChildProcess {
	const service = 'longbow.default.svc.cluster.local';
	const records = hosts
		.slice(0, MEMBERS)
		.flatMap(({ address }, i) => [
			`host-record=longbow-${i}.${service},${address}`,
			`srv-host=_gossip._udp.${service},longbow-${i}.${service},7946,0,100`,
		]);
	const options = [
		'bind-interfaces',
		'no-resolv',
		'no-hosts',
		'user=root',
		'pid-file=',
		'local=/cluster.local/',
		'local-ttl=5',
	];
	const file = join(folder, 'dnsmasq.conf');
	writeFileSync(file, [`listen-address=${NAME_SERVER}`, ...options, ...records, ''].join('\n'));
	return spawn('ip', ['netns', 'exec', hub, 'dnsmasq', '-C', file, '--keep-in-foreground'], {
		stdio: ['ignore', 'inherit', 'inherit'],
	});
}

function version(): string {
	return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}

function figure(text: string): void {
	console.info(`image: ${text}`);
}
