// The pods that match the selector, and which of them are peers: running, with an address, and not terminating.

import { type Address, formatAddress, ipBytes, ipText } from '../swim/index.ts';
import { distinct } from './changes.ts';

/** What is read of a pod, of all that the API tells (core/v1 Pod). Nothing is taken for granted: it comes from the network. */
export interface Pod {
	readonly metadata?: {
		readonly uid?: string;
		readonly resourceVersion?: string;
		/** Set from the moment at which somebody asked for the pod's end. */
		readonly deletionTimestamp?: string | null;
	};
	readonly spec?: { readonly containers?: readonly Container[] };
	readonly status?: { readonly phase?: string; readonly podIP?: string };
}

interface Container {
	readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
}

/** Where the gossip of a pod listens. */
export interface PortRule {
	/** Name of the container port. */
	readonly portName: string;
	/** For the pods that name no such port. */
	readonly defaultPort: number;
}

/**
 * The address of a pod, or undefined while it is no peer. Of a pod with two families the primary one counts
 * (`status.podIP`): it is the one that the pod itself advertises.
 */
export function peerAddress(pod: Pod, { portName, defaultPort }: PortRule): Address | undefined {
	const bytes = ipBytes(pod.status?.podIP ?? '');
	// A terminating pod goes on running, for a goodbye: it is a member still, but nobody's first peer.
	const terminating = typeof pod.metadata?.deletionTimestamp === 'string';
	if (pod.status?.phase !== 'Running' || terminating || bytes === undefined) return undefined;
	const ports = pod.spec?.containers?.flatMap((container) => container.ports ?? []) ?? [];
	const port = ports.find(({ name }) => name === portName)?.containerPort ?? defaultPort;
	return { host: ipText(bytes) as string, port };
}

/** The state of the selected pods as the list and the watch have told it so far. */
export class PodTable {
	readonly #ports: PortRule;
	/** By uid: a pod that comes again under the same name is another one. Undefined: seen, and no peer. */
	#peers = new Map<string, Address | undefined>();

	constructor(ports: PortRule) {
		this.#ports = ports;
	}

	/** How many pods match, peers or not. */
	get size(): number {
		return this.#peers.size;
	}

	/** A complete list takes the place of all that was known. */
	replace(pods: readonly Pod[]): void {
		this.#peers = new Map(pods.map((pod) => [uidOf(pod), peerAddress(pod, this.#ports)]));
	}

	put(pod: Pod): void {
		this.#peers.set(uidOf(pod), peerAddress(pod, this.#ports));
	}

	delete(pod: Pod): void {
		this.#peers.delete(uidOf(pod));
	}

	/** The peers, in an order that does not depend on the API's. */
	get addresses(): readonly Address[] {
		const found = [...this.#peers.values()].filter((address) => address !== undefined);
		return distinct(found.sort((a, b) => (formatAddress(a) < formatAddress(b) ? -1 : 1)));
	}
}

function uidOf(pod: Pod): string {
	return pod.metadata?.uid ?? '';
}
