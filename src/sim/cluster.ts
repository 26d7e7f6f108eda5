// A simulated cluster: the machines of the real thing under simulated time, with a network between them.

import { type JournalSink, RecordedMemberlist } from '../journal/index.ts';
import {
	type Address,
	type Codec,
	type Command,
	type Config,
	type Delegate,
	EXTENSION_TAG,
	EXTENSION_VERSION,
	IdentityPool,
	type Input,
	ipBytes,
	KnownMembers,
	Memberlist,
	type Output,
	type Random,
	resolveConfig,
	seededRandom,
	utf8,
} from '../swim/index.ts';
import { type CodecOptions, createCodec, decodeTags } from '../wire/index.ts';
import { SimHost } from './host.ts';
import { CALM, type LinkWeather, Network } from './network.ts';
import { type Observer, Observers } from './observer.ts';
import { RunHash } from './run-hash.ts';
import { StreamNet } from './stream-net.ts';
import { type SimTime, type Task, TimeQueue } from './time-queue.ts';

/** How a host is to be: any knob of the protocol, and how the process and its place are. */
export interface HostOptions extends Partial<Omit<Config, 'name'>> {
	/** Default: a fresh one. */
	readonly address?: Address;
	/** Default: seconds of simulated wall-clock time. */
	readonly incarnation?: number;
	readonly delegate?: Delegate;
	/** Label, keys and the like. */
	readonly wire?: Omit<CodecOptions, 'packetBytes'>;
	/** Records its life; a delegate cannot be replayed, nor can members known from the start. */
	readonly journal?: JournalSink;
	/** Its clock runs so many times as fast as the others'. Default 1. */
	readonly clockRate?: number;
	/** Members that it knows from the start, as after a long life together. */
	readonly known?: KnownMembers;
}

/** Chance, network, and what all hosts have in common. */
export interface ClusterOptions {
	readonly seed: number;
	readonly weather?: LinkWeather;
	/** For all hosts; each may differ. */
	readonly host?: HostOptions;
}

type Asked = Extract<Command, { id: number }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** Wall clocks of simulated hosts show this many seconds since 2020 when a run begins. */
const EPOCH_SECONDS = 200_000_000;
const KIND: Readonly<Record<Output['type'], number>> = {
	packet: 0,
	open: 1,
	write: 2,
	end: 3,
	reset: 4,
	event: 5,
	settled: 6,
};

