// Messages out of packets, each to the part that it concerns (SWIM §3 to §4; wire spec §4).

import { type Address, ipBytes, ipText } from './address.ts';
import type { ByteRange } from './bytes.ts';
import type { Challenges } from './challenges.ts';
import type { PacketHandler, RejectCode } from './codec.ts';
import type { Contacts } from './contacts.ts';
import type { Traffic } from './counters.ts';
import type { Leaver } from './leave.ts';
import type { Membership, Merged } from './membership.ts';
import type {
	Accusation,
	Ack,
	Alive,
	BeaconMessage,
	IndirectPing,
	Nack,
	Ping,
	SyncPage,
	SyncRequest,
} from './message.ts';
import type { Node } from './node.ts';
import type { Prober } from './probe.ts';
import type { Propagation } from './propagation.ts';
import { type Relays, replyAddress } from './relay.ts';
import type { ViewSync } from './view-sync.ts';
import { xxHash32 } from './xxhash32.ts';

export interface PacketParts {
	readonly membership: Membership;
	readonly prober: Prober;
	readonly relays: Relays;
	readonly sync: ViewSync;
	readonly challenges: Challenges;
	readonly contacts: Contacts;
	readonly leaver: Leaver;
	readonly propagation: Propagation;
}

export class PacketInbox implements PacketHandler {
	readonly #node: Node;
	readonly #parts: PacketParts;
	#from: Address = { host: '', port: 0 };
	/** Whether the records that come now stand in a page of a state transfer, and whether that page is wanted. */
	#page: 'none' | 'wanted' | 'unwanted' = 'none';
	/** Exchange of the open page. */
	#nonce = 0;
	/** The open page was not asked for: its sender hands over what we lack, itself perhaps. */
	#introduction = false;
	/** Its sender's address then. */
	#introducer: Uint8Array | undefined;
	/** What the packet that is read is for; news alone makes it gossip. */
	#traffic: Traffic = 'gossip';

	constructor(node: Node, parts: PacketParts) {
		this.#node = node;
		this.#parts = parts;
	}

	read(from: Address, bytes: Uint8Array): void {
		const { admission, counters, codec, sources, now } = this.#node;
		if (sources.mutes(from, now)) {
			this.#node.ignore('muted');
			return;
		}
		if (!admission.allowsHost(from.host)) {
			this.#node.reject('address-not-allowed', 'a packet', from);
			return;
		}
		this.#from = from;
		this.#traffic = 'gossip';
		codec.readPacket(bytes, this);
		this.#page = 'none';
		const traffic = counters.traffic[this.#traffic];
		traffic.packetsReceived++;
		traffic.bytesReceived += bytes.length;
	}

	ping(message: Ping): void {
		const node = this.#node;
		node.counters.pingsReceived++;
		this.#traffic = 'probe';
		if (message.node.length > 0 && !message.node.equals(node.nameBytes)) {
			node.ignore('not-for-us');
			return;
		}
		const extended = message.extension > 0;
		const packet = node.codec.packet();
		packet.ack(message.seqNo, node.delegate.ackPayload?.(), extended ? node.digest : undefined);
		node.answer(replyAddress(message, this.#from), this.#from, packet, extended);
	}

	indirectPing(message: IndirectPing): void {
		this.#traffic = 'probe';
		this.#parts.relays.request(message, this.#from);
	}

	ack(message: Ack): void {
		const { prober, relays, contacts, challenges, leaver } = this.#parts;
		this.#traffic = 'probe';
		// One counter numbers all pings, so at most one of these knows the number.
		if (prober.ack(message, this.#from) || relays.ack(message) || challenges.ack(message)) return;
		if (!contacts.ack(message, this.#from)) leaver.ack(message);
	}

	nack(message: Nack): void {
		this.#traffic = 'probe';
		this.#parts.prober.nack(message, this.#from);
	}

	alive(message: Alive): void {
		if (this.#page === 'unwanted') return;
		const via = this.#page === 'wanted' && !(this.#introduction && this.#isFirstHand(message)) ? 'transfer' : 'gossip';
		const merged = this.#parts.membership.hearAlive(message, via, this.#from);
		if (this.#page !== 'wanted') return;
		const death = merged === 'stale' ? this.#deathThatRefuses(message) : undefined;
		this.#record(message.node, death === undefined ? merged : 'refused');
		if (death !== undefined) this.#parts.challenges.ask(message, death, this.#from, this.#nonce);
	}

	suspect(message: Accusation): void {
		this.#accusation(message, 'suspect');
	}

	dead(message: Accusation): void {
		this.#accusation(message, 'dead');
	}

	user(body: ByteRange): void {
		this.#traffic = 'user';
		this.#node.delegate.userMessage?.(body.copy(), this.#from);
	}

	syncRequest(message: SyncRequest): void {
		const { phase, config } = this.#node;
		this.#traffic = 'sync';
		if (config.extensions && (phase === 'running' || phase === 'leaving'))
			this.#parts.sync.request(message, this.#from);
	}

	syncPage(message: SyncPage): void {
		this.#traffic = 'sync';
		this.#page = this.#parts.sync.openPage(message, this.#from) ? 'wanted' : 'unwanted';
		this.#introduction = message.push;
		this.#nonce = message.nonce;
		this.#introducer = message.push ? ipBytes(this.#from.host) : undefined;
	}

	syncPageEnd(): void {
		if (this.#page === 'wanted') this.#parts.sync.closePage();
		this.#page = 'none';
	}

	beacon(message: BeaconMessage): void {
		if (this.#node.config.extensions) this.#parts.propagation.hear(message, this.#from);
	}

	rejected(code: RejectCode, detail: string): void {
		this.#node.reject(code, detail, this.#from);
	}

	#accusation(message: Accusation, kind: 'suspect' | 'dead'): void {
		if (this.#page === 'unwanted') return;
		const via = this.#page === 'wanted' ? 'transfer' : 'gossip';
		const { membership } = this.#parts;
		const merged = membership[kind](message.node.view(), message.incarnation, message.from.view(), via, this.#from);
		if (this.#page !== 'wanted') return;
		// The alive before it in the same record was refused for our death, and the member is being asked: its suspicion is no
		// reason to hand the death over before it has answered.
		const isAsked = kind === 'suspect' && merged === 'stale' && this.#deathThatRefuses(message) !== undefined;
		this.#record(message.node, isAsked ? 'refused' : merged);
	}

	#deathThatRefuses({ node, incarnation }: Alive | Accusation): number | undefined {
		return this.#parts.membership.deathThatRefuses(node.view(), incarnation);
	}

	/** A newcomer introduces itself: nobody else may know of it yet, so this is news to be passed on. */
	#isFirstHand(message: Alive): boolean {
		const { port, addr } = message;
		if (port !== this.#from.port) return false;
		// One newcomer may hand over many: bytes are compared without making a text of each.
		if (addr.length === 4 && this.#introducer?.length === 4) return addr.equals(this.#introducer);
		return ipText(addr.view()) === this.#from.host;
	}

	#record(name: ByteRange, merged: Merged): void {
		const hash = xxHash32(name.bytes, 0, name.start, name.end);
		this.#parts.sync.record(this.#node.table.find(name), hash, merged);
	}
}
