// The verbs of the API stand-in that answer at once: get, list by pages, create, update, patch, delete.

import { PODS, qualified, type Resource, type Target, typeOf } from './kube-resources.ts';
import type { Selects } from './kube-selectors.ts';
import { expired, Refusal } from './kube-status.ts';
import { type Draft, type KubeObject, type KubeStore, seconds } from './kube-store.ts';

/** A target that names one object. */
export interface Named extends Target {
	readonly namespace: string;
	readonly name: string;
}

const SNAPSHOTS_MAX = 32;

export class KubeVerbs {
	readonly #store: KubeStore;
	/** What the next pages of a list are cut from: they belong to the state of the first one. */
	readonly #snapshots = new Map<string, { readonly version: number; readonly items: readonly KubeObject[] }>();
	#lists = 0;

	constructor(store: KubeStore) {
		this.#store = store;
	}

	/** No page that was begun can be continued. */
	forget(): void {
		this.#snapshots.clear();
	}

	/** @throws {Refusal} 404 */
	get({ resource, namespace, name }: Named): KubeObject {
		const object = this.#store.get(qualified(resource), namespace, name);
		if (object) return object;
		const details = { name, ...(resource.group && { group: resource.group }), kind: resource.plural };
		throw new Refusal(404, 'NotFound', `${qualified(resource)} "${name}" not found`, details);
	}

	/** @throws {Refusal} 410 for a page of a state that is forgotten */
	list({ resource, namespace }: Target, selects: Selects, query: URLSearchParams): unknown {
		const limit = Number(query.get('limit') ?? 0) || Number.POSITIVE_INFINITY;
		const [id, from] = (query.get('continue') ?? `${++this.#lists}.0`).split('.') as [string, string];
		const begun = this.#snapshots.get(id);
		if (query.has('continue') && !begun) {
			throw expired('The provided continue parameter is too old to display a consistent list result.');
		}
		const items = begun?.items ?? this.#store.list(qualified(resource), namespace).filter(selects);
		const version = begun?.version ?? this.#store.version;
		const end = Number(from) + limit;
		const page = items.slice(Number(from), end);
		const more = end < items.length;
		if (more) this.#keep(id, { version, items });
		const metadata = { resourceVersion: `${version}`, ...(more && { continue: `${id}.${end}` }) };
		const { apiVersion, kind } = typeOf(resource);
		return { kind: `${kind}List`, apiVersion, metadata, items: page };
	}

	/** @throws {Refusal} 409 when the name is taken */
	create({ resource, namespace = '' }: Target, body: Partial<Draft>): KubeObject {
		const name = body.metadata?.name;
		if (!name) throw new Refusal(422, 'Invalid', `${resource.kind} is invalid: metadata.name: Required value`);
		if (this.#store.get(qualified(resource), namespace, name)) {
			throw new Refusal(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`);
		}
		const status = resource === PODS ? { status: { phase: 'Pending' } } : {};
		return this.#put(resource, { ...body, ...status, metadata: { ...body.metadata, name, namespace } });
	}

	/** @throws {Refusal} 409 when somebody else was first */
	update(target: Named, body: Partial<Draft>): KubeObject {
		const before = this.get(target);
		const version = body.metadata?.resourceVersion;
		if (version && version !== before.metadata.resourceVersion) {
			throw new Refusal(
				409,
				'Conflict',
				'the object has been modified; please apply your changes to the latest version',
			);
		}
		return this.#replace(target, before, { ...body, metadata: { ...before.metadata, ...body.metadata } });
	}

	/** A JSON merge patch (RFC 7386). */
	patch(target: Named, patch: unknown): KubeObject {
		const before = this.get(target);
		return this.#replace(target, before, merge(before, patch) as Draft);
	}

	/** A pod that runs is asked to end, and goes when its kubelet says so; anything else goes at once. */
	delete(target: Named, graceSeconds: number): unknown {
		const { resource, namespace, name } = target;
		const object = this.get(target);
		if (resource === PODS && object.status?.phase === 'Running' && graceSeconds > 0) {
			const metadata = { deletionTimestamp: seconds(), deletionGracePeriodSeconds: graceSeconds, ...object.metadata };
			return this.#put(resource, { ...object, metadata });
		}
		const last = this.#store.delete(qualified(resource), namespace, name);
		if (resource === PODS) return last;
		return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
	}

	/** Status is written through its subresource alone, and the rest is not. */
	#replace({ resource, name, namespace, part }: Named, before: KubeObject, after: Draft): KubeObject {
		const draft = part === 'status' ? { ...before, status: after.status } : { ...after, status: before.status };
		return this.#put(resource, { ...draft, metadata: { ...draft.metadata, name, namespace } });
	}

	#put(resource: Resource, draft: Draft): KubeObject {
		return this.#store.put(qualified(resource), typeOf(resource), draft);
	}

	#keep(id: string, snapshot: { readonly version: number; readonly items: readonly KubeObject[] }): void {
		this.#snapshots.set(id, snapshot);
		const [oldest] = this.#snapshots.keys();
		if (this.#snapshots.size > SNAPSHOTS_MAX) this.#snapshots.delete(oldest as string);
	}
}

function merge(before: unknown, patch: unknown): unknown {
	if (!isRecord(patch)) return patch;
	const merged: Record<string, unknown> = isRecord(before) ? { ...before } : {};
	for (const [key, value] of Object.entries(patch)) {
		if (value === null) delete merged[key];
		else merged[key] = merge(merged[key], value);
	}
	return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
