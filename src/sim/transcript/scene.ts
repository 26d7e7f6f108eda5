// The stage of a script: a simulated cluster, its hosts by the names that the script calls them, and its transcript.

import { type Address, type Member, sameAddress } from '../../swim/index.ts';
import { Cluster, type HostOptions } from '../cluster.ts';
import type { SimHost } from '../host.ts';
import { CALM } from '../network.ts';
import { RelativeNaming } from './naming.ts';
import { Transcript } from './transcript.ts';
import { ScriptError } from './words.ts';

/** Packets take a millisecond, all of them, so that a conversation reads in the order in which it was held. */
const DELAY_MS = 1;

export class Scene {
	readonly cluster: Cluster;
	readonly naming: RelativeNaming = new RelativeNaming();
	readonly transcript: Transcript;
	/** What hosts were started with, for their next start. */
	readonly #options = new Map<string, HostOptions>();
	readonly #hosts = new Map<string, SimHost>();
	readonly #repairs: (() => void)[] = [];

	constructor(seed: number) {
		this.cluster = new Cluster({ seed, weather: { ...CALM, delayMs: DELAY_MS, jitterMs: 0 } });
		this.transcript = new Transcript(this.naming, () => this.cluster.now);
		this.cluster.observe(this.transcript);
		this.cluster.observe({
			started: (host) => this.#hosts.set(this.placeOf(host), host),
			// An agent that has said goodbye ends.
			settled: (host, _id, result) => {
				if (result.type === 'leave') this.cluster.time.after(0, () => this.cluster.kill(host));
			},
		});
	}

	/** Hosts that run, in the order of their first starts. */
	get running(): SimHost[] {
		return [...this.#hosts.values()].filter((host) => host.up);
	}

	placeOf(host: SimHost): string {
		return this.naming.place(host.address);
	}

	/** The latest host of that place, running or not. */
	anyHost(place: string): SimHost {
		const host = this.#hosts.get(place);
		if (!host) throw new ScriptError(`there is no node ${place}`);
		return host;
	}

	host(place: string): SimHost {
		const host = this.anyHost(place);
		if (!host.up) throw new ScriptError(`${place} does not run`);
		return host;
	}

	/** `*` and `all` are all that run. */
	hostsOf(places: readonly string[]): SimHost[] {
		return places.flatMap((place) => (place === '*' || place === 'all' ? this.running : [this.host(place)]));
	}

	/** Where a node of that name was started last. */
	formerAddress(name: string): Address | undefined {
		return [...this.#hosts.values()].findLast((host) => host.name === name)?.address;
	}

	start(name: string, options: HostOptions): SimHost {
		const all = { ...this.#options.get(name), ...options };
		const taken = all.address && this.cluster.hostAt(all.address);
		if (taken) throw new ScriptError(`${this.placeOf(taken)} runs there already`);
		this.#options.set(name, all);
		return this.cluster.add(name, all);
	}

	/** Keeps a fault that `heal` ends. */
	break(repair: () => void): void {
		this.#repairs.push(repair);
	}

	heal(): void {
		for (const repair of this.#repairs.splice(0)) repair();
	}

	/** Whether all hosts that run hold the same view, and hold each other alive in it. */
	get agreed(): boolean {
		const hosts = this.running;
		const first = hosts[0] && viewText(hosts[0]);
		return hosts.every((host) => {
			const members = host.machine.members();
			const isAlive = (other: SimHost): boolean =>
				members.some(
					({ name, state, address }) => name === other.name && state === 'alive' && sameAddress(address, other.address),
				);
			return hosts.every(isAlive) && viewText(host) === first;
		});
	}
}

function viewText({ machine }: SimHost): string {
	return machine.members().filter(isLive).map(stateText).join(' ');
}

function isLive({ state }: Member): boolean {
	return state === 'alive' || state === 'suspect';
}

function stateText({ name, incarnation, state }: Member): string {
	return `${name}+${incarnation} ${state}`;
}
