// A simulated partition in which both sides go on living, and its heal: when all views are one again, and what was lost.

import { Cluster, type HostOptions, type SimHost } from '../../src/sim/index.ts';
import { DEFAULTS, type MeshEvent, type Random, randomBelow, seededRandom, shuffle } from '../../src/swim/index.ts';
import { Agreement } from './agreement.ts';

export interface PartitionOptions {
	readonly seed: number;
	/** Hosts at the start, and how many of them stand on the second side. */
	readonly nodes: number;
	readonly minority: number;
	readonly lastsMs: number;
	readonly streams: boolean;
	/** All times of the protocol are so many times the default. Default 1. */
	readonly timesScale?: number;
	/** Share of packets that vanish during the partition, on either side. None after it. Default 0. */
	readonly loss?: number;
}

export interface HealOutcome {
	/** From the end of the partition until all views, digests and rings were the truth; undefined: not within 20 reconnect intervals. */
	readonly tookMs: number | undefined;
	/** What was said or done during the partition and is not known to everybody in the end, a line each. */
	readonly lost: readonly string[];
	/** Running members that somebody of their own side declared dead, before and after the heal: never their due. */
	readonly deathsBefore: readonly string[];
	readonly deathsAfter: readonly string[];
	/** Steps of members in any view after all were equal: it stays so when there are none. */
	readonly disturbances: number;
	/** What a host sent in packets from the heal to the agreement. */
	readonly bytesPerNode: number;
}

/** How long it is waited for agreement, and how long it must hold then, in reconnect intervals. */
const PATIENCE_INTERVALS = 20;
const QUIET_INTERVALS = 2;
/** The agreement is looked for so many times in a protocol period. */
const LOOKS_A_PERIOD = 20;
/** Hosts of each side that change their tags during the partition, the first of them its weight on the ring. */
const TAG_CHANGES = 5;
const SEED_HOSTS = 3;

/** The same options give the same outcome. */
export function partitionAndHeal(options: PartitionOptions): HealOutcome {
	return new Partition(options).run();
}

/** Every duration of the protocol, so many times the default. */
export function scaledTimes(scale: number): HostOptions {
	// The longest that may be configured; no default comes near it.
	const within = (ms: number, most: number): number => Math.min(ms * scale, most);
	return {
		protocolPeriodMs: DEFAULTS.protocolPeriodMs * scale,
		ackTimeoutMs: DEFAULTS.ackTimeoutMs * scale,
		suspicionTimeoutMs: Number(DEFAULTS.suspicionTimeoutMs) * scale,
		gossipIntervalMs: DEFAULTS.gossipIntervalMs * scale,
		gossipToTheDeadMs: DEFAULTS.gossipToTheDeadMs * scale,
		pushPullIntervalMs: DEFAULTS.pushPullIntervalMs * scale,
		reconnectIntervalMs: DEFAULTS.reconnectIntervalMs * scale,
		tombstoneMs: within(DEFAULTS.tombstoneMs, 30 * 86_400_000),
		silentTombstoneMs: within(DEFAULTS.silentTombstoneMs, 30 * 86_400_000),
		streamTimeoutMs: within(DEFAULTS.streamTimeoutMs, 600_000),
		leaveTimeoutMs: within(DEFAULTS.leaveTimeoutMs, 600_000),
	};
}

class Partition {
	readonly #options: PartitionOptions;
	readonly #random: Random;
	readonly #cluster: Cluster;
	readonly #agreement: Agreement;
	readonly #periodMs: number;
	readonly #intervalMs: number;
	readonly #sideOf = new Map<string, 0 | 1>();
	/** Tags that were set while the sides were apart, and hosts that joined or went. */
	readonly #tags = new Map<string, Readonly<Record<string, string>>>();
	readonly #joined: string[] = [];
	readonly #gone: string[] = [];
	/** Goodbyes under way, by the number of the command. */
	readonly #goodbyes = new Map<number, SimHost>();
	readonly #deaths = { before: new Set<string>(), after: new Set<string>() };
	#healed = false;
	#agreed = false;
	#disturbances = 0;
	#bytes = 0;

