// The machine: one node of the mesh as a pure function of its inputs. `step` and `deadline` are all there is.

import { ipBytes } from './address.ts';
import { utf8 } from './bytes.ts';
import { Challenges } from './challenges.ts';
import type { Codec } from './codec.ts';
import { Commands, ownMeta } from './commands.ts';
import type { Config, Limits } from './config.ts';
import { Contacts } from './contacts.ts';
import type { Counters, ProbeAnswer } from './counters.ts';
import type { Delegate } from './delegate.ts';
import { Gossip } from './gossip.ts';
import { type Identity, IdentityPool } from './identity.ts';
import type { Input, Output } from './io.ts';
import { Leaver } from './leave.ts';
import type { Instant, Member } from './member.ts';
import { NO_SLOT, type Slot } from './member-table.ts';
import { Membership } from './membership.ts';
import type { ViewDigest } from './message.ts';
import { NO_OUTPUTS, Node } from './node.ts';
import { PacketInbox } from './packet-inbox.ts';
import { Prober } from './probe.ts';
import { Propagation } from './propagation.ts';
import { localState, mergeRemoteState } from './push-pull.ts';
import { type Random, randomBelow } from './random.ts';
import { Reconnector } from './reconnect.ts';
import { Relays } from './relay.ts';
import type { RefusedSource } from './sources.ts';
import { Streams } from './streams.ts';
import { Timer } from './timers.ts';
import { Turns } from './turns.ts';
import { View } from './view.ts';
import { ViewSync } from './view-sync.ts';

/** What a machine is made of. All of it is pure: no socket, clock or die. */
export interface MemberlistOptions {
	readonly config: Config;
	readonly codec: Codec;
	readonly random: Random;
	readonly delegate?: Delegate;
	/** Share one among the nodes of a process to keep each identity once. */
	readonly identities?: IdentityPool;
}

const REAP_INTERVAL_MS = 10_000;
const STREAM_EXCHANGE_PERIODS = 5;
/** Deadlines by which somebody should have answered. That of a probe is one as well while the probe waits. */
const SILENCES: readonly Timer[] = [
	Timer.relay,
	Timer.ack,
	Timer.suspicion,
	Timer.contact,
	Timer.sync,
	Timer.challenge,
	Timer.stream,
	Timer.leave,
];
/** A ping to the longest name (255 bytes), and an indirect one, must fit. */
const SMALLEST_ROOM_BYTES = 400;

/**
 * Drive it so: hand every packet, stream event and command to `step` as it comes, hand it a
 * `timeout` when `deadline` has come, and perform the outputs in order. Before a `timeout` that
 * `countsSilence`, deliver what the sockets hold (X9). The machine knows no clock: `now` may start anywhere and never goes back.
 */
export class Memberlist {
	readonly #node: Node;
	readonly #view: View;
	readonly #membership: Membership;
	readonly #prober: Prober;
	readonly #relays: Relays;
	readonly #gossip: Gossip;
	readonly #sync: ViewSync;
	readonly #challenges: Challenges;
	readonly #streams: Streams;
	readonly #contacts: Contacts;
	readonly #turns: Turns;
	readonly #reconnector: Reconnector;
	readonly #propagation: Propagation;
	readonly #leaver: Leaver;
	readonly #inbox: PacketInbox;
	readonly #commands: Commands;
	#streamExchangeAt: Instant = Number.NEGATIVE_INFINITY;
	readonly #onTimer: Readonly<Record<Timer, () => void>>;
	/** Told of the digest in each direct ack of an own node, and whether it equals ours (X2). Only take notes. */
	onDigest?: (member: string, digest: ViewDigest, agrees: boolean) => void;
	/** Told of each probe that ends, and of its round trip where the member itself answered by packet. Only take notes. */
	onProbe?: (member: string, answer: ProbeAnswer, rttMs: number) => void;

