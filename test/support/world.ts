// A simulated cluster as tests like to hold it: hosts that remember what they said, a network that a predicate cuts.
import { CALM, Cluster, type HostOptions, type SimHost } from '../../src/sim/index.ts';
import type { Address, CommandResult, Input, Memberlist, MeshEvent } from '../../src/swim/index.ts';

export type { HostOptions };

/** A host, its events and its answers. */
export class Host {
	readonly sim: SimHost;
	readonly events: MeshEvent[] = [];
	readonly settled = new Map<number, CommandResult>();

	constructor(sim: SimHost) {
		this.sim = sim;
	}

	get name(): string {
		return this.sim.name;
	}

	get address(): Address {
		return this.sim.address;
	}

	get machine(): Memberlist {
		return this.sim.machine;
	}

	/** `name:state` of every member, itself too, in name order. */
	get view(): string {
		return this.machine
			.members()
			.map((member) => `${member.name}:${member.state}`)
			.join(' ');
	}

	states(name: string): string[] {
		return this.events.flatMap((event) =>
			event.type === 'state' && event.member.name === name ? [`${event.from}>${event.to}`] : [],
		);
	}
}

export interface Sent {
	readonly at: number;
	readonly from: Host;
	readonly to: Address;
	readonly bytes: Uint8Array;
}

export class World {
	readonly sim: Cluster;
	/** The hosts that run, by name. */
	readonly hosts = new Map<string, Host>();
	readonly sent: Sent[] = [];
	/** Keep every packet in `sent`. */
	recording = false;
	/** Packets and streams from → to pass only while this holds. */
	passes: (from: string, to: string, packet: boolean) => boolean = () => true;
	readonly #hostOf = new Map<SimHost, Host>();

	constructor(options: HostOptions & { readonly seed?: number } = {}) {
		const { seed = 1, ...host } = options;
		this.sim = new Cluster({ seed, host, weather: { ...CALM, delayMs: 1, jitterMs: 0 } });
		this.sim.network.impose({
			applies: (from, to) => !this.passes(from.name, to.name, true),
			packetLoss: 1,
			streams: true,
		});
		this.sim.network.impose({
			applies: (from, to) => !this.passes(from.name, to.name, false),
			packetLoss: 0,
			streams: false,
		});
		this.sim.observe({
			started: (sim) => {
				const host = new Host(sim);
				this.#hostOf.set(sim, host);
				this.hosts.set(sim.name, host);
			},
			stopped: (sim) => {
				if (this.hosts.get(sim.name)?.sim === sim) this.hosts.delete(sim.name);
			},
			event: (sim, event) => this.#hostOf.get(sim)!.events.push(event),
			settled: (sim, id, result) => this.#hostOf.get(sim)!.settled.set(id, result),
			packet: (sim, to, bytes, at) => {
				if (this.recording) this.sent.push({ at, from: this.#hostOf.get(sim)!, to, bytes });
			},
		});
	}

	get now(): number {
		return this.sim.now;
	}

	get latencyMs(): number {
		return this.sim.network.weather.delayMs;
	}

	set latencyMs(delayMs: number) {
		this.sim.network.weather = { ...this.sim.network.weather, delayMs };
	}

	/** Share of packets that vanish. */
	get loss(): number {
		return this.sim.network.weather.loss;
	}

	set loss(loss: number) {
		this.sim.network.weather = { ...this.sim.network.weather, loss };
	}

	add(name: string, options: HostOptions = {}): Host {
		return this.#hostOf.get(this.sim.add(name, options))!;
	}

	/** `count` hosts named prefix-0…; all but the first discover the first. */
	cluster(count: number, options: HostOptions = {}, prefix = 'n'): Host[] {
		const hosts = Array.from({ length: count }, (_, i) => this.add(`${prefix}${i}`, options));
		for (const host of hosts.slice(1)) this.discover(host, [hosts[0]!]);
		return hosts;
	}

	discover(host: Host, peers: readonly Host[]): void {
		this.sim.discover(host.sim, peers);
	}

	join(host: Host, addresses: readonly Address[]): number {
		return this.sim.ask(host.sim, { type: 'join', addresses });
	}

	leave(host: Host): number {
		return this.sim.ask(host.sim, { type: 'leave' });
	}

	setTags(host: Host, tags: Record<string, string>): number {
		return this.sim.ask(host.sim, { type: 'set-tags', tags });
	}

	/** The host vanishes without a word. */
	kill(host: Host): void {
		this.sim.kill(host.sim);
	}

	/** The host runs nothing for so long; then it gets all that arrived, and then its timer. */
	stall(host: Host, durationMs: number): void {
		this.sim.stall(host.sim, durationMs);
	}

	input(host: Host, input: Input): void {
		this.sim.input(host.sim, input);
	}

	run(durationMs: number): void {
		this.sim.run(durationMs);
	}

	/** Runs until the condition holds, at most so long; returns the time it took, or fails. */
	until(condition: () => boolean, mostMs: number, what = 'the condition'): number {
		const took = this.sim.runUntil(condition, mostMs);
		if (took === undefined) throw new Error(`${what} did not hold within ${mostMs} ms`);
		return took;
	}

	/** True when every running host sees exactly the running hosts alive. */
	get complete(): boolean {
		const names = [...this.hosts.keys()].sort();
		return [...this.hosts.values()].every((host) => {
			const alive = host.machine.members().filter((member) => member.state === 'alive');
			return alive.length === names.length && alive.every((member, i) => member.name === names[i]);
		});
	}
}
