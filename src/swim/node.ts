// What all parts of the machine share: the instant, the view, the queue, the way out.

import { type Address, sameAddress } from './address.ts';
import { AddressBook } from './address-book.ts';
import { Admission } from './admission.ts';
import { Awareness } from './awareness.ts';
import { Beacon } from './beacon.ts';
import { BroadcastQueue, retransmitLimit } from './broadcast-queue.ts';
import { utf8 } from './bytes.ts';
import type { Codec, PacketWriter, RejectCode } from './codec.ts';
import type { Config } from './config.ts';
import { type Counters, newCounters, type Traffic } from './counters.ts';
import { Crowd } from './crowd.ts';
import type { Delegate } from './delegate.ts';
import type { Identity, IdentityPool } from './identity.ts';
import type { CommandResult, MeshEvent, Output } from './io.ts';
import { type Instant, State } from './member.ts';
import { MemberTable, NO_SLOT, type Slot } from './member-table.ts';
import type { ViewDigest } from './message.ts';
import { type Random, randomBelow, shuffle } from './random.ts';
import { RateGate } from './rate-gate.ts';
import { Sources } from './sources.ts';
import { Timers } from './timers.ts';
import { Tombstones } from './tombstones.ts';
import { DigestSums } from './view-digest.ts';

/** An event before it gets its number and its time. */
type EventBody = MeshEvent extends infer E ? (E extends MeshEvent ? Omit<E, 'seq' | 'at'> : never) : never;

export interface NodeOptions {
	readonly config: Config;
	readonly codec: Codec;
	readonly random: Random;
	readonly delegate: Delegate;
	readonly identities: IdentityPool;
}

/** `running` → `leaving` → `stopped`; `conflicted`: another process holds our name, so we claim nothing (X6). */
export type Phase = 'new' | 'running' | 'conflicted' | 'leaving' | 'stopped';

export class Node {
	readonly config: Config;
	readonly codec: Codec;
	readonly random: Random;
	readonly delegate: Delegate;
	readonly identities: IdentityPool;
	readonly nameBytes: Uint8Array;

	readonly table: MemberTable = new MemberTable();
	readonly crowd: Crowd = new Crowd(this.table);
	readonly queue: BroadcastQueue;
	readonly beacon: Beacon;
	readonly sums: DigestSums = new DigestSums();
	readonly book: AddressBook;
	readonly tombstones: Tombstones;
	readonly admission: Admission;
	readonly awareness: Awareness;
	readonly sources: Sources;
	readonly timers: Timers = new Timers();
	readonly counters: Counters = newCounters();
	/** What is to be done after this step, in order; most steps say one thing or nothing. */
	outputs: Output[] = NO_OUTPUTS;

	now: Instant = 0;
	phase: Phase = 'new';
	/** Who holds our name, or held it when it was lost last; it matters while `conflicted`. */
	claim: { readonly address: Address; readonly incarnation: number } | undefined;
	/** This node's own place in the table. */
	self: Slot = NO_SLOT;
	/** Incarnation at the start; news too far above it is implausible (X4). */
	startIncarnation = 0;
	#seqNo: number;
	#eventSeq = 0;
	readonly #rejectionsTold = new RateGate(REJECTIONS_TOLD_PER_SECOND);

	constructor(options: NodeOptions) {
		this.config = options.config;
		this.codec = options.codec;
		this.random = options.random;
		this.delegate = options.delegate;
		this.identities = options.identities;
		this.nameBytes = utf8(options.config.name);
		this.queue = new BroadcastQueue({
			userLimit: options.config.limits.userBroadcasts,
			largestBytes: options.codec.packetRoom,
			clock: this,
			counters: this.counters,
		});
		this.beacon = new Beacon({ codec: options.codec, node: this });
		this.book = new AddressBook(options.config.limits.bookAddresses);
		this.tombstones = new Tombstones(options.config.limits.silentTombstones, options.config.silentTombstoneMs);
		this.admission = new Admission(options.config.allowCidrs, options.config.allowNames);
		const { sources, nonsensePerSecond } = options.config.limits;
		this.sources = new Sources(this.table, () => this.sums.version, sources, nonsensePerSecond);
		this.awareness = new Awareness(options.config.awarenessMax);
		// Numbers start anywhere, so that acks to an earlier life of this node match nothing.
		this.#seqNo = options.random.uint32();
	}

	get selfIdentity(): Identity {
		return this.table.identity(this.self);
	}

	get incarnation(): number {
		return this.table.incarnation[this.self]!;
	}

	/** A fresh sequence number; one counter for probes, relays and contacts, so that no two can be confused. */
	nextSeqNo(): number {
		this.#seqNo = (this.#seqNo + 1) >>> 0;
		return this.#seqNo;
	}

