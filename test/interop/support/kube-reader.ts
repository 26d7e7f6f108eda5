// Reads what a discovery provider tells, until the test ends.

import { expect, onTestFinished } from 'vitest';
import {
	createKubernetesDiscovery,
	type Discovery,
	type KubernetesDiscoveryOptions,
} from '../../../src/discovery/index.ts';
import { formatAddress } from '../../../src/swim/index.ts';

const SOON = { timeout: 30_000, interval: 20 };

export interface Reader {
	readonly discovery: Discovery;
	/** Every list that was told, as text. */
	readonly lists: readonly string[];
	/** Waits until the newest list is this one. */
	willTell(list: string): Promise<void>;
	/** Waits until the provider has this problem; returns its text. */
	willComplain(code: string): Promise<string>;
	/** Waits until there is no problem. */
	willBeWell(): Promise<void>;
	stop(): Promise<void>;
}

/** A provider for pods of the tests' label on port 7946. */
export function readDiscovery(options: Partial<KubernetesDiscoveryOptions>): Reader {
	const labelSelector = 'app.kubernetes.io/name=longbow';
	const discovery = createKubernetesDiscovery({ labelSelector, defaultPort: 7946, ...options });
	const abort = new AbortController();
	const lists: string[] = [];
	const done = (async () => {
		for await (const list of discovery.watch(abort.signal)) lists.push(list.map(formatAddress).join(' '));
	})();
	const stop = (): Promise<void> => {
		abort.abort();
		return done;
	};
	onTestFinished(stop);
	const problem = (): string | undefined => discovery.health.problem?.code;
	return {
		discovery,
		lists,
		stop,
		willTell: (list) => expect.poll(() => lists.at(-1) ?? discovery.health.problem, SOON).toBe(list),
		willBeWell: () => expect.poll(() => discovery.health.problem, SOON).toBeUndefined(),
		willComplain: async (code) => {
			await expect.poll(problem, SOON).toBe(code);
			return discovery.health.problem?.text ?? '';
		},
	};
}
