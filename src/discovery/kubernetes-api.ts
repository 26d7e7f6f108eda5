// The Kubernetes API as far as discovery needs it: a list and a watch of pods, by the official client's configuration and credentials.

import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
// The client's own Watch and informer are not used: a request of theirs cannot be aborted before its answer, they drop
// the body of a refusal (which says who may not do what), ask for no bookmarks, and end for good at the first error.
import type { KubeConfig } from '@kubernetes/client-node';
import { ApiError, type Status, type Verb } from './kubernetes-error.ts';
import { bodyText, lines, respond } from './kubernetes-http.ts';
import type { Pod } from './kubernetes-pods.ts';

/** Pods of one page of a list: the API then never holds a large answer as a whole. client-go's pager asks for as many. */
const PAGE_PODS = 500;
/** A page of the largest pods (1.5 MiB is etcd's limit of one object) is refused; of usual ones it has 5 MiB. */
const PAGE_BYTES_MAX = 64 * 2 ** 20;
/** Above etcd's limit of one object, in JSON. */
const EVENT_BYTES_MAX = 8 * 2 ** 20;
const REFUSAL_BYTES_MAX = 2 ** 20;
const LIST_MS = 30_000;
/** What a watch may last longer than was agreed with the server, before the connection is taken for dead. */
const OVERTIME_MS = 15_000;

/** What the client takes when it has found no configuration at all. */
const NOWHERE = 'http://localhost:8080';
const NO_CLUSTER =
	'no Kubernetes cluster is configured: this is no pod with a service account, and KUBECONFIG names no current cluster';

/** One line of a watch. Every object but that of `ERROR` carries the version from which the watch can go on. */
export type WatchEvent =
	| { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: Pod }
	| { readonly type: 'ERROR'; readonly object: Status };

interface PodList {
	readonly items?: readonly Pod[];
	readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

export class KubernetesApi {
	/** URL of the API server. */
	readonly server: string;
	/** The namespace of the pod itself, or of the current context. */
	readonly namespace: string;
	readonly #config: KubeConfig;

	private constructor(config: KubeConfig, server: string) {
		this.#config = config;
		this.server = server;
		const context = config.getContextObject(config.getCurrentContext());
		this.namespace = context?.namespace?.trim() || 'default';
	}

	/**
	 * Reads the configuration and asks nobody yet: the file, or else the service account of the pod, or else
	 * what `kubectl` would take (`KUBECONFIG`, `~/.kube/config`).
	 * @throws {Error} naming the command that installs the client when it is missing, or what is wrong with the files
	 */
	static async configure(kubeconfig: string | undefined): Promise<KubernetesApi> {
		const { KubeConfig } = await loadClient();
		const config = new KubeConfig();
		if (kubeconfig !== undefined) config.loadFromFile(kubeconfig);
		else if (process.env.KUBERNETES_SERVICE_HOST) config.loadFromCluster();
		else config.loadFromDefault();
		const server = config.getCurrentCluster()?.server;
		if (server === undefined || server === NOWHERE) throw new Error(NO_CLUSTER);
		return new KubernetesApi(config, server);
	}

	/**
	 * All pods of the namespace that match, page by page, and the version of that state.
	 * @throws {ApiError} with status 410 when the state was forgotten between two pages
	 */
	async list(namespace: string, labelSelector: string, signal: AbortSignal): Promise<{ pods: Pod[]; version: string }> {
		const pods: Pod[] = [];
		for (let next = ''; ; ) {
			const query = { labelSelector, limit: `${PAGE_PODS}`, ...(next && { continue: next }) };
			const response = await this.#get('list', namespace, query, LIST_MS, signal);
			const page = JSON.parse(await bodyText(response, PAGE_BYTES_MAX)) as PodList;
			pods.push(...(page.items ?? []));
			next = page.metadata?.continue ?? '';
			const version = page.metadata?.resourceVersion;
			if (version === undefined) throw new Error('the list of pods has no resourceVersion');
			if (next === '') return { pods, version };
		}
	}

	/**
	 * Resolves when the server has accepted the watch. Its events end when the server ends it, within
	 * `lastsSeconds`, and reject when the connection breaks.
	 * @throws {ApiError} with status 410 when the version is too old; an `ERROR` event may say so too
	 */
	async watch(
		namespace: string,
		{ labelSelector, version, lastsSeconds }: { labelSelector: string; version: string; lastsSeconds: number },
		signal: AbortSignal,
	): Promise<AsyncGenerator<WatchEvent, void, undefined>> {
		const query = {
			labelSelector,
			watch: 'true',
			allowWatchBookmarks: 'true',
			resourceVersion: version,
			timeoutSeconds: `${lastsSeconds}`,
		};
		return events(await this.#get('watch', namespace, query, lastsSeconds * 1_000 + OVERTIME_MS, signal));
	}

	async #get(
		verb: Verb,
		namespace: string,
		query: Record<string, string>,
		withinMs: number,
		signal: AbortSignal,
	): Promise<IncomingMessage> {
		const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
		const url = new URL(`${this.server}${path}?${new URLSearchParams(query)}`);
		const options: RequestOptions = { signal, headers: { accept: 'application/json', 'user-agent': 'longbow-mesh' } };
		await this.#config.applyToHTTPSOptions(options);
		const response = await respond(url, options, withinMs);
		if (response.statusCode === 200) return response;
		throw ApiError.ofResponse(verb, response, await bodyText(response, REFUSAL_BYTES_MAX));
	}
}

async function* events(response: IncomingMessage): AsyncGenerator<WatchEvent, void, undefined> {
	for await (const line of lines(response, EVENT_BYTES_MAX)) yield JSON.parse(line) as WatchEvent;
}

/** Loaded by the first use alone: it costs 0.4 s and 100 MB. */
async function loadClient(): Promise<typeof import('@kubernetes/client-node')> {
	try {
		return await import('@kubernetes/client-node');
	} catch (cause) {
		if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
		const text =
			'discovery by k8s needs the official client, which is not installed: npm install @kubernetes/client-node';
		throw new Error(text, { cause });
	}
}
