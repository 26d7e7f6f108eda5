// A real agent as in a pod: the service account where the kubelet mounts it, the API server in the environment, and nothing else.

import { spawnSync } from 'node:child_process';
import { callAction } from '../../../src/flight/index.ts';
import type { MemberObject } from '../../../src/status/index.ts';
import { BINARY, eventually } from '../../support/cli.ts';
import type { KubeCluster, ServiceAccount } from './kube-cluster.ts';
import { freePort } from './ports.ts';
import { Running } from './processes.ts';

/** Mounts the folder in $1 in a mount namespace of its own, and becomes the rest of its arguments. */
const IN_A_POD = `
mount -t tmpfs tmpfs /run
mkdir -p /run/secrets/kubernetes.io/serviceaccount
mount --bind "$1" /run/secrets/kubernetes.io/serviceaccount
shift
exec "$@"`;

const READY_MS = 60_000;
const ENTER = ['--mount', '--propagation', 'private', 'sh', '-e', '-c'];

/** Why no agent can run as in a pod here; undefined when it can. */
export function podsMissing(): string | undefined {
	const trial = spawnSync('unshare', [...ENTER, 'mount -t tmpfs tmpfs /run'], { encoding: 'utf8' });
	return trial.status === 0 ? undefined : `mount namespaces need root: ${trial.error?.message ?? trial.stderr.trim()}`;
}

export interface PodAgent {
	readonly name: string;
	readonly process: Running;
	/** `host:port` of its Flight API. */
	readonly status: string;
}

/** Starts the agent and then shows its pod, in the account's namespace, to the API. */
export async function startPodAgent(
	cluster: KubeCluster,
	pod: { readonly name: string; readonly ip: string; readonly port: number; readonly namespace: string },
	account: ServiceAccount,
): Promise<PodAgent> {
	const { name, ip, port } = pod;
	const api = new URL(cluster.api.url);
	const environment = {
		PATH: process.env.PATH,
		KUBERNETES_SERVICE_HOST: api.hostname,
		KUBERNETES_SERVICE_PORT: api.port,
		LONGBOW_NODE_ID: name,
		LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'k8s',
		LONGBOW_GOSSIP_NAMESPACE: '',
		LONGBOW_GOSSIP_BIND_ADDR: ip,
		LONGBOW_GOSSIP_PORT: `${port}`,
		LONGBOW_META_ADDR: `${ip}:${await freePort()}`,
		LONGBOW_METRICS_ADDR: `${ip}:0`,
	};
	const variables = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
	const agent = ['env', '-i', ...variables, process.execPath, BINARY, 'agent', '--log', 'json'];
	const running = Running.spawn(`agent ${name}`, 'unshare', [...ENTER, IN_A_POD, 'pod', account.folder, ...agent]);
	const ready = (): string | undefined => running.lines.find((line) => line.includes('"event":"ready"'));
	const { status } = JSON.parse(await eventually(`${name} is ready`, ready, READY_MS)) as { status: string };
	cluster.run(pod);
	return { name, process: running, status };
}

/** Names of the members that the agent holds alive. */
export async function aliveIn({ status }: PodAgent): Promise<string> {
	const members = (await callAction(status, 'MeshStatus', undefined, { timeoutMs: 5_000 })) as MemberObject[];
	return members.flatMap(({ ID, Status }) => (Status === 0 ? [ID] : [])).join(' ');
}
