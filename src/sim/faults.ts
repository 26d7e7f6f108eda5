// Performs a history on a simulated cluster: starts its hosts, and lets every fault begin and end in its time.

import type { JournalSink } from '../journal/index.ts';
import { type Address, utf8, xxHash32 } from '../swim/index.ts';
import type { Cluster, HostOptions } from './cluster.ts';
import { type Fault, hostName, type Return, SEED_HOSTS } from './history.ts';
import type { SimHost } from './host.ts';
import type { LinkRule } from './network.ts';
import { CALM } from './network.ts';
import type { Weather } from './weather.ts';

type Stop = Extract<Fault, { type: 'crash' | 'leave' }>;

/** A host whose first life is recorded; it behaves as if it were not. */
export interface RecordedHost {
	readonly host: string;
	readonly sink: JournalSink;
}

interface FaultsOptions {
	readonly weather: Weather;
	readonly history: readonly Fault[];
	readonly seed: number;
	readonly record: RecordedHost | undefined;
}

export class Faults {
	readonly #cluster: Cluster;
	readonly #weather: Weather;
	readonly #history: readonly Fault[];
	readonly #seed: number;
	readonly #seeds: { readonly address: Address }[] = [];
	/** Goodbyes under way, by the number of the command. */
	readonly #leaving = new Map<number, SimHost>();
	readonly #badLinks: (() => void)[] = [];
	#recorded: RecordedHost | undefined;

	constructor(cluster: Cluster, { seed, weather, history, record }: FaultsOptions) {
		this.#cluster = cluster;
		this.#seed = seed;
		this.#weather = weather;
		this.#history = history;
		this.#recorded = record;
		cluster.observe({ settled: (_, id) => this.#left(id) });
	}

	/** Starts all hosts at once and plans all faults. */
	begin(): void {
		const { nodes, badLinks, badLinkLoss, packetlessLinks, streamlessLinks } = this.#weather;
		this.#cluster.network.weather = this.#weather.link;
		this.#imposeOnShare(badLinks, 'bad', { packetLoss: badLinkLoss, streams: true });
		this.#imposeOnShare(packetlessLinks, 'packetless', { packetLoss: 1, streams: true });
		this.#imposeOnShare(streamlessLinks, 'streamless', { packetLoss: 0, streams: false });
		const hosts = Array.from({ length: nodes }, (_, i) => this.#add(hostName(i)));
		this.#seeds.push(...hosts.slice(0, SEED_HOSTS));
		for (const host of hosts) this.#cluster.discover(host, this.#seeds);
		for (const fault of this.#history) this.#cluster.time.at(fault.at, () => this.#perform(fault));
	}

	/** The network is as good as new. All faults of the history must be over. */
	heal(): void {
		this.#cluster.network.weather = CALM;
		for (const end of this.#badLinks) end();
	}

	#perform(fault: Fault): void {
		const cluster = this.#cluster;
		switch (fault.type) {
			case 'partition':
				this.#impose(fault.forMs, partitionRule(fault, cluster));
				break;
			case 'cut':
				this.#impose(fault.forMs, {
					applies: (from, to) => isEnd(from, fault.from) && isEnd(to, fault.to),
					packetLoss: 1,
					streams: false,
				});
				break;
			case 'stall':
				this.#with(fault.host, (host) => cluster.stall(host, fault.forMs));
				break;
			case 'slow':
				this.#with(fault.host, (host) => {
					host.costMs = fault.costMs;
					cluster.time.after(fault.forMs, () => {
						host.costMs = 0;
					});
				});
				break;
			case 'crash':
				this.#with(fault.host, (host) => {
					cluster.kill(host);
					this.#planReturn(fault, host);
				});
				break;
			case 'leave':
				this.#with(fault.host, (host) => {
					this.#leaving.set(cluster.ask(host, { type: 'leave' }), host);
					this.#planReturn(fault, host);
				});
				break;
			case 'join':
				for (const name of fault.hosts) this.#start(name);
				break;
			case 'tags':
				this.#with(fault.host, (host) => cluster.ask(host, { type: 'set-tags', tags: fault.tags }));
				break;
			default:
				fault satisfies never;
		}
	}

	#with(name: string, act: (host: SimHost) => void): void {
		const host = this.#cluster.hosts.get(name);
		if (host) act(host);
	}

	#planReturn({ host: name, back }: Stop, host: SimHost): void {
		if (!back) return;
		this.#cluster.time.after(back.afterMs, () => {
			// Whoever is still saying goodbye is cut short.
			this.#cluster.kill(host);
			this.#start(back.name ?? name, back, host.address);
		});
	}

	#left(id: number): void {
		const host = this.#leaving.get(id);
		if (!host) return;
		this.#leaving.delete(id);
		this.#cluster.time.after(0, () => this.#cluster.kill(host));
	}

	#start(name: string, back?: Return, address?: Address): void {
		const cluster = this.#cluster;
		if (cluster.hosts.has(name) || (address && !back?.moves && cluster.hostAt(address))) return;
		cluster.discover(this.#add(name, back?.moves ? undefined : address), this.#seeds);
	}

	#add(name: string, address?: Address): SimHost {
		const journal = this.#recorded?.host === name ? this.#recorded.sink : undefined;
		if (journal) this.#recorded = undefined;
		return this.#cluster.add(name, { ...this.#traits(name), ...(address && { address }), ...(journal && { journal }) });
	}

	/** By name and seed alone, so that a host is the same when others are taken out of the run. */
	#traits(name: string): HostOptions {
		const { clockSkew, foreign, nodes, streams } = this.#weather;
		const index = /^n\d+$/.test(name) ? Number(name.slice(1)) : -1;
		return {
			clockRate: 1 + clockSkew * (2 * this.#shareOf(`clock ${name}`) - 1),
			streams,
			extensions: index < nodes - foreign,
		};
	}

	#impose(forMs: number, rule: LinkRule): void {
		const end = this.#cluster.network.impose(rule);
		this.#cluster.time.after(forMs, end);
	}

	#imposeOnShare(share: number, kind: string, effect: Omit<LinkRule, 'applies'>): void {
		if (share === 0) return;
		const chosen = new Map<string, Map<string, boolean>>();
		const applies: LinkRule['applies'] = (from, to) => {
			const links = chosen.get(from.name) ?? new Map<string, boolean>();
			if (links.size === 0) chosen.set(from.name, links);
			const known = links.get(to.name);
			if (known !== undefined) return known;
			const isChosen = this.#shareOf(`${kind} ${from.name} ${to.name}`) < share;
			links.set(to.name, isChosen);
			return isChosen;
		};
		this.#badLinks.push(this.#cluster.network.impose({ ...effect, applies }));
	}

	/** A number in [0, 1) that depends on the text and the seed alone. */
	#shareOf(text: string): number {
		return xxHash32(utf8(text), this.#seed) / 0x1_0000_0000;
	}
}

function partitionRule({ at, side, flapMs }: Extract<Fault, { type: 'partition' }>, cluster: Cluster): LinkRule {
	const inside = new Set(side);
	const isOn = (): boolean => flapMs === 0 || Math.floor((cluster.now - at) / flapMs) % 2 === 0;
	return {
		applies: (from, to) => inside.has(from.name) !== inside.has(to.name) && isOn(),
		packetLoss: 1,
		streams: false,
	};
}

function isEnd(host: SimHost, name: string | undefined): boolean {
	return name === undefined || host.name === name;
}
