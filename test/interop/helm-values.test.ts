// From values to the agent's environment: the seed's names and defaults, every value, and what the schema refuses.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, OPTION_NAMES, OPTIONS } from '../../src/config/index.ts';
import { kubeToolsPresent } from '../support/kube-tools.ts';
import { CHART, type KubeObject, only, type Release, render, renderText } from './support/helm.ts';

const present = kubeToolsPresent('the values of the Helm chart');

/** As the seed writes them. */
const SEED_VALUES = `
gossip:
  enabled: true
  port: 7946
  protocolPeriod: "200ms"
  ackTimeout: "100ms"
  suspicionTimeout: "5s"
  discovery:
    provider: "k8s"
    namespace: ""
    labelSelector: "app.kubernetes.io/name=longbow"
    staticPeers: ""
    dnsRecord: "_gossip._udp.longbow.default.svc.cluster.local"
`;

const KEY = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

/** A value, the variable that it becomes, and that variable's text. */
const BECOMES: readonly (readonly [path: string, value: unknown, variable: string, text: string])[] = [
	['gossip.enabled', false, 'LONGBOW_GOSSIP_ENABLED', 'false'],
	['gossip.port', 7950, 'LONGBOW_GOSSIP_PORT', '7950'],
	['gossip.protocolPeriod', '1s', 'LONGBOW_GOSSIP_PROTOCOL_PERIOD', '1s'],
	['gossip.ackTimeout', '50ms', 'LONGBOW_GOSSIP_ACK_TIMEOUT', '50ms'],
	['gossip.suspicionTimeout', '1m30s', 'LONGBOW_GOSSIP_SUSPICION_TIMEOUT', '1m30s'],
	['gossip.suspicionTimeout', 'auto', 'LONGBOW_GOSSIP_SUSPICION_TIMEOUT', 'auto'],
	['gossip.discovery.provider', 'dns', 'LONGBOW_GOSSIP_DISCOVERY_PROVIDER', 'dns'],
	['gossip.discovery.provider', 'static,k8s', 'LONGBOW_GOSSIP_DISCOVERY_PROVIDER', 'static,k8s'],
	['gossip.discovery.namespace', 'mesh', 'LONGBOW_GOSSIP_NAMESPACE', 'mesh'],
	['gossip.discovery.labelSelector', 'app=a,tier in (x,y)', 'LONGBOW_GOSSIP_LABEL_SELECTOR', 'app=a,tier in (x,y)'],
	['gossip.discovery.staticPeers', 'a:7946,b:7946', 'LONGBOW_GOSSIP_STATIC_PEERS', 'a:7946,b:7946'],
	['gossip.discovery.dnsRecord', '_gossip._udp.a.example', 'LONGBOW_GOSSIP_DNS_RECORD', '_gossip._udp.a.example'],
	['gossip.discovery.dnsServers', '10.0.0.1:53', 'LONGBOW_GOSSIP_DNS_SERVERS', '10.0.0.1:53'],
	['gossip.bindAddr', '10.0.0.9', 'LONGBOW_GOSSIP_BIND_ADDR', '10.0.0.9'],
	['gossip.streams', false, 'LONGBOW_GOSSIP_STREAMS', 'false'],
	['gossip.compat', 'serf', 'LONGBOW_GOSSIP_COMPAT', 'serf'],
	['gossip.label', 'staging', 'LONGBOW_GOSSIP_LABEL', 'staging'],
	['gossip.tags', { zone: 'eu-1a', rack: 12 }, 'LONGBOW_GOSSIP_TAGS', 'rack=12,zone=eu-1a'],
	['gossip.weight', 0, 'LONGBOW_GOSSIP_WEIGHT', '0'],
	['gossip.indirectProbes', 0, 'LONGBOW_GOSSIP_INDIRECT_PROBES', '0'],
	['gossip.packetBytes', 1_200, 'LONGBOW_GOSSIP_PACKET_BYTES', '1200'],
	['gossip.verifyIncoming', false, 'LONGBOW_GOSSIP_VERIFY_INCOMING', 'false'],
	['gossip.verifyOutgoing', false, 'LONGBOW_GOSSIP_VERIFY_OUTGOING', 'false'],
	['gossip.allowCidrs', ['10.0.0.0/8', 'fd00::/8'], 'LONGBOW_GOSSIP_ALLOW_CIDRS', '10.0.0.0/8,fd00::/8'],
	['gossip.allowNames', ['longbow-*'], 'LONGBOW_GOSSIP_ALLOW_NAMES', 'longbow-*'],
	['gossip.keysSecret.name', 'mine', 'LONGBOW_GOSSIP_KEYS_FILE', '/etc/longbow/keys/keys'],
	['ports.data', 4_000, 'LONGBOW_LISTEN_ADDR', '0.0.0.0:4000'],
	['ports.meta', 4_001, 'LONGBOW_META_ADDR', '0.0.0.0:4001'],
	['ports.metrics', 4_090, 'LONGBOW_METRICS_ADDR', '0.0.0.0:4090'],
	['log', 'text', 'LONGBOW_LOG', 'text'],
	['adminToken.secretName', 'admin', 'LONGBOW_ADMIN_TOKEN_FILE', '/etc/longbow/admin-token/token'],
];
/** Variables that come from the pod, and those that only `extraEnv` sets. */
const OTHERWISE = ['LONGBOW_NODE_ID'];
const EXTRA = [
	'LONGBOW_GOSSIP_ADVERTISE_ADDR',
	'LONGBOW_GOSSIP_KEYS',
	'LONGBOW_JOURNAL',
	'LONGBOW_JOURNAL_BYTES',
	// Their files come by extraVolumes.
	'LONGBOW_META_TLS_CERT',
	'LONGBOW_META_TLS_KEY',
	'LONGBOW_META_TLS_CLIENT_CA',
	'LONGBOW_META_TLS_CA',
	'LONGBOW_META_TLS_SERVER_NAME',
];

