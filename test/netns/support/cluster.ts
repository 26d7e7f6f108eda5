// A cluster of agents, one on each host of a network: started together, watched together, and gone with the test file.

import { createHashRing } from '../../../src/ring/index.ts';
import type { LiveSnapshot, MemberObject, WhyDocument } from '../../../src/status/index.ts';
import { eventually } from '../../support/cli.ts';
import { until } from '../../support/until.ts';
import { Agent, type Step } from './agent.ts';
import { type Host, Network, type NetworkOptions } from './namespaces.ts';
import { Observer } from './observer.ts';
import { Switchboard } from './switchboard.ts';

export interface ClusterOptions extends NetworkOptions {
	/** How many agents are started, on the first hosts; default on every host. */
	readonly agents?: number;
	/** More of every agent's environment. */
	readonly env?: NodeJS.ProcessEnv;
}

export class Cluster {
	readonly network: Network;
	readonly switchboard: Switchboard;
	/** Those that run, in the order of their hosts unless one has moved. */
	readonly agents: Agent[] = [];
	readonly #observer: Observer;
	readonly #env: NodeJS.ProcessEnv;

	private constructor(network: Network, switchboard: Switchboard, env: NodeJS.ProcessEnv) {
		this.network = network;
		this.switchboard = switchboard;
		this.#observer = new Observer(network);
		this.#env = env;
	}

	/** Starts the agents a1, a2, …; a1 is the one static seed of all others. Resolves when all see all. */
	static async start({ agents, env = {}, ...options }: ClusterOptions): Promise<Cluster> {
		const network = await Network.create(options);
		try {
			const cluster = new Cluster(network, await Switchboard.install(network), env);
			const hosts = network.hosts.slice(0, agents);
			await Promise.all(hosts.map((_, index) => cluster.startAgent(index)));
			await cluster.isWhole();
			return cluster;
		} catch (error) {
			network.close();
			throw error;
		}
	}

	/** Starts the agent of a host, from 0 on; it joins through the first host unless told otherwise. */
	async startAgent(
		host: number,
		{ name = `a${host + 1}`, seed = 0 }: { readonly name?: string; readonly seed?: number } = {},
	): Promise<Agent> {
		const seeds = seed === host ? [] : [gossipAddress(this.network.hosts[seed]!)];
		const agent = await Agent.start(this.network.hosts[host]!, { name, seeds, env: this.#env });
		this.agents.push(agent);
		this.agents.sort((a, b) => (a.name < b.name ? -1 : 1));
		return agent;
	}

	/** Crashes agents: SIGKILL, no goodbye. */
	async kill(...agents: readonly Agent[]): Promise<void> {
		await Promise.all(agents.map((agent) => agent.kill()));
		for (const agent of agents) this.agents.splice(this.agents.indexOf(agent), 1);
	}

	/** Waits until every agent sees all others alive. */
	async isWhole(withinMs?: number): Promise<void> {
		await this.allSeeAlive(this.agents, withinMs);
	}

	/** Waits until these see each other alive, and nobody else. */
	async allSeeAlive(agents: readonly Agent[], withinMs = 30_000): Promise<void> {
		const names = agents.map(({ name }) => name).sort();
		const holds = (agent: Agent): boolean => {
			const others = names.filter((name) => name !== agent.name);
			return `${agent.those('alive')}` === `${others}` && agent.those('suspect').length === 0;
		};
		await until(`${names} see each other alive`, () => agents.every(holds), withinMs).catch((cause: Error) => {
			const views = agents.map((agent) => `${agent.name}: ${viewText(agent)}`);
			throw new Error(`${cause.message}\n${views.join('\n')}`, { cause });
		});
	}

	/** Waits until the agents' pages agree on the view and on the ring; returns the fingerprint. */
	async agree(agents: readonly Agent[] = this.agents, withinMs = 5_000): Promise<string> {
		return eventually(
			`one view of ${agents.map(({ name }) => name)}`,
			async () => {
				const all = await Promise.all(agents.map((agent) => this.status(agent)));
				const views = new Set(all.map(({ mesh, ring }) => `${mesh.digest} ${ring.fingerprint} ${ring.owners}`));
				return views.size === 1 ? all[0]!.ring.fingerprint : undefined;
			},
			withinMs,
		);
	}

	/** Steps of members in the views of these agents since a moment, in the order of time. */
	stepsSince(at: number, agents: readonly Agent[] = this.agents): readonly Step[] {
		return agents.flatMap(({ steps }) => steps.filter((step) => step.at >= at)).sort((a, b) => a.at - b.at);
	}

	deathsSince(at: number, agents?: readonly Agent[]): readonly Step[] {
		return this.stepsSince(at, agents).filter(({ to }) => to === 'dead');
	}

	suspicionsSince(at: number, agents?: readonly Agent[]): readonly Step[] {
		return this.stepsSince(at, agents).filter(({ to }) => to === 'suspect');
	}

	/** Suspicions that these agents raised by their own probes, not those that they heard of. */
	accusationsSince(at: number, agents: readonly Agent[]): readonly Step[] {
		return this.suspicionsSince(at, agents).filter(({ reason }) => !reason.startsWith('heard'));
	}

	async status(agent: Agent): Promise<LiveSnapshot> {
		return JSON.parse(await this.#observer.page(`http://${agent.http}/api/v1/status`));
	}

	async members(agent: Agent): Promise<readonly MemberObject[]> {
		const document: { members: MemberObject[] } = JSON.parse(
			await this.#observer.page(`http://${agent.http}/api/v1/members`),
		);
		return document.members;
	}

	/** What the agent concludes about a member. */
	async why(agent: Agent, member: string): Promise<WhyDocument> {
		return JSON.parse(await this.#observer.page(`http://${agent.http}/api/v1/why?member=${member}`));
	}

	/** Value of a metric without labels, or with the labels as they are written. */
	async metric(agent: Agent, name: string): Promise<number> {
		const page = await this.#observer.page(`http://${agent.http}/metrics`);
		const line = page.split('\n').find((each) => each.startsWith(`${name} `));
		if (line === undefined) throw new Error(`${agent.name} has no metric ${name}`);
		return Number(line.slice(name.length));
	}

	/** Mends everything and waits until all see all: the state that every test begins with. */
	async mend(): Promise<void> {
		await this.switchboard.heal();
		await this.isWhole();
	}

	close(): void {
		this.network.close();
	}
}

/** The fingerprint of a ring of these members alone, each with the weight 1. */
export function fingerprintOf(names: readonly string[]): string {
	const ring = createHashRing();
	for (const name of names) ring.add(name);
	return ring.fingerprint;
}

/** Says what was measured. */
export function figure(text: string): void {
	console.info(`netns: ${text}`);
}

function viewText(agent: Agent): string {
	return (['alive', 'suspect', 'dead', 'left'] as const).map((state) => `${state} ${agent.those(state)}`).join('; ');
}

function gossipAddress({ address }: Host): string {
	return address.includes(':') ? `[${address}]:7946` : `${address}:7946`;
}
