// The agents of the demo and what can be done to them.

import { setTimeout as delay } from 'node:timers/promises';
import { FlightError } from '../../flight/index.ts';
import type { MemberObject, RingObject } from '../../status/index.ts';
import { State } from '../../swim/index.ts';
import { DemoNode, type NodeListeners } from './node.ts';
import { freePort } from './ports.ts';

const FIRST_PORTS = { gossip: 7946, status: 3001, metrics: 9090 };
const KINDS = ['gossip', 'status', 'metrics'] as const;
const POLL_MS = 50;

export interface ClusterView {
	readonly observer: DemoNode;
	readonly members: readonly MemberObject[];
	readonly ring: RingObject;
}

export class DemoCluster {
	readonly nodes: DemoNode[] = [];
	readonly #binary: string;
	readonly #listeners: NodeListeners;
	readonly #taken = new Set<number>();

	constructor(binary: string, listeners: NodeListeners) {
		this.#binary = binary;
		this.#listeners = listeners;
	}

	/** Adds the next node, with the next free ports; it is not started yet. */
	async add(): Promise<DemoNode> {
		const ports = {
			gossip: await freePort(FIRST_PORTS.gossip, this.#taken, { udp: true }),
			status: await freePort(FIRST_PORTS.status, this.#taken),
			metrics: await freePort(FIRST_PORTS.metrics, this.#taken),
		};
		const index = this.nodes.length;
		const node: DemoNode = new DemoNode({
			name: `demo-${index}`,
			ports,
			tags: `zone=${'abc'[index % 3]}`,
			peers: () => this.#peersOf(node),
			binary: this.#binary,
			listeners: this.#listeners,
		});
		this.nodes.push(node);
		return node;
	}

	/** Usual ports that somebody else holds, and what the first node has instead. */
	get replacedPorts(): string[] {
		const ports = this.nodes[0]?.ports ?? FIRST_PORTS;
		return KINDS.filter((kind) => ports[kind] !== FIRST_PORTS[kind]).map(
			(kind) => `port ${FIRST_PORTS[kind]} is taken, so ${kind} begins at ${ports[kind]}`,
		);
	}

	/** The first node that runs and is awake: its log is the story, its view the table. */
	get observer(): DemoNode | undefined {
		return this.nodes.find((node) => node.running && !node.frozen);
	}

	/** The node that keys without a number mean: demo-2, or else the last one that runs. Never the only one. */
	get victim(): DemoNode | undefined {
		const running = this.nodes.filter((node) => node.running && !node.frozen);
		if (running.length < 2) return undefined;
		return running.find((node) => node === this.nodes[2]) ?? running.at(-1);
	}

	/** What the observer sees now; `undefined` when nobody answers. */
	async view(): Promise<ClusterView | undefined> {
		const { observer } = this;
		if (!observer) return undefined;
		const answer = await asked(observer);
		return answer && { observer, ...answer };
	}

	/** Waits until every node sees all of them alive and all rings are one. @returns the fingerprint; `undefined` = not in time. */
	async converged(withinMs: number): Promise<string | undefined> {
		const end = performance.now() + withinMs;
		while (performance.now() < end) {
			const fingerprint = await this.#oneRing();
			if (fingerprint !== undefined) return fingerprint;
			await delay(POLL_MS);
		}
		return undefined;
	}

	/** Ends them all. @returns how many ran. */
	async stop(): Promise<number> {
		const there = this.nodes.filter((node) => node.pid !== undefined);
		await Promise.all(there.map((node) => node.stop()));
		return there.length;
	}

	async #oneRing(): Promise<string | undefined> {
		const running = this.nodes.filter((node) => node.running);
		const views = await Promise.all(running.map(asked));
		const fingerprint = views[0]?.ring.fingerprint;
		const agreed = views.every(
			(view) =>
				view?.ring.fingerprint === fingerprint &&
				view?.members.filter(({ Status }) => Status === State.alive).length === running.length,
		);
		return agreed ? fingerprint : undefined;
	}

	#peersOf(node: DemoNode): string {
		const others = this.nodes.filter((other) => other !== node);
		return others.map(({ ports }) => `127.0.0.1:${ports.gossip}`).join(',');
	}
}

// A node that was killed, frozen or has left while it was asked has no answer; the next look asks again.
async function asked(node: DemoNode): Promise<Pick<ClusterView, 'members' | 'ring'> | undefined> {
	try {
		const [members, ring] = await Promise.all([node.members(), node.ring()]);
		return { members, ring };
	} catch (error) {
		if (error instanceof FlightError) return undefined;
		throw error;
	}
}