	constructor(options: PartitionOptions) {
		const { seed, streams, timesScale = 1 } = options;
		this.#options = options;
		this.#random = seededRandom(seed ^ 0x5eed_0003);
		this.#periodMs = DEFAULTS.protocolPeriodMs * timesScale;
		this.#intervalMs = DEFAULTS.reconnectIntervalMs * timesScale;
		this.#cluster = new Cluster({ seed, host: { streams, ...scaledTimes(timesScale) } });
		this.#agreement = new Agreement(this.#cluster);
		this.#cluster.observe(this.#agreement.observer);
		this.#cluster.observe({
			event: (host, event) => this.#event(host, event),
			packet: (_from, _to, packet) => {
				if (this.#healed && !this.#agreed) this.#bytes += packet.length;
			},
			settled: (_host, id) => this.#goodbyeSaid(id),
		});
	}

	run(): HealOutcome {
		const cluster = this.#cluster;
		this.#start();
		const heal = this.#part();
		cluster.run(this.#options.lastsMs);
		heal();
		this.#healed = true;
		const tookMs = this.#untilAgreed();
		const sent = this.#bytes / cluster.hosts.size;
		this.#agreed = true;
		cluster.run(QUIET_INTERVALS * this.#intervalMs);
		return {
			tookMs,
			lost: this.#lost(),
			deathsBefore: [...this.#deaths.before],
			deathsAfter: [...this.#deaths.after],
			disturbances: tookMs === undefined ? 0 : this.#disturbances,
			bytesPerNode: Math.round(sent),
		};
	}

	/** All know each other for long; it runs until every host has agreed with others, and to any point of a reconnect interval. */
	#start(): void {
		const { nodes, minority } = this.#options;
		const order = Array.from({ length: nodes }, (_, i) => i);
		shuffle(this.#random, order, nodes);
		const names = Array.from({ length: nodes }, (_, i) => `n${i}`);
		for (const [place, i] of order.entries()) this.#sideOf.set(names[i]!, place < minority ? 1 : 0);
		const hosts = this.#cluster.addAcquainted(names);
		this.#agreement.beginAcquainted(hosts);
		for (const host of hosts) this.#cluster.discover(host, hosts.slice(0, SEED_HOSTS));
		this.#cluster.run(20 * this.#periodMs + randomBelow(this.#random, this.#intervalMs));
	}

	/** Cuts the sides off from each other and plans what happens on each; returns the end of the cut. */
	#part(): () => void {
		const { network } = this.#cluster;
		const { weather } = network;
		const end = network.impose({
			applies: (from, to) => this.#sideOf.get(from.name) !== this.#sideOf.get(to.name),
			packetLoss: 1,
			streams: false,
		});
		network.weather = { ...weather, loss: this.#options.loss ?? 0 };
		this.#planLife(0);
		this.#planLife(1);
		return () => {
			end();
			network.weather = weather;
		};
	}

	/** One leaves, one crashes, one joins and some change their tags, each at any time of the partition. */
	#planLife(side: 0 | 1): void {
		const cluster = this.#cluster;
		const hosts = [...cluster.hosts.values()].filter((host) => this.#sideOf.get(host.name) === side);
		const order = hosts.map((_, i) => i);
		shuffle(this.#random, order, order.length);
		const [leaver, victim, ...others] = order.map((i) => hosts[i]!) as [SimHost, SimHost, ...SimHost[]];
		const plan = (act: () => void): void =>
			cluster.time.after(randomBelow(this.#random, Math.ceil(this.#options.lastsMs)), act);
		plan(() => {
			this.#gone.push(leaver.name);
			this.#agreement.leaving.add(leaver);
			this.#goodbyes.set(cluster.ask(leaver, { type: 'leave' }), leaver);
		});
		plan(() => {
			this.#gone.push(victim.name);
			cluster.kill(victim);
		});
		plan(() => {
			const name = `new-${side}`;
			this.#sideOf.set(name, side);
			this.#joined.push(name);
			cluster.discover(cluster.add(name), others.slice(0, SEED_HOSTS));
		});
		for (const [i, host] of others.slice(0, TAG_CHANGES).entries()) {
			plan(() => {
				const tags = { told: `by side ${side} at ${Math.round(cluster.now)}`, ...(i === 0 && { w: '3' }) };
				this.#tags.set(host.name, tags);
				cluster.ask(host, { type: 'set-tags', tags });
			});
		}
	}

	#goodbyeSaid(id: number): void {
		const host = this.#goodbyes.get(id);
		if (host) this.#cluster.time.after(0, () => this.#cluster.kill(host));
	}

	#event(host: SimHost, event: MeshEvent): void {
		if (event.type !== 'state') return;
		if (this.#agreed && event.to !== 'none') this.#disturbances++;
		const { name } = event.member;
		const isRunning = this.#cluster.hosts.has(name) && !this.#gone.includes(name);
		if (event.to !== 'dead' || !isRunning || this.#sideOf.get(host.name) !== this.#sideOf.get(name)) return;
		this.#deaths[this.#healed ? 'after' : 'before'].add(name);
	}

	#untilAgreed(): number | undefined {
		const cluster = this.#cluster;
		const healedAt = cluster.now;
		const until = healedAt + PATIENCE_INTERVALS * this.#intervalMs;
		while (!this.#agreement.isReached()) {
			if (cluster.now >= until) return undefined;
			cluster.run(this.#periodMs / LOOKS_A_PERIOD);
		}
		return cluster.now - healedAt;
	}

	/** What every running host must know in the end. */
	#lost(): string[] {
		const lost: string[] = [];
		for (const { name, machine } of this.#agreement.running) {
			const stateOf = (other: string): string => machine.member(other)?.state ?? 'none';
			for (const joined of this.#joined)
				if (stateOf(joined) !== 'alive') lost.push(`${name} does not know that ${joined} has joined`);
			for (const gone of this.#gone)
				if (['alive', 'suspect'].includes(stateOf(gone))) lost.push(`${name} does not know that ${gone} is gone`);
			for (const [other, tags] of this.#tags) {
				const held = machine.member(other);
				const isHeld = Object.entries(tags).every(([key, value]) => held?.tags[key] === value);
				if (held?.state !== 'alive' || !isHeld) lost.push(`${name} holds ${other} ${held?.state} without its new tags`);
			}
		}
		return [...lost, ...this.#agreement.differences()];
	}
}
