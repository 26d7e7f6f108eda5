// Anti-entropy by packets: two of our own nodes compare buckets and hand over what differs (X3).

import type { Address } from './address.ts';
import type { PacketWriter } from './codec.ts';
import type { Instant } from './member.ts';
import { State } from './member.ts';
import type { Slot } from './member-table.ts';
import type { Merged } from './membership.ts';
import type { SyncCursor, SyncPage, SyncRequest } from './message.ts';
import { disseminationMs, type Node } from './node.ts';
import { Timer } from './timers.ts';
import { BUCKETS, bucketOf } from './view-digest.ts';

/** An exchange that we asked for. One at a time. */
interface Exchange {
	readonly peer: Address;
	readonly nonce: number;
	readonly done: ((ok: boolean, reason: string) => void) | undefined;
	/** The first name hash that is still wanted. */
	cursor: SyncCursor;
	/** Pages that arrived since the last request. */
	pages: number;
	tries: number;
	/** Of the last request. */
	requestBytes: number;
	/** Buckets that differed at any time of the exchange. */
	readonly differs: Uint8Array;
	/** Members of whom the peer holds what we hold, or held something newer. */
	readonly shared: Set<Slot>;
	/** Members of whom the peer holds old news that our tombstone answers. */
	readonly outdated: Set<Slot>;
}

/** The page whose records are being read. */
interface OpenPage {
	readonly page: SyncPage;
	readonly packetBytes: number;
	readonly from: Address;
	readonly exchange: Exchange | undefined;
	/** Members of whom the sender holds old news: answered with what we hold (X5). */
	readonly outdated: Set<Slot>;
	lastHash: number;
}

/** An answer is never more packets than this, none of them longer than its request (X3: no amplification). */
const ANSWER_PACKETS = 3;
const TRIES = 4;
/** Packets of what the peer lacks that are sent back at once; the rest is left to the next exchange. */
const PUSH_PACKETS = 16;
/** As many joiners may ask one seed at once and still be heard when they introduce themselves. */
const NONCES_KEPT = 4_096;
/** Dissemination times after which a difference is acted on although our view keeps changing. */
const CHURN_PATIENCE = 4;
const DIFFERS_BYTES = BUCKETS / 8;

export class ViewSync {
	readonly #node: Node;
	#exchange: Exchange | undefined;
	#page: OpenPage | undefined;
	/** Nonces of exchanges that we take part in, oldest first: pages of others are refused. */
	readonly #nonces = new Set<number>();
	/** Our view as it was at the last comparison, and since when it has not changed. */
	#version = -1;
	#unchangedSince: Instant = 0;
	/** Since when this view has differed from others'. */
	#mismatchSince: Instant | undefined;
	/** Since when no digest equal to ours has been seen. */
	#differsSince: Instant | undefined;
	#startedAt: Instant = Number.NEGATIVE_INFINITY;
	/** Our view, unchanged for a dissemination time, was equal to somebody's once. Until then we are a joiner. */
	#agreed = false;
	/** The peer turned out to be ourselves under another address. */
	onSelf?: (address: Address) => void;

	constructor(node: Node) {
		this.#node = node;
	}

	get busy(): boolean {
		return this.#exchange !== undefined;
	}

	/** Whether our view has been equal to somebody's when no more news came; until then we are a joiner. */
	get agreed(): boolean {
		return this.#agreed;
	}