	/** @throws {RangeError} when packets leave no room for a member's name and address. */
	constructor(options: MemberlistOptions) {
		const { codec, config } = options;
		if (codec.packetRoom < SMALLEST_ROOM_BYTES) {
			throw new RangeError(
				`packetBytes: ${config.packetBytes} leaves ${codec.packetRoom} bytes beside label and encryption; ${SMALLEST_ROOM_BYTES} are needed`,
			);
		}
		const identities = options.identities ?? new IdentityPool((meta) => codec.decodeTags(meta));
		const node = new Node({ config, codec, random: options.random, delegate: options.delegate ?? {}, identities });
		const view = new View(node);
		const membership = new Membership(node, view);
		const prober = new Prober(node, membership);
		const sync = new ViewSync(node);
		const streams = new Streams(node, {
			localState: (join) => localState(node, join),
			remoteState: (remote) => mergeRemoteState(node, membership, remote),
			pingAcked: (seqNo) => prober.streamAck(seqNo),
			user: (body) => node.delegate.userMessage?.(body, undefined),
		});
		const turns = new Turns(node);
		const contacts = new Contacts(node, membership, sync, streams);
		this.#node = node;
		this.#view = view;
		this.#membership = membership;
		this.#prober = prober;
		this.#relays = new Relays(node);
		this.#gossip = new Gossip(node);
		this.#sync = sync;
		this.#challenges = new Challenges(node);
		this.#streams = streams;
		this.#contacts = contacts;
		this.#turns = turns;
		this.#reconnector = new Reconnector(node, contacts, sync, turns);
		this.#propagation = new Propagation(node, prober, turns);
		this.#leaver = new Leaver(node, membership);
		this.#inbox = new PacketInbox(node, {
			membership,
			prober,
			relays: this.#relays,
			sync,
			challenges: this.#challenges,
			contacts,
			leaver: this.#leaver,
			propagation: this.#propagation,
		});
		this.#commands = new Commands(node, { membership, contacts, leaver: this.#leaver });
		this.#onTimer = this.#timerHandlers();
		this.#connectParts();
	}

	/**
	 * Takes one input at the given instant; returns all that is to be done because of it, in order.
	 * Never throws on a peer's input.
	 */
	step(now: Instant, input: Input): readonly Output[] {
		const node = this.#node;
		node.outputs = NO_OUTPUTS;
		const before = node.now;
		node.now = Math.max(now, before);
		if (input.type === 'start') this.#start(input);
		else if (node.phase === 'stopped' || node.phase === 'new') this.#commands.refuse(input);
		else {
			this.#noticeStall(before);
			this.#take(input);
			this.#gossip.schedule();
		}
		return node.outputs;
	}

	/** When to step with `timeout` if nothing happens before; Infinity when there is nothing to wait for. */
	get deadline(): Instant {
		return this.#node.timers.deadline;
	}

	/** Whether a `timeout` at that instant would take silence for an answer: an ack may lie unread in a socket. */
	countsSilence(at: Instant): boolean {
		const { timers } = this.#node;
		for (const timer of SILENCES) if (timers.at(timer) <= at) return true;
		return this.#prober.waits && timers.at(Timer.probe) <= at;
	}

	/** The knobs, defaults filled in. */
	get config(): Config {
		return this.#node.config;
	}

	/** Live counters, not a copy. */
	get counters(): Readonly<Counters> {
		return this.#node.counters;
	}

	/** Local health (Lifeguard awareness): 0 best, 7 worst. */
	get health(): number {
		return this.#node.awareness.score;
	}

	/** Sums over the live members of this view (X2). */
	get digest(): ViewDigest {
		return this.#node.sums.digest;
	}

	/** How full the tables are that input from the network can fill; their caps are `config.limits`. */
	get sizes(): Readonly<Omit<Limits, 'relaysPerSecond' | 'nonsensePerSecond'> & { updates: number }> {
		const { table, tombstones, book, queue, sources } = this.#node;
		return {
			members: table.size,
			silentTombstones: tombstones.size,
			bookAddresses: book.size,
			relays: this.#relays.size,
			streams: this.#streams.most,
			streamBytes: this.#streams.heldBytes,
			sources: sources.size,
			userBroadcasts: queue.userMessages,
			updates: queue.updates,
		};
	}

	/** Hosts of which most was refused, the worst first. */
	refusedSources(most: number): RefusedSource[] {
		return this.#node.sources.worst(most);
	}

	/** This node. Throws before the start. */
	get self(): Member {
		return this.#node.table.snapshot(this.#node.self);
	}

	/** Everybody known, self included, dead and left ones while they are shown; in byte order of names. */
	members(): Member[] {
		const { table } = this.#node;
		const members: Member[] = [];
		for (let slot = 0; slot < table.slots; slot++) if (table.isKnown(slot)) members.push(table.snapshot(slot));
		return members.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
	}

	/** As this node holds it; undefined when it knows nobody of that name. */
	member(name: string): Member | undefined {
		const slot = this.#node.table.findName(utf8(name));
		return slot === NO_SLOT ? undefined : this.#node.table.snapshot(slot);
	}

	/** When the member's running suspicion becomes a death unless it is refuted. */
	deadAt(name: string): Instant | undefined {
		const slot = this.#node.table.findName(utf8(name));
		return slot === NO_SLOT ? undefined : this.#view.deadAt(slot);
	}

	/** How the member is reached, by its last probe: over a stream alone when packets do not pass (X12). */
	path(name: string): 'udp' | 'stream' {
		const slot = this.#node.table.findName(utf8(name));
		return slot !== NO_SLOT && this.#prober.isStreamOnly(slot) ? 'stream' : 'udp';
	}

	/** How long the oldest member update has been spreading, in milliseconds; 0 when none is. */
	get oldestUpdateMs(): number {
		return this.#node.queue.oldestUpdateMs;
	}

	/** How long the member's last direct ack took, in milliseconds; undefined when it has never answered. */
	rttMs(name: string): number | undefined {
		const slot = this.#node.table.findName(utf8(name));
		return slot === NO_SLOT ? undefined : this.#prober.rttMs(slot);
	}

	#start({ advertise, incarnation, known }: Extract<Input, { type: 'start' }>): void {
		const node = this.#node;
		const addr = ipBytes(advertise.host);
		if (node.phase !== 'new') throw new TypeError('start: the machine has been started before');
		if (!addr) throw new RangeError(`advertise: ${JSON.stringify(advertise.host)} is not an IP address`);
		if (!node.admission.allowsAddress(addr)) {
			throw new RangeError(`advertise: ${advertise.host} is not in allowCidrs, so the others would refuse this node`);
		}
		node.phase = 'running';
		const fields = {
			name: node.nameBytes,
			addr,
			port: advertise.port,
			meta: ownMeta(node, node.config.tags),
			vsn: Uint8Array.from(node.config.vsn),
		};
		this.#membership.insertSelf(fields, incarnation);
		if (known) this.#view.takeOver(known);
		const soon = (withinMs: number): Instant => node.now + randomBelow(node.random, Math.max(1, withinMs));
		node.timers.set(Timer.probe, soon(node.config.protocolPeriodMs));
		node.timers.set(Timer.reap, node.now + REAP_INTERVAL_MS);
		if (node.config.streams) node.timers.set(Timer.pushPull, soon(node.config.pushPullIntervalMs));
		this.#turns.start();
		this.#contacts.start();
		this.#reconnector.start();
		this.#propagation.start();
		node.delegate.attach?.(this.#commands.delegateHost(this));
	}

	/** X9: a timeout that comes more than a period late means that we did not run, so what we missed proves nothing. */
	#noticeStall(lastStepAt: Instant): void {
		const node = this.#node;
		const lateMs = node.now - Math.max(node.timers.deadline, lastStepAt);
		if (lateMs <= node.config.protocolPeriodMs) return;
		node.counters.stalls++;
		node.emit({ type: 'stall', lateMs });
		this.#prober.abandon();
		this.#view.delaySuspicions(lateMs);
		this.#relays.drop();
		this.#challenges.drop();
	}

	#take(input: Exclude<Input, { type: 'start' }>): void {
		switch (input.type) {
			case 'packet':
				this.#inbox.read(input.from, input.bytes);
				break;
			case 'accept':
			case 'data':
			case 'end':
			case 'fail':
				this.#streams.input(input);
				break;
			case 'timeout':
				for (let due = this.#takeDue(); due !== undefined; due = this.#takeDue()) this.#onTimer[due]();
				break;
			default:
				this.#commands.perform(input);
		}
	}

	#takeDue(): Timer | undefined {
		return this.#node.timers.takeDue(this.#node.now);
	}

	#pushPull(): void {
		const node = this.#node;
		const { table, config } = node;
		node.timers.set(Timer.pushPull, node.now + pushPullIntervalMs(config.pushPullIntervalMs, table.live));
		// Own nodes compare digests with every probe (X2); only foreign ones need the whole exchange.
		const needsAll = (slot: Slot): boolean => !config.extensions || table.identity(slot).extension === 0;
		const [slot] = node.randomMembers(1, (other) => node.isAlive(other) && needsAll(other));
		if (slot !== undefined) this.#streams.pushPull(table.identity(slot).address, false);
	}

	/** X12: where packets do not pass, views are kept equal over streams, once every few periods. */
	#exchangeOverStream(target: Identity): void {
		const { now, config } = this.#node;
		if (now - this.#streamExchangeAt < STREAM_EXCHANGE_PERIODS * config.protocolPeriodMs) return;
		this.#streamExchangeAt = now;
		this.#streams.pushPull(target.address, false);
	}

	#reap(): void {
		this.#node.timers.set(Timer.reap, this.#node.now + REAP_INTERVAL_MS);
		this.#view.reap();
	}

	#timerHandlers(): Readonly<Record<Timer, () => void>> {
		return {
			[Timer.relay]: () => this.#relays.expire(),
			[Timer.ack]: () => this.#prober.unanswered(),
			[Timer.probe]: () => this.#prober.tick(),
			[Timer.suspicion]: () => this.#view.expireSuspicions(),
			[Timer.contact]: () => this.#contacts.tick(),
			[Timer.sync]: () => this.#sync.retry(),
			[Timer.challenge]: () => this.#challenges.expire(),
			[Timer.stream]: () => this.#streams.expire(),
			[Timer.leave]: () => this.#leaver.tick(),
			[Timer.gossip]: () => this.#gossip.tick(),
			[Timer.pushPull]: () => this.#pushPull(),
			[Timer.reconnect]: () => this.#reconnector.tick(),
			[Timer.reap]: () => this.#reap(),
			[Timer.beacon]: () => this.#propagation.tick(),
		};
	}

	#connectParts(): void {
		this.#view.onInsert = (slot) => this.#prober.insert(slot);
		this.#view.onRemind = (slot) => this.#prober.remind(slot);
		this.#challenges.onSilence = (peer, nonce, slots) => this.#sync.handOver(peer, nonce, slots);
		this.#sync.onSelf = (address) => this.#contacts.forgetSelf(address);
		this.#prober.openStreamPing = (target, seqNo) => this.#streams.ping(target, seqNo);
		this.#prober.onEnd = (target, answer, tookMs) => this.onProbe?.(target.name, answer, tookMs);
		this.#prober.onStreamOnly = (target) => this.#exchangeOverStream(target);
		this.#prober.onAck = (target, ack, from) => {
			const node = this.#node;
			node.book.addVerified(target.address, target.addressText);
			// Forwarded acks carry no digest; a direct one shows at once whether our views agree.
			if (ack.extension === 0 || !node.config.extensions) return;
			const { digestA: a, digestB: b } = ack;
			this.onDigest?.(target.name, { a, b }, node.sums.equals(a, b));
			this.#sync.compare(from, a, b);
		};
	}
}

/** memberlist util.go: pushPullScale. The interval grows with log2 from 32 members on. */
export function pushPullIntervalMs(intervalMs: number, members: number): number {
	if (members <= 32) return intervalMs;
	return intervalMs * (Math.ceil(Math.log2(members) - Math.log2(32)) + 1);
}
