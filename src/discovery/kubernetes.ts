// Provider `k8s`: the pods of a namespace that match a label selector, by one list and then one watch, for ever.

import type { Address, Random } from '../swim/index.ts';
import { changes } from './changes.ts';
import type { Discovery, DiscoveryHealth, DiscoveryProblem } from './discovery.ts';
import { KubernetesApi, type WatchEvent } from './kubernetes-api.ts';
import { ApiError, kubernetesProblem } from './kubernetes-error.ts';
import { PodTable } from './kubernetes-pods.ts';
import { pause, pauseMs, RETRY_LAST_MS, systemRandom } from './retry.ts';

/** How long a watch is asked to last, 20 % more or less; client-go asks for 300 s to 600 s. */
const WATCH_MS = 300_000;
/** A watch that ends sooner without an event was none; client-go calls it a very short watch. */
const SHORT_WATCH_MS = 1_000;

/** Which pods are peers, and how the API is reached. */
export interface KubernetesDiscoveryOptions {
	/** Default, also for the empty string: the pod's own, or outside of a cluster that of the current context. */
	readonly namespace?: string;
	/** As `kubectl get pods -l` takes it: `app.kubernetes.io/name=longbow`, `app in (a, b),!canary`. Empty: every pod. */
	readonly labelSelector: string;
	/** Name of the container port on which a pod gossips. Default `gossip`. */
	readonly portName?: string;
	/** Port of the pods that name no such port. */
	readonly defaultPort: number;
	/** Path of a kubeconfig. Default: the service account of the pod, or else what `kubectl` takes. */
	readonly kubeconfig?: string;
	readonly random?: Random;
}

/**
 * Running pods that have an IP and are not terminating, by their primary address. Needs the official client,
 * `npm install @kubernetes/client-node`, which is loaded when `watch` begins, and a Role with the verbs list and
 * watch on pods; with list alone it lists again every 30 s. Answers that fail or match nothing change nothing.
 */
export function createKubernetesDiscovery(options: KubernetesDiscoveryOptions): Discovery {
	return new KubernetesDiscovery(options);
}

class KubernetesDiscovery implements Discovery {
	readonly name = 'k8s';
	readonly #options: KubernetesDiscoveryOptions;
	readonly #random: Random;
	readonly #pods: PodTable;
	#api: KubernetesApi | undefined;
	#namespace = '';
	/** From where the watch goes on; undefined: list first. */
	#version: string | undefined;
	/** Whether the last attempt began with a list. */
	#listed = false;
	/** Whether the server has accepted the watch that was tried last. */
	#watching = false;
	/** Since the last event or end of a watch. */
	#failures = 0;
	#failure: DiscoveryProblem | undefined;
	#addresses: readonly Address[] = [];
	#answeredAtMs: number | undefined;
	#errors = 0;

	constructor(options: KubernetesDiscoveryOptions) {
		const { portName = 'gossip', defaultPort, random = systemRandom } = options;
		this.#options = options;
		this.#random = random;
		this.#pods = new PodTable({ portName, defaultPort });
	}

	get health(): DiscoveryHealth {
		return {
			provider: this.name,
			addresses: this.#addresses,
			answeredAtMs: this.#answeredAtMs,
			errors: this.#errors,
			problem: this.#failure ?? this.#noMatch(),
		};
	}

	watch(signal: AbortSignal): AsyncIterable<readonly Address[]> {
		return changes(
			signal,
			() => this.#addresses,
			(ends, look) => void this.#follow(ends, look),
		);
	}

	/** Never rejects. */
	async #follow(signal: AbortSignal, changed: () => void): Promise<void> {
		this.#version = undefined;
		while (!signal.aborted) {
			try {
				this.#api ??= await KubernetesApi.configure(this.#options.kubeconfig);
				this.#namespace = this.#options.namespace || this.#api.namespace;
				await this.#listAndWatch(this.#api, signal, changed);
			} catch (error) {
				if (!signal.aborted) await pause(this.#failed(error), signal);
			}
		}
	}

	/** Resolves when the server has ended the watch in order: then the next one goes on from the last version. */
	async #listAndWatch(api: KubernetesApi, signal: AbortSignal, changed: () => void): Promise<void> {
		const { labelSelector } = this.#options;
		this.#listed = this.#version === undefined;
		if (this.#version === undefined) {
			const { pods, version } = await api.list(this.#namespace, labelSelector, signal);
			this.#pods.replace(pods);
			this.#answered(version);
			changed();
		}
		const lastsSeconds = Math.round(pauseMs(0, WATCH_MS, this.#random) / 1_000);
		const where = { labelSelector, version: this.#version as string, lastsSeconds };
		const events = await api.watch(this.#namespace, where, signal);
		const beganAtMs = performance.now();
		this.#watching = true;
		this.#failure = undefined;
		let quiet = true;
		for await (const event of events) {
			this.#take(event);
			this.#failures = 0;
			quiet = false;
			changed();
		}
		if (quiet && performance.now() - beganAtMs < SHORT_WATCH_MS)
			throw new Error('the API server ended the watch at once');
		this.#failures = 0;
	}

	#take(event: WatchEvent): void {
		if (event.type === 'ERROR') throw new ApiError('watch', event.object.code ?? 0, event.object);
		const { type, object } = event;
		if (type === 'ADDED' || type === 'MODIFIED') this.#pods.put(object);
		if (type === 'DELETED') this.#pods.delete(object);
		this.#answered(object.metadata?.resourceVersion ?? this.#version);
	}

	#answered(version: string | undefined): void {
		this.#version = version;
		this.#answeredAtMs = Date.now();
		const { addresses } = this.#pods;
		// No peers is no news: a selector or a label that was edited must not empty the address book.
		if (addresses.length > 0) this.#addresses = addresses;
	}

	/** Takes note of a failure. Returns how long to wait before the next attempt, in milliseconds. */
	#failed(error: unknown): number {
		const question = { server: this.#api?.server, namespace: this.#namespace };
		const refusal = error instanceof ApiError ? error : undefined;
		const wasWatching = this.#watching;
		this.#watching = false;
		// A version that was forgotten since comes from a server that is up: after an outage the list must not wait long.
		this.#failures = refusal?.expired && !this.#listed ? 1 : this.#failures + 1;
		// The kubelet replaces tokens and certificates while we run: they are read again for the next attempt.
		this.#api = undefined;
		if (refusal !== undefined && !refusal.passing) this.#version = undefined;
		if (!refusal?.expired) {
			this.#errors++;
			// Connections break and are made again within half a second: a problem is what is left after that.
			if (!wasWatching || this.#failures > 1) this.#failure = kubernetesProblem(error, question);
		}
		return Math.max(pauseMs(this.#failures, 0, this.#random), Math.min(refusal?.retryAfterMs ?? 0, RETRY_LAST_MS));
	}

	#noMatch(): DiscoveryProblem | undefined {
		if (this.#answeredAtMs === undefined || this.#pods.addresses.length > 0) return undefined;
		const { labelSelector } = this.#options;
		const where = `in namespace ${this.#namespace}`;
		const { size } = this.#pods;
		const found =
			size === 0
				? `the selector ${labelSelector} matches no pod ${where}`
				: `the ${size} pods that the selector ${labelSelector} matches ${where} do not run or have no IP`;
		return { code: 'no-match', text: `${found}; compare with: kubectl get pods -n ${this.#namespace} --show-labels` };
	}
}
