// A cluster around the API stand-in: its scheduler and kubelet in one, its service accounts, and the real kubectl.

import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolPath } from '../../support/kube-tools.ts';
import { ADMIN } from './kube-access.ts';
import { KubeApi } from './kube-api.ts';
import { PODS, qualified, ROLE_BINDINGS, ROLES, typeOf } from './kube-resources.ts';
import { type KubeObject, seconds } from './kube-store.ts';

export const NAMESPACE = 'default';
export const LABELS: Readonly<Record<string, string>> = { 'app.kubernetes.io/name': 'longbow' };

export interface PodOptions {
	readonly name: string;
	readonly ip: string;
	readonly namespace?: string;
	readonly labels?: Readonly<Record<string, string>>;
	/** Named `gossip`; without it the pod names no port. */
	readonly port?: number;
	readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
}

/** Whoever reads the folder or the kubeconfig is this service account. */
export interface ServiceAccount {
	readonly user: string;
	/** What the kubelet mounts into a pod: `token`, `ca.crt` and `namespace`. */
	readonly folder: string;
	/** Reads the token out of the folder. */
	readonly kubeconfig: string;
	/** Writes a new token into the file, as the kubelet does, and the old one is not accepted any more. */
	rotate(): void;
}

export class KubeCluster {
	readonly api: KubeApi;
	readonly #admin: string;

	private constructor(api: KubeApi) {
		this.api = api;
		this.#admin = api.kubeconfig(ADMIN, { token: api.access.issueToken(ADMIN) }, NAMESPACE);
	}

	static async start(): Promise<KubeCluster> {
		return new KubeCluster(await KubeApi.start());
	}

	close(): Promise<void> {
		return this.api.close();
	}

	/** Runs the real kubectl as an administrator; its output. @throws when it fails, with what it wrote to stderr */
	async kubectl(...args: readonly string[]): Promise<string> {
		// HOME, so that kubectl keeps its cache of discovery here and not with the user's.
		const env = { KUBECONFIG: this.#admin, HOME: this.api.folder };
		const { stdout } = await promisify(execFile)(toolPath('kubectl'), args, { env, timeout: 20_000 });
		return stdout.trimEnd();
	}

	/** Creates what the JSON says, by `kubectl create -f`. */
	async create(object: unknown): Promise<void> {
		const file = join(this.api.folder, 'object.json');
		writeFileSync(file, typeof object === 'string' ? object : JSON.stringify(object));
		await this.kubectl('create', '--validate=false', '-f', file);
	}

	/** A pod that has been scheduled and started, or one in another phase. */
	run({ name, ip, namespace = NAMESPACE, labels = LABELS, port, phase = 'Running' }: PodOptions): KubeObject {
		const ports = port === undefined ? [] : [{ name: 'gossip', containerPort: port, protocol: 'UDP' }];
		return this.api.store.put(qualified(PODS), typeOf(PODS), {
			metadata: { name, namespace, labels },
			spec: { containers: [{ name: 'longbow', image: 'longbow', ports }] },
			status: { phase, ...(ip && { podIP: ip, podIPs: [{ ip }] }) },
		});
	}

	/** Somebody asked for the pod's end; its kubelet has not ended it yet. */
	terminate(name: string, namespace: string = NAMESPACE): void {
		const pod = this.api.store.get(qualified(PODS), namespace, name) as KubeObject;
		const metadata = { ...pod.metadata, deletionTimestamp: seconds(), deletionGracePeriodSeconds: 30 };
		this.api.store.put(qualified(PODS), typeOf(PODS), { ...pod, metadata });
	}

	/** The kubelet has ended the pod, and its object goes. */
	gone(name: string, namespace: string = NAMESPACE): void {
		this.api.store.delete(qualified(PODS), namespace, name);
	}

	/** An account whose token lies in a file, as in a pod. It may do nothing yet. */
	serviceAccount(name: string, namespace: string = NAMESPACE): ServiceAccount {
		const user = `system:serviceaccount:${namespace}:${name}`;
		const folder = join(this.api.folder, `${namespace}-${name}`);
		const tokenFile = join(folder, 'token');
		mkdirSync(folder);
		copyFileSync(join(this.api.folder, 'cert.pem'), join(folder, 'ca.crt'));
		writeFileSync(join(folder, 'namespace'), namespace);
		let token = '';
		const rotate = (): void => {
			this.api.access.revokeToken(token);
			token = this.api.access.issueToken(user);
			// By a rename, as the kubelet does it: nobody reads half a token.
			writeFileSync(`${tokenFile}.new`, token);
			renameSync(`${tokenFile}.new`, tokenFile);
		};
		rotate();
		const provider = { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } };
		return { user, folder, rotate, kubeconfig: this.api.kubeconfig(`${namespace}-${name}`, provider, namespace) };
	}

	/** Gives the account a Role with these verbs on pods. Replaces what it had in the namespace. */
	allow(user: string, verbs: readonly string[], namespace: string = NAMESPACE): void {
		const metadata = { name: user.replaceAll(':', '-'), namespace };
		const rules = [{ apiGroups: [''], resources: ['pods'], verbs }];
		this.api.store.put(qualified(ROLES), typeOf(ROLES), { metadata, rules });
		const subjects = [{ kind: 'User', name: user }];
		const roleRef = { kind: 'Role', name: metadata.name };
		this.api.store.put(qualified(ROLE_BINDINGS), typeOf(ROLE_BINDINGS), { metadata, subjects, roleRef });
	}
}