	/** Our digest for pings and acks, as it is now and not a copy; none while we claim nothing, and none without extensions. */
	get digest(): ViewDigest | undefined {
		return this.phase === 'conflicted' || !this.config.extensions ? undefined : this.sums;
	}

	packet(to: Address, bytes: Uint8Array, kind: Traffic): void {
		const traffic = this.counters.traffic[kind];
		traffic.packetsSent++;
		traffic.bytesSent += bytes.length;
		this.output({ type: 'packet', to, bytes });
	}

	/** Sends the packet of a probe that is under construction, news added to it while it fits. `own`: to one of ours (X1). */
	sendWithNews(to: Address, packet: PacketWriter, own = false): void {
		this.addNews(packet, own);
		this.packet(to, packet.finish({ crc: false }), 'probe');
	}

	/**
	 * Answers a packet that came from `from`. A `to` that its sender chose gets the bare answer: with news it would be
	 * larger than the question, and anybody can be named there.
	 */
	answer(to: Address, from: Address, packet: PacketWriter, own = false): void {
		if (sameAddress(to, from)) this.sendWithNews(to, packet, own);
		else this.packet(to, packet.finish({ crc: false }), 'probe');
	}

	addNews(packet: PacketWriter, own: boolean): void {
		if (this.queue.size > 0) this.queue.drain(packet, this.config.updatesPerPacket, this.retransmitLimit);
		if (own) this.beacon.ride(packet);
	}

	get retransmitLimit(): number {
		return retransmitLimit(this.config.retransmitMult, this.table.live);
	}

	output(output: Output): void {
		// A list of one is smaller than one that has grown to one.
		if (this.outputs === NO_OUTPUTS) this.outputs = [output];
		else this.outputs.push(output);
	}

	emit(body: EventBody): void {
		this.#eventSeq++;
		const event = Object.assign(body, { seq: this.#eventSeq, at: this.now }) as MeshEvent;
		this.output({ type: 'event', event });
	}

	settle(id: number, result: CommandResult): void {
		this.output({ type: 'settled', id, result });
	}

	/** Counted by reason and by source, and told unless too many are already. */
	reject(code: RejectCode, detail: string, from: Address | undefined): void {
		this.counters.rejected[code] = (this.counters.rejected[code] ?? 0) + 1;
		if (from) this.sources.count(from, NONSENSE.has(code), this.now);
		if (this.#rejectionsTold.pass(this.now)) this.emit({ type: 'rejected', code, detail, from });
	}

	/** Counted, but not told: what any healthy cluster produces in passing. */
	ignore(code: RejectCode): void {
		this.counters.rejected[code] = (this.counters.rejected[code] ?? 0) + 1;
	}

	/** Changes our local health and tells when the score has moved. */
	adjustHealth(delta: number): void {
		const before = this.awareness.score;
		this.awareness.apply(delta);
		if (this.awareness.score !== before) this.emit({ type: 'health', from: before, to: this.awareness.score });
	}

	/** Up to `most` distinct random members that satisfy `wanted`, self never among them. */
	randomMembers(most: number, wanted: (slot: Slot) => boolean): Slot[] {
		const { slots } = this.table;
		const fits = (slot: Slot): boolean => slot !== this.self && this.table.isKnown(slot) && wanted(slot);
		if (slots <= FEW_SLOTS) {
			const all = Array.from({ length: slots }, (_, slot) => slot).filter(fits);
			shuffle(this.random, all, all.length);
			return all.slice(0, most);
		}
		// As memberlist's kRandomNodes: among many a few random tries are enough, and never a full shuffle.
		const chosen: Slot[] = [];
		for (let tries = 0; tries < slots * 3 && chosen.length < most; tries++) {
			const slot = randomBelow(this.random, slots);
			if (!chosen.includes(slot) && fits(slot)) chosen.push(slot);
		}
		return chosen;
	}

	isAlive(slot: Slot): boolean {
		return this.table.state(slot) === State.alive;
	}
}

/** Of a step that has nothing to say, and at the beginning of each. */
export const NO_OUTPUTS: Output[] = [];

/** What the codec refuses: no peer that is configured as we are says it. */
const NONSENSE: ReadonlySet<RejectCode> = new Set<RejectCode>([
	'empty',
	'truncated',
	'bad-msgpack',
	'bad-field',
	'bad-label',
	'cannot-decrypt',
	'bad-crc',
	'bad-compression',
	'too-deep',
	'too-large',
	'unknown-type',
	'bad-sync',
]);

/** Of a flood everything is counted, but not everything told: each event costs more than the packet. */
const REJECTIONS_TOLD_PER_SECOND = 100;

/** Below this, random tries would miss some of the few. */
const FEW_SLOTS = 32;

/** How long news takes to reach everybody: two gossip intervals a decade of members (X3). */
export function disseminationMs(config: Config, liveMembers: number): number {
	return 2 * config.gossipIntervalMs * Math.ceil(Math.log10(liveMembers + 1));
}