	/** Starts an exchange; the caller has made sure that none runs. */
	start(peer: Address, done?: Exchange['done']): void {
		const node = this.#node;
		const nonce = node.random.uint32();
		this.#exchange = {
			peer,
			nonce,
			done,
			cursor: 0,
			pages: 0,
			tries: 0,
			requestBytes: 0,
			differs: new Uint8Array(DIFFERS_BYTES),
			shared: new Set(),
			outdated: new Set(),
		};
		this.#keepNonce(nonce);
		this.#startedAt = node.now;
		this.#differsSince = undefined;
		node.counters.syncsStarted++;
		this.#request(this.#exchange);
	}

	/**
	 * An own node told its digest. A difference is acted on when our view has not changed for one
	 * dissemination time since it was first seen: until then the news is probably still on its way.
	 */
	compare(from: Address, a: number, b: number): void {
		const node = this.#node;
		const { now, sums } = node;
		if (node.phase !== 'running') return;
		const patienceMs = disseminationMs(node.config, node.table.live);
		if (this.#version !== sums.version) {
			this.#version = sums.version;
			this.#unchangedSince = now;
			this.#mismatchSince = undefined;
		}
		node.counters.digestsCompared++;
		if (sums.equals(a, b)) {
			// Two who lack the same can agree in passing; it counts once no more news comes.
			if (now - this.#unchangedSince >= patienceMs) this.#agreed = true;
			this.#differsSince = undefined;
			return;
		}
		node.counters.digestMismatches++;
		this.#mismatchSince ??= now;
		this.#differsSince ??= now;
		const settled = now - this.#mismatchSince >= patienceMs;
		// Under steady churn a view never settles; a difference that outlasts several rounds of news is no longer on its way.
		const overdue = now - this.#differsSince >= CHURN_PATIENCE * patienceMs;
		// A joiner does not wait: what it lacks is not on its way, it was said before it came.
		if (this.#agreed && !settled && !overdue) return;
		if (this.busy || now - this.#startedAt < node.config.protocolPeriodMs) return;
		this.start(from);
	}

	/** Answers a request out of the buckets that differ, from the cursor on. */
	request(message: SyncRequest, from: Address): void {
		const node = this.#node;
		if (this.#exchange?.nonce === message.nonce) {
			const { peer } = this.#exchange;
			this.#finish(this.#exchange, false, 'it is this node itself');
			this.onSelf?.(peer);
			return;
		}
		this.#keepNonce(message.nonce);
		const differs = differingBuckets(node.sums.sums, message.sums);
		const slots = node.table.inHashOrder();
		let at = firstAtOrAfter(slots, message.cursor, (slot) => node.table.identity(slot).nameHash);
		for (let packets = 0; packets < ANSWER_PACKETS; packets++) {
			const packet = node.codec.packet();
			packet.syncPage(message.nonce, differs, message.packetBytes);
			at = this.#fill(packet, slots, at, (slot) => this.#isWanted(slot, differs));
			const end = at === slots.length;
			packet.endPage({ end, push: false });
			node.packet(from, packet.finish({ crc: false }), 'sync');
			if (end) return;
		}
	}

	/** Opens a page. False when it belongs to no exchange of ours: its records are to be ignored. */
	openPage(page: SyncPage, from: Address): boolean {
		if (!this.#nonces.has(page.nonce)) {
			this.#node.reject('bad-sync', 'a page of no exchange of ours', from);
			return false;
		}
		const exchange = !page.push && this.#exchange?.nonce === page.nonce ? this.#exchange : undefined;
		if (exchange)
			for (let i = 0; i < DIFFERS_BYTES; i++) exchange.differs[i]! |= page.differs.bytes[page.differs.start + i]!;
		this.#page = { page, packetBytes: page.packetBytes, from, exchange, outdated: new Set(), lastHash: -1 };
		return true;
	}

	/** One record of the open page has been merged. */
	record(slot: Slot, nameHash: number, merged: Merged): void {
		const open = this.#page;
		if (!open) return;
		open.lastHash = Math.max(open.lastHash, nameHash);
		if (slot < 0) return;
		if (merged === 'stale') {
			open.outdated.add(slot);
			open.exchange?.outdated.add(slot);
			open.exchange?.shared.delete(slot);
		} else if (merged !== 'refused') {
			// A suspect's record is two messages, of which the alive alone is always older than what we hold. The last one
			// decides, or two who agree would answer each other without end.
			open.outdated.delete(slot);
			open.exchange?.outdated.delete(slot);
			open.exchange?.shared.add(slot);
		}
	}

	closePage(): void {
		const open = this.#page;
		this.#page = undefined;
		if (!open) return;
		if (open.page.push) this.#push(open.from, open.page.nonce, [...open.outdated], ANSWER_PACKETS * open.packetBytes);
		const { exchange } = open;
		if (!exchange || exchange !== this.#exchange) return;
		exchange.pages++;
		exchange.tries = 0;
		exchange.cursor = Math.max(exchange.cursor, open.lastHash + 1);
		if (open.page.end) this.#complete(exchange);
		else if (exchange.pages === ANSWER_PACKETS) this.#request(exchange);
	}

	/** Hands over what we hold of these members, within an exchange that the peer knows. */
	handOver(peer: Address, nonce: number, slots: readonly Slot[]): void {
		this.#push(peer, nonce, slots);
	}

	/** Serves the sync timer: what was lost is asked for again. */
	retry(): void {
		const exchange = this.#exchange;
		if (!exchange) return;
		const { peer, tries: requests, requestBytes } = exchange;
		if (requests < TRIES) this.#request(exchange);
		else {
			this.#node.emit({ type: 'transfer', peer, requests, requestBytes });
			this.#finish(exchange, false, 'no answer to the state transfer');
		}
	}

	#request(exchange: Exchange): void {
		const node = this.#node;
		exchange.tries++;
		exchange.pages = 0;
		const packet = node.codec.packet();
		packet.syncRequest(exchange.nonce, exchange.cursor, node.sums.sums);
		const bytes = packet.finish({ crc: false });
		exchange.requestBytes = bytes.length;
		node.packet(exchange.peer, bytes, 'sync');
		node.timers.set(Timer.sync, node.now + 2 * node.config.ackTimeoutMs);
	}

	/** The peer's differing buckets are in hand: now it gets what it lacks or has older. */
	#complete(exchange: Exchange): void {
		const { table } = this.#node;
		const lacking = table
			.inHashOrder()
			.filter((slot) => this.#isWanted(slot, exchange.differs) && !exchange.shared.has(slot));
		this.#push(exchange.peer, exchange.nonce, [...new Set([...lacking, ...exchange.outdated])]);
		this.#node.counters.syncsCompleted++;
		this.#finish(exchange, true, '');
	}

	#finish(exchange: Exchange, ok: boolean, reason: string): void {
		this.#exchange = undefined;
		this.#node.timers.clear(Timer.sync);
		exchange.done?.(ok, reason);
	}

	#push(to: Address, nonce: number, slots: readonly Slot[], mostBytes = Number.POSITIVE_INFINITY): void {
		const node = this.#node;
		const known = slots.filter((slot) => node.table.isKnown(slot));
		let bytesLeft = mostBytes;
		for (let at = 0, packets = 0; at < known.length && packets < PUSH_PACKETS; packets++) {
			const packet = node.codec.packet();
			packet.syncPage(nonce, NO_BUCKETS);
			at = this.#fill(packet, known, at, () => true);
			packet.endPage({ end: at === known.length, push: true });
			const bytes = packet.finish({ crc: false });
			bytesLeft -= bytes.length;
			if (bytesLeft < 0) return;
			node.packet(to, bytes, 'sync');
		}
	}

	/** Adds the records of wanted slots while they fit; returns where to go on. A record too large for any page is passed over. */
	#fill(packet: PacketWriter, slots: ArrayLike<Slot>, from: number, wanted: (slot: Slot) => boolean): number {
		let records = 0;
		for (let at = from; at < slots.length; at++) {
			if (!wanted(slots[at]!)) continue;
			if (packet.record(this.#record(slots[at]!))) records++;
			else if (records > 0) return at;
			else this.#node.ignore('too-large');
		}
		return slots.length;
	}

	/** A complete record: all that a peer needs to hold what we hold. */
	#record(slot: Slot): Uint8Array[] {
		const { table, codec, nameBytes } = this.#node;
		const identity = table.identity(slot);
		const incarnation = table.incarnation[slot]!;
		const alive = codec.alive(identity, table.payloadIncarnation[slot]!);
		switch (table.state(slot)) {
			case State.alive:
				return [alive];
			case State.suspect:
				return [alive, codec.suspect(identity.nameBytes, incarnation, nameBytes)];
			case State.dead:
				return [codec.dead(identity.nameBytes, incarnation, nameBytes)];
			case State.left:
				return [codec.dead(identity.nameBytes, incarnation, identity.nameBytes)];
		}
	}

	#isWanted(slot: Slot, differs: Uint8Array): boolean {
		const { table } = this.#node;
		return table.isLive(slot) && hasBucket(differs, bucketOf(table.identity(slot).nameHash));
	}

	#keepNonce(nonce: number): void {
		this.#nonces.delete(nonce);
		this.#nonces.add(nonce);
		if (this.#nonces.size > NONCES_KEPT) {
			for (const oldest of this.#nonces) {
				this.#nonces.delete(oldest);
				break;
			}
		}
	}
}

const NO_BUCKETS = new Uint8Array(DIFFERS_BYTES);

function differingBuckets(ours: Uint32Array, theirs: Uint32Array): Uint8Array {
	const differs = new Uint8Array(DIFFERS_BYTES);
	for (let bucket = 0; bucket < BUCKETS; bucket++) {
		const at = bucket * 2;
		if (ours[at] !== theirs[at] || ours[at + 1] !== theirs[at + 1]) differs[bucket >> 3]! |= 1 << (bucket & 7);
	}
	return differs;
}

function hasBucket(bitmap: Uint8Array, bucket: number): boolean {
	return (bitmap[bucket >> 3]! & (1 << (bucket & 7))) !== 0;
}

function firstAtOrAfter(slots: ArrayLike<Slot>, hash: number, hashOf: (slot: Slot) => number): number {
	let low = 0;
	let high = slots.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (hashOf(slots[middle]!) < hash) low = middle + 1;
		else high = middle;
	}
	return low;
}