const REFUSED: readonly (readonly [path: string, value: unknown, says: string])[] = [
	['gossip.ackTimeout', '100', 'does not match pattern'],
	['gossip.protocolPeriod', 200, 'got number, want string'],
	['gossip.suspicionTimeout', 'soon', 'does not match pattern'],
	['gossip.discovery.provider', 'consul', 'does not match pattern'],
	['gossip.discovery.provider', '', 'does not match pattern'],
	['gossip.port', 0, 'minimum: got 0, want 1'],
	['gossip.port', 65_536, 'maximum'],
	['gossip.protocolPriod', '1s', "additional properties 'protocolPriod' not allowed"],
	['gossip.compat', 'consul', 'value must be one of'],
	['gossip.keys', ['secret'], 'does not match pattern'],
	['gossip.allowCidrs', ['everywhere'], 'does not match pattern'],
	['gossip.allowNames', ['a,b'], 'does not match pattern'],
	['gossip.tags', { lb: '1' }, 'invalid propertyName'],
	['gossip.tags', { zone: 'a,b' }, 'does not match pattern'],
	['gosip', {}, "additional properties 'gosip' not allowed"],
	['replicas', -1, 'minimum'],
	['podManagementPolicy', 'Serial', 'value must be one of'],
	['image.digest', 'latest', 'does not match pattern'],
	['networkPolicy.meta.from', [{ ipBlocks: {} }], "additional properties 'ipBlocks' not allowed"],
	['readinessProbe.exec', {}, "'not' failed"],
];

function nested(path: string, value: unknown): object {
	return path.split('.').reduceRight((inner, key) => ({ [key]: inner }), value as object);
}

async function container(release: Release): Promise<KubeObject> {
	return only(await render(release), 'StatefulSet').spec.template.spec.containers[0];
}

/** The texts of the container's variables. */
async function environment(release: Release = {}): Promise<Record<string, string>> {
	const { env } = await container(release);
	return Object.fromEntries(env.flatMap(({ name, value }: KubeObject) => (value === undefined ? [] : [[name, value]])));
}

describe.runIf(present)('values', () => {
	it("seed 12: have the seed's names and defaults", () => {
		expect(parse(readFileSync(join(CHART, 'values.yaml'), 'utf8'))).toMatchObject(parse(SEED_VALUES));
	});

	it('seed 12: reach the environment under the names of the seed', async () => {
		expect(await environment()).toMatchObject({
			LONGBOW_GOSSIP_ENABLED: 'true',
			LONGBOW_GOSSIP_PORT: '7946',
			LONGBOW_GOSSIP_PROTOCOL_PERIOD: '200ms',
			LONGBOW_GOSSIP_ACK_TIMEOUT: '100ms',
			LONGBOW_GOSSIP_SUSPICION_TIMEOUT: '5s',
			LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'k8s',
			LONGBOW_GOSSIP_LABEL_SELECTOR: 'app.kubernetes.io/name=longbow',
			LONGBOW_GOSSIP_DNS_RECORD: '_gossip._udp.longbow.default.svc.cluster.local',
		});
	});

	it.each(BECOMES)('seed 12: %s = %j becomes %s', async (path, value, variable, text) => {
		expect((await environment({ values: nested(path, value) }))[variable]).toBe(text);
	});

	it('cover every option of the agent', () => {
		const covered = new Set([...BECOMES.map(([, , variable]) => variable), ...OTHERWISE, ...EXTRA]);
		expect(OPTION_NAMES.map((name) => OPTIONS[name].env).filter((name) => !covered.has(name))).toEqual([]);
	});

	it('left alone, leave the agent with its own defaults', async () => {
		const { config, warnings } = loadConfig({ env: await environment(), hostName: 'longbow-0' });
		const { config: bare } = loadConfig({ env: {}, hostName: 'longbow-0' });
		const { label, discovery, ...gossip } = config.gossip;
		expect(warnings).toEqual([]);
		expect(label).toBe('default/longbow');
		expect({ ...config, gossip: { ...gossip, label: undefined, discovery: bare.gossip.discovery } }).toEqual(bare);
		expect(discovery).toMatchObject({ staticPeers: [], namespace: undefined });
	});

	it.each(REFUSED)('refuse %s = %j', async (path, value, says) => {
		await expect(renderText({ values: nested(path, value) })).rejects.toThrow(says);
	});
});

