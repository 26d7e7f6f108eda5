// A small deterministic world for tests: machines under simulated time, joined by a network that can be cut.
import {
	type Address,
	type Codec,
	type Config,
	type Delegate,
	formatAddress,
	type Input,
	Memberlist,
	type MeshEvent,
	type NetworkOutput,
	type Output,
	type Random,
	resolveConfig,
	type StreamId,
	seededRandom,
} from '../../src/swim/index.ts';
import { type CodecOptions, createCodec } from '../../src/wire/index.ts';

export interface HostOptions extends Partial<Omit<Config, 'name'>> {
	readonly address?: Address;
	readonly incarnation?: number;
	readonly delegate?: Delegate;
	/** Label, keys and the like. */
	readonly wire?: Omit<CodecOptions, 'packetBytes'>;
}

interface Task {
	readonly at: number;
	readonly order: number;
	readonly run: () => void;
}

/** A machine, its events and its answers. */
export class Host {
	readonly name: string;
	readonly address: Address;
	readonly machine: Memberlist;
	readonly events: MeshEvent[] = [];
	readonly settled = new Map<number, Extract<Output, { type: 'settled' }>['result']>();
	up = true;
	/** While in the past nothing; else the host runs no code until then, and what arrives waits. */
	stalledUntil = 0;
	readonly inbox: Input[] = [];
	timerAt = Number.POSITIVE_INFINITY;

	constructor(name: string, address: Address, machine: Memberlist) {
		this.name = name;
		this.address = address;
		this.machine = machine;
	}

	/** `name:state` of every other member and of itself, in name order. */
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

/** Incarnations of hosts begin here, one second of simulated time apart. */
const EPOCH_INCARNATION = 200_000_000;

export class World {
	now = 0;
	/** Running hosts by name; of two that claim one name, the later. */
	readonly hosts = new Map<string, Host>();
	readonly #places = new Map<string, Host>();
	readonly sent: Sent[] = [];
	/** Keep every packet in `sent`. */
	recording = false;
	/** One-way latency of packets and stream chunks. */
	latencyMs = 1;
	/** Share of packets that vanish. */
	loss = 0;
	/** Packets and streams from → to pass only while this holds. */
	passes: (from: string, to: string, packet: boolean) => boolean = () => true;
	readonly #defaults: HostOptions;
	readonly #random: Random;
	readonly #tasks: Task[] = [];
	readonly #streams = new Map<string, { readonly host: Host; readonly id: StreamId }>();
	#order = 0;
	#commandId = 0;
	#nextAccepted: StreamId = 2;
	#nextPort = 7946;

	constructor(options: HostOptions & { readonly seed?: number } = {}) {
		const { seed = 1, ...defaults } = options;
		this.#defaults = defaults;
		this.#random = seededRandom(seed);
	}

