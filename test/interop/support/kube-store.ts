// The state behind the API stand-in: objects, one version counter, and the history that a watch reads, which can be forgotten.

import { randomUUID } from 'node:crypto';

export interface KubeObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: Metadata;
	readonly spec?: Readonly<Record<string, unknown>>;
	readonly status?: Readonly<Record<string, unknown>>;
	readonly [key: string]: unknown;
}

export interface Metadata {
	readonly name: string;
	readonly namespace: string;
	readonly uid: string;
	readonly resourceVersion: string;
	readonly creationTimestamp: string;
	readonly deletionTimestamp?: string;
	readonly labels?: Readonly<Record<string, string>>;
	readonly [key: string]: unknown;
}

/** What a client sends: the server adds the rest. */
export interface Draft {
	readonly metadata: Partial<Metadata> & { readonly name: string; readonly namespace: string };
	readonly [key: string]: unknown;
}

export interface Change {
	readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
	/** `pods`, or `roles.rbac.authorization.k8s.io`. */
	readonly resource: string;
	/** After the change; of a deleted object its last state, under the version of the deletion. */
	readonly object: KubeObject;
	readonly before: KubeObject | undefined;
	readonly version: number;
}

/** Older changes are forgotten, as etcd forgets them after five minutes. */
const HISTORY_MAX = 1_000;

export class KubeStore {
	#version = 1_000;
	readonly #objects = new Map<string, KubeObject>();
	#history: Change[] = [];
	#forgottenTo = 0;
	readonly #listeners = new Set<(change: Change) => void>();

	get version(): number {
		return this.#version;
	}

	/** Objects are never changed in place: a list is a snapshot. */
	list(resource: string, namespace?: string): readonly KubeObject[] {
		const prefix = namespace === undefined ? `${resource}/` : `${resource}/${namespace}/`;
		const found = [...this.#objects].filter(([key]) => key.startsWith(prefix));
		return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
	}

	get(resource: string, namespace: string, name: string): KubeObject | undefined {
		return this.#objects.get(`${resource}/${namespace}/${name}`);
	}

	/** Creates the object, or takes the place of the one of that name. */
	put(resource: string, kind: { apiVersion: string; kind: string }, draft: Draft): KubeObject {
		const { name, namespace } = draft.metadata;
		const before = this.get(resource, namespace, name);
		const version = ++this.#version;
		const metadata: Metadata = {
			...draft.metadata,
			uid: before?.metadata.uid ?? randomUUID(),
			creationTimestamp: before?.metadata.creationTimestamp ?? seconds(),
			resourceVersion: `${version}`,
		};
		const object: KubeObject = { ...draft, ...kind, metadata };
		this.#objects.set(`${resource}/${namespace}/${name}`, object);
		this.#tell({ type: before ? 'MODIFIED' : 'ADDED', resource, object, before, version });
		return object;
	}

	delete(resource: string, namespace: string, name: string): KubeObject | undefined {
		const key = `${resource}/${namespace}/${name}`;
		const before = this.#objects.get(key);
		if (!before) return undefined;
		this.#objects.delete(key);
		const version = ++this.#version;
		const object = { ...before, metadata: { ...before.metadata, resourceVersion: `${version}` } };
		this.#tell({ type: 'DELETED', resource, object, before, version });
		return object;
	}

	/** All changes after the version; undefined when some of them are forgotten. */
	since(version: number): readonly Change[] | undefined {
		if (version < this.#forgottenTo) return undefined;
		return this.#history.filter((change) => change.version > version);
	}

	/** Forgets the history, as a compaction of etcd does. */
	compact(): void {
		this.#history = [];
		this.#forgottenTo = this.#version;
	}

	/** Returns how to stop listening. */
	onChange(listener: (change: Change) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#tell(change: Change): void {
		this.#history.push(change);
		if (this.#history.length > HISTORY_MAX) {
			this.#forgottenTo = (this.#history.shift() as Change).version;
		}
		for (const listener of this.#listeners) listener(change);
	}
}

/** Now, as the API writes it (RFC 3339, whole seconds). */
export function seconds(): string {
	return new Date().toISOString().replace(/\.\d+/, '');
}