describe.runIf(present)('the environment', () => {
	it('names the node after its pod and tells it its address', async () => {
		const { env } = await container({});
		const fields = Object.fromEntries(
			env.map(({ name, valueFrom }: KubeObject) => [name, valueFrom?.fieldRef?.fieldPath]),
		);
		expect(fields).toMatchObject({
			LONGBOW_NODE_ID: 'metadata.name',
			POD_NAME: 'metadata.name',
			POD_NAMESPACE: 'metadata.namespace',
			POD_IP: 'status.podIP',
		});
	});

	it('takes keys from a Secret alone, as a file that is followed', async () => {
		const own = await render({ values: { gossip: { keys: [KEY] } } });
		const pod = only(own, 'StatefulSet').spec.template.spec;
		expect(only(own, 'Secret').stringData).toEqual({ keys: KEY });
		expect(pod.volumes).toContainEqual({
			name: 'gossip-keys',
			secret: { secretName: 'longbow-keys', items: [{ key: 'keys', path: 'keys' }] },
		});
		const mount = { name: 'gossip-keys', mountPath: '/etc/longbow/keys', readOnly: true };
		expect(pod.containers[0].volumeMounts).toContainEqual(mount);
		expect(JSON.stringify(only(own, 'StatefulSet'))).not.toContain(KEY);
		const given = await render({ values: { gossip: { keysSecret: { name: 'mine', key: 'k' } } } });
		const text = JSON.stringify(only(given, 'StatefulSet'));
		expect(text).toContain('"secret":{"secretName":"mine","items":[{"key":"k","path":"keys"}]}');
		expect(given.filter(({ kind }) => kind === 'Secret')).toEqual([]);
	});

	it('rolls no pod when a key in the values changes', async () => {
		const [before, after] = await Promise.all(
			[[KEY], [KEY.replace('M', 'N'), KEY]].map(async (keys) =>
				only(await render({ values: { gossip: { keys } } }), 'StatefulSet'),
			),
		);
		expect(before).toEqual(after);
	});

	it('has a label of namespace and release, none with serf, none when empty', async () => {
		const place = { name: 'blue', namespace: 'prod' };
		expect(await environment(place)).toHaveProperty('LONGBOW_GOSSIP_LABEL', 'prod/blue');
		for (const gossip of [{ compat: 'serf' }, { compat: 'serf', label: 'x' }, { label: '' }]) {
			expect(await environment({ ...place, values: { gossip } })).not.toHaveProperty('LONGBOW_GOSSIP_LABEL');
		}
	});

	it('has the record of its own Service wherever it is installed, and any other as it was given', async () => {
		const place = { name: 'blue', namespace: 'prod' };
		const own = await environment({ ...place, values: { clusterDomain: 'corp.example' } });
		expect(own.LONGBOW_GOSSIP_DNS_RECORD).toBe('_gossip._udp.blue-longbow.prod.svc.corp.example');
		const discovery = { dnsRecord: 'mesh.example.org' };
		expect((await environment({ ...place, values: { gossip: { discovery } } })).LONGBOW_GOSSIP_DNS_RECORD).toBe(
			'mesh.example.org',
		);
	});

	it('writes IPv6 addresses in brackets', async () => {
		const env = await environment({ values: { gossip: { bindAddr: '::' } } });
		expect(env).toMatchObject({ LONGBOW_META_ADDR: '[::]:3001', LONGBOW_GOSSIP_BIND_ADDR: '::' });
	});
});