	add(name: string, options: HostOptions = {}): Host {
		const { address, incarnation, delegate, wire, ...config } = { ...this.#defaults, ...options };
		const where = address ?? { host: `10.0.${this.#nextPort >> 8}.${this.#nextPort & 255}`, port: this.#nextPort };
		this.#nextPort++;
		const resolved = resolveConfig({ ...config, name });
		const codec: Codec = createCodec({ ...wire, packetBytes: resolved.packetBytes });
		const random = seededRandom(this.#random.uint32());
		const host = new Host(
			name,
			where,
			new Memberlist({ config: resolved, codec, random, ...(delegate && { delegate }) }),
		);
		this.hosts.set(name, host);
		this.#places.set(formatAddress(where), host);
		this.input(host, {
			type: 'start',
			advertise: where,
			incarnation: incarnation ?? EPOCH_INCARNATION + Math.floor(this.now / 1000),
		});
		return host;
	}

	/** `count` hosts named prefix-0…; all but the first discover the first. */
	cluster(count: number, options: HostOptions = {}, prefix = 'n'): Host[] {
		const hosts = Array.from({ length: count }, (_, i) => this.add(`${prefix}${i}`, options));
		for (const host of hosts.slice(1)) this.discover(host, [hosts[0]!]);
		return hosts;
	}

	discover(host: Host, peers: readonly Host[]): void {
		this.input(host, { type: 'discovered', source: 'test', addresses: peers.map((peer) => peer.address) });
	}

	join(host: Host, addresses: readonly Address[]): number {
		const id = ++this.#commandId;
		this.input(host, { type: 'join', id, addresses });
		return id;
	}

	leave(host: Host): number {
		const id = ++this.#commandId;
		this.input(host, { type: 'leave', id });
		return id;
	}

	setTags(host: Host, tags: Record<string, string>): number {
		const id = ++this.#commandId;
		this.input(host, { type: 'set-tags', id, tags });
		return id;
	}

	/** The host vanishes without a word. */
	kill(host: Host): void {
		host.up = false;
		host.timerAt = Number.POSITIVE_INFINITY;
		if (this.hosts.get(host.name) === host) this.hosts.delete(host.name);
		const place = formatAddress(host.address);
		if (this.#places.get(place) === host) this.#places.delete(place);
	}

	/** The host runs nothing for so long; then it gets all that arrived, and then its timer. */
	stall(host: Host, durationMs: number): void {
		host.stalledUntil = this.now + durationMs;
		this.#schedule(host.stalledUntil, () => {
			const inputs = host.inbox.splice(0);
			for (const input of inputs) this.input(host, input);
			this.#arm(host);
		});
	}

	/** Runs until `now` + the duration. */
	run(durationMs: number): void {
		this.#advance(this.now + durationMs, () => false);
	}

	/** Runs until the condition holds, at most so long; returns the time it took, or fails. */
	until(condition: () => boolean, mostMs: number, what = 'the condition'): number {
		const start = this.now;
		if (!this.#advance(this.now + mostMs, condition)) throw new Error(`${what} did not hold within ${mostMs} ms`);
		return this.now - start;
	}

	/** True when every running host sees exactly the running hosts alive. */
	get complete(): boolean {
		const names = [...this.hosts.keys()].sort();
		return [...this.hosts.values()].every((host) => {
			const alive = host.machine.members().filter((member) => member.state === 'alive');
			return alive.length === names.length && alive.every((member, i) => member.name === names[i]);
		});
	}

	input(host: Host, input: Input): void {
		if (!host.up) return;
		if (host.stalledUntil > this.now) {
			if (input.type !== 'timeout') host.inbox.push(input);
			return;
		}
		const outputs = [...host.machine.step(this.now, input)];
		for (const output of outputs) this.#perform(host, output);
		this.#arm(host);
	}

	#perform(host: Host, output: Output): void {
		if (output.type === 'event') host.events.push(output.event);
		else if (output.type === 'settled') host.settled.set(output.id, output.result);
		else if (output.type === 'packet') this.#packet(host, output.to, output.bytes);
		else this.#stream(host, output);
	}

	#packet(from: Host, to: Address, bytes: Uint8Array): void {
		if (this.recording) this.sent.push({ at: this.now, from, to, bytes });
		if (this.loss > 0 && this.#random.uint32() / 2 ** 32 < this.loss) return;
		this.#schedule(this.now + this.latencyMs, () => {
			const target = this.#at(to);
			if (target && this.passes(from.name, target.name, true)) {
				this.input(target, { type: 'packet', from: from.address, bytes });
			}
		});
	}

	#stream(from: Host, output: Exclude<NetworkOutput, { type: 'packet' }>): void {
		if (output.type === 'open') {
			this.#open(from, output.stream, output.to);
			return;
		}
		const key = `${from.name}/${output.stream}`;
		this.#schedule(this.now + this.latencyMs, () => {
			const peer = this.#streams.get(key);
			if (!peer || !this.passes(from.name, peer.host.name, false)) return;
			if (output.type === 'write') this.input(peer.host, { type: 'data', stream: peer.id, bytes: output.bytes });
			else if (output.type === 'end') this.input(peer.host, { type: 'end', stream: peer.id });
			else this.input(peer.host, { type: 'fail', stream: peer.id, reason: 'reset by the peer' });
		});
	}

	#open(from: Host, stream: StreamId, to: Address): void {
		this.#schedule(this.now + this.latencyMs, () => {
			const target = this.#at(to);
			if (!target || !this.passes(from.name, target.name, false) || !target.machine.config.streams) {
				this.input(from, { type: 'fail', stream, reason: 'connection refused' });
				return;
			}
			const accepted = this.#nextAccepted;
			this.#nextAccepted += 2;
			this.#streams.set(`${from.name}/${stream}`, { host: target, id: accepted });
			this.#streams.set(`${target.name}/${accepted}`, { host: from, id: stream });
			this.input(target, { type: 'accept', stream: accepted, from: from.address });
		});
	}

	#at(address: Address): Host | undefined {
		return this.#places.get(formatAddress(address));
	}

	#arm(host: Host): void {
		const at = Math.max(host.machine.deadline, host.stalledUntil, this.now);
		if (host.timerAt === at || at === Number.POSITIVE_INFINITY) return;
		host.timerAt = at;
		this.#schedule(at, () => {
			if (!host.up || host.timerAt !== at) return;
			host.timerAt = Number.POSITIVE_INFINITY;
			if (host.machine.deadline <= this.now) this.input(host, { type: 'timeout' });
			else this.#arm(host);
		});
	}

	#schedule(at: number, run: () => void): void {
		const task = { at, order: this.#order++, run };
		let low = 0;
		let high = this.#tasks.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.#tasks[middle]!.at <= at) low = middle + 1;
			else high = middle;
		}
		this.#tasks.splice(low, 0, task);
	}

	#advance(until: number, done: () => boolean): boolean {
		while (!done()) {
			const task = this.#tasks[0];
			if (!task || task.at > until) {
				this.now = until;
				return done();
			}
			this.#tasks.shift();
			this.now = Math.max(this.now, task.at);
			task.run();
		}
		return true;
	}
}