/** Hosts, their network and their time. Nothing happens but within `run` and `runUntil`. */
export class Cluster {
	readonly time: TimeQueue = new TimeQueue();
	readonly network: Network;
	/** The hosts that run, by name. */
	readonly hosts: Map<string, SimHost> = new Map();
	readonly hash: RunHash = new RunHash();
	/** All packets that were sent so far. */
	packets = 0;
	readonly #options: ClusterOptions;
	readonly #random: Random;
	readonly #streams: StreamNet;
	readonly #identities = new IdentityPool(decodeTags);
	readonly #observers = new Observers();
	readonly #byIp = new Map<string, SimHost[]>();
	/** One codec serves all hosts of the same settings: machines step one after the other. */
	readonly #codecs = new Map<number, Codec>();
	readonly #woken = (host: SimHost): void => {
		if (host.wakeAt > this.now) return;
		host.wakeAt = Number.POSITIVE_INFINITY;
		if (host.up) this.#runHost(host);
	};
	#starts = 0;
	#commands = 0;

	constructor(options: ClusterOptions) {
		this.#options = options;
		this.#random = seededRandom(options.seed);
		this.network = new Network(seededRandom(this.#random.uint32()), options.weather ?? CALM);
		this.#streams = new StreamNet({
			time: this.time,
			network: this.network,
			random: seededRandom(this.#random.uint32()),
			at: (address) => this.hostAt(address),
			deliver: (host, input) => this.input(host, input),
		});
	}

	/** Milliseconds since the beginning of the run. */
	get now(): SimTime {
		return this.time.now;
	}

	/** From now on; several watch in the order in which they came. */
	observe(observer: Observer): void {
		this.#observers.add(observer);
	}

	/** Starts a host. One of the same name must have stopped before, or there will be two of one name. */
	add(name: string, options: HostOptions = {}): SimHost {
		const {
			address,
			incarnation,
			delegate,
			wire,
			clockRate = 1,
			journal,
			known,
			...knobs
		} = { ...this.#options.host, ...options };
		if (journal && known) throw new TypeError('journal: members that are known from the start cannot be recorded');
		const index = this.#starts++;
		const config = resolveConfig({ ...knobs, name });
		const seed = this.#random.uint32();
		const shared = { config, identities: this.#identities, ...(delegate && { delegate }) };
		const codec = this.#codec(config.packetBytes, wire);
		const machine = journal
			? new RecordedMemberlist({ ...shared, seed, wallMs: this.wallMs, sink: journal, ...(wire && { wire }) })
			: new Memberlist({ ...shared, codec, random: seededRandom(seed) });
		const where = address ?? freshAddress(index);
		const fields = { name, index, address: where, machine, startedAt: this.now, clockRate };
		const host = new SimHost(fields, this.#woken);
		this.hosts.set(name, host);
		this.#byIp.set(where.host, [...(this.#byIp.get(where.host) ?? []), host]);
		for (const observer of this.#observers.started) observer.started?.(host);
		this.input(host, {
			type: 'start',
			advertise: where,
			incarnation: incarnation ?? this.wallSeconds,
			...(known && { known }),
		});
		return host;
	}

	/** Starts hosts that know each other already, as after a long life together: for what only happens at rest. */
	addAcquainted(names: readonly string[], options: HostOptions = {}): SimHost[] {
		const { tags, vsn, packetBytes } = resolveConfig({ ...this.#options.host, ...options, name: names[0] ?? 'any' });
		const meta = this.#codec(packetBytes, undefined).encodeTags({
			[EXTENSION_TAG]: String(EXTENSION_VERSION),
			...tags,
		});
		const incarnation = this.wallSeconds;
		const known = new KnownMembers();
		// A host has the very address by which the others know it: to compare the two is to compare nothing.
		const addresses = names.map((name, i) => {
			const { host, port } = freshAddress(this.#starts + i);
			const fields = { name: utf8(name), addr: ipBytes(host)!, port, meta, vsn: Uint8Array.from(vsn) };
			const identity = this.#identities.identity(fields);
			known.add(identity, incarnation);
			return identity.address;
		});
		return names.map((name, i) => this.add(name, { ...options, address: addresses[i]!, incarnation, known }));
	}

	/** Milliseconds since 1970 on the simulated wall clock. */
	get wallMs(): number {
		return Date.UTC(2020, 0, 1) + EPOCH_SECONDS * 1000 + this.now;
	}

	/** Seconds since 2020 on the simulated wall clock. */
	get wallSeconds(): number {
		return EPOCH_SECONDS + Math.floor(this.now / 1000);
	}

	/** Who runs there. */
	hostAt(address: Address): SimHost | undefined {
		for (const host of this.#byIp.get(address.host) ?? NOBODY) if (host.address.port === address.port) return host;
		return undefined;
	}

	/** Tells a host of addresses, as discovery does. */
	discover(host: SimHost, peers: readonly { readonly address: Address }[]): void {
		this.input(host, { type: 'discovered', source: 'sim', addresses: peers.map((peer) => peer.address) });
	}

	/** Gives a command; the answer comes to the observers under the number that is returned. */
	ask(host: SimHost, command: WithoutId<Asked>): number {
		const id = ++this.#commands;
		this.input(host, { ...command, id } as Asked);
		return id;
	}

	/** The process ends without a word. */
	kill(host: SimHost): void {
		if (!host.up) return;
		host.up = false;
		if (this.hosts.get(host.name) === host) this.hosts.delete(host.name);
		const rest = (this.#byIp.get(host.address.host) ?? []).filter((other) => other !== host);
		if (rest.length > 0) this.#byIp.set(host.address.host, rest);
		else this.#byIp.delete(host.address.host);
		this.#streams.drop(host);
		for (const observer of this.#observers.stopped) observer.stopped?.(host);
	}

	/** The process runs nothing for so long; then it finds all that arrived, and then that its timer is late. */
	stall(host: SimHost, durationMs: number): void {
		host.busyUntil = Math.max(host.busyUntil, this.now + durationMs);
		this.#wake(host, host.busyUntil);
	}

	/** Hands an input to the host, now or as soon as it runs again. */
	input(host: SimHost, input: Input): void {
		if (!host.up) return;
		if (host.busyUntil > this.now || host.inbox.length > 0) {
			host.inbox.push(input);
			this.#wake(host, host.busyUntil);
			return;
		}
		this.#step(host, input);
		this.#armTimer(host);
	}

	/** Runs for so long. */
	run(durationMs: number): void {
		this.time.runUntil(this.now + durationMs);
	}

	/** Runs until the condition holds, at most so long. Milliseconds that it took, or undefined. */
	runUntil(condition: () => boolean, mostMs: number): number | undefined {
		const start = this.now;
		return this.time.runUntil(start + mostMs, condition) ? this.now - start : undefined;
	}

	#step(host: SimHost, input: Input, clock: number = host.clock(this.now)): void {
		const outputs = host.machine.step(clock, input);
		host.deadline = host.machine.deadline;
		if (host.costMs > 0) host.busyUntil = this.now + host.costMs;
		for (const output of outputs) this.#perform(host, output);
		for (const observer of this.#observers.stepped) observer.stepped?.(host, input, this.now);
	}

	#perform(host: SimHost, output: Output): void {
		const bytes = output.type === 'packet' || output.type === 'write' ? output.bytes : undefined;
		this.hash.add(this.now, host.index, KIND[output.type], bytes);
		if (output.type === 'packet') this.#send(host, output.to, output.bytes);
		else if (output.type === 'event') {
			for (const observer of this.#observers.event) observer.event?.(host, output.event, this.now);
		} else if (output.type === 'settled') {
			for (const observer of this.#observers.settled) observer.settled?.(host, output.id, output.result);
		} else {
			for (const observer of this.#observers.stream) observer.stream?.(host, output, this.now);
			this.#streams.perform(host, output);
		}
	}

	#send(from: SimHost, to: Address, bytes: Uint8Array): void {
		this.packets++;
		const target = this.hostAt(to);
		const arrivals = target ? this.network.deliveries(from, target, bytes.length) : [];
		for (const observer of this.#observers.packet) observer.packet?.(from, to, bytes, this.now, arrivals);
		if (!target) return;
		for (const delay of arrivals) this.time.plan(this.now + delay, new Flight(this, from.address, bytes, target));
	}

	#armTimer(host: SimHost): void {
		const due = host.timeOf(host.deadline);
		if (due < Number.POSITIVE_INFINITY) this.#wake(host, Math.max(due, host.busyUntil));
	}

	#wake(host: SimHost, at: SimTime): void {
		if (at >= host.wakeAt) return;
		host.wakeAt = at;
		this.time.plan(at, host);
	}

	/** The process has the processor: first what arrived, as a driver drains its sockets, then the timer (X9). */
	#runHost(host: SimHost): void {
		while (host.inbox.length > 0 && host.busyUntil <= this.now && host.up) this.#step(host, host.inbox.shift()!);
		if (host.inbox.length > 0 || host.busyUntil > this.now) {
			this.#wake(host, host.busyUntil);
			return;
		}
		// A clock that runs at another rate may round to just before the deadline.
		const { deadline } = host;
		const clock = host.clock(this.now);
		if (clock + CLOCK_GRAIN_MS >= deadline) this.#step(host, TIMEOUT, Math.max(clock, deadline));
		this.#armTimer(host);
	}

	#codec(packetBytes: number, wire: HostOptions['wire']): Codec {
		if (wire) return createCodec({ ...wire, packetBytes });
		const shared = this.#codecs.get(packetBytes) ?? createCodec({ packetBytes });
		this.#codecs.set(packetBytes, shared);
		return shared;
	}
}

const CLOCK_GRAIN_MS = 1e-6;
const NOBODY: readonly SimHost[] = [];
const TIMEOUT: Input = { type: 'timeout' };

/** A packet on its way; at its end it is what its receiver takes in. */
class Flight implements Task {
	readonly type = 'packet';
	readonly from: Address;
	readonly bytes: Uint8Array;
	readonly #cluster: Cluster;
	readonly #target: SimHost;

	constructor(cluster: Cluster, from: Address, bytes: Uint8Array, target: SimHost) {
		this.from = from;
		this.bytes = bytes;
		this.#cluster = cluster;
		this.#target = target;
	}

	/** Whoever is at the address by then gets it. */
	run(): void {
		const target = this.#target.up ? this.#target : this.#cluster.hostAt(this.#target.address);
		if (target) this.#cluster.input(target, this);
	}
}

/** 10.0.0.1 and on, one IP a host. */
function freshAddress(index: number): Address {
	const n = index + 1;
	return { host: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, port: 7946 };
}
