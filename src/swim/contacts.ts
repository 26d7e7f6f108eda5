// Contacts: addresses that are not (yet) live members are asked for their state, to join, to heal and while alone (X3, X11).

import { type Address, formatAddress, sameAddress } from './address.ts';
import { EMPTY } from './bytes.ts';
import type { JoinAnswer } from './io.ts';
import type { Instant } from './member.ts';
import type { Membership } from './membership.ts';
import type { Ack } from './message.ts';
import type { Node } from './node.ts';
import { randomBelow } from './random.ts';
import type { Streams } from './streams.ts';
import { Timer } from './timers.ts';
import type { ViewSync } from './view-sync.ts';

/** One address that is being contacted: by a ping, then a transfer over packets, and over a stream beside it. */
interface Contact {
	readonly address: Address;
	readonly seqNo: number;
	/** The join command that asked for it. */
	readonly command: number | undefined;
	readonly startedAt: Instant;
	readonly deadline: Instant;
	/** The first repetition comes after `ackTimeoutMs`, each later one after twice as long. */
	nextTryAt: Instant;
	/** It answered. */
	heard: boolean;
	/** It answered as one of our own nodes: the transfer goes over packets. */
	own: boolean;
	/** It has been joined through, and is asked once more. */
	readonly again: boolean;
	streamTried: boolean;
	reason: string;
}

interface JoinCommand {
	pending: number;
	readonly answers: JoinAnswer[];
}

const CONTACT_TIMEOUT_MS = 2_000;
/** Contacts at once that no command asked for. */
const CONTACTS_AT_ONCE = 8;
/** While alone the book is tried again after so long, doubling up to the reconnect interval's fifth. */
const ALONE_RETRY_MS = 200;
const ALONE_RETRY_MAX_PART = 5;

export class Contacts {
	readonly #node: Node;
	readonly #membership: Membership;
	readonly #sync: ViewSync;
	readonly #streams: Streams;
	readonly #contacts = new Map<string, Contact>();
	readonly #commands = new Map<number, JoinCommand>();
	#joined = false;
	#aloneRetryMs = ALONE_RETRY_MS;
	#aloneRetryAt: Instant = 0;

	constructor(node: Node, membership: Membership, sync: ViewSync, streams: Streams) {
		this.#node = node;
		this.#membership = membership;
		this.#sync = sync;
		this.#streams = streams;
	}

	start(): void {
		const { now, timers } = this.#node;
		this.#aloneRetryAt = now;
		timers.set(Timer.contact, now);
	}

	/** A command: contact all of these, tell how each answered. */
	join(id: number, addresses: readonly Address[]): void {
		const { admission } = this.#node;
		const refused = addresses.filter(({ host }) => !admission.allowsHost(host));
		const wanted = addresses.filter((address) => admission.allowsHost(address.host) && !this.#isSelf(address));
		const answers: JoinAnswer[] = refused.map((address) => ({
			address,
			ok: false,
			reason: 'the allow list has it not',
		}));
		if (wanted.length === 0) {
			const own = addresses.filter((address) => !refused.includes(address));
			for (const address of own) answers.push({ address, ok: false, reason: 'this is our own address' });
			this.#node.settle(id, { type: 'join', answers });
			return;
		}
		this.#commands.set(id, { pending: wanted.length, answers });
		for (const address of wanted) {
			this.#node.book.addSeed(address);
			this.#contacts.delete(formatAddress(address));
			this.#contact(address, id);
		}
	}

	/** Hints of discovery: into the book, and tried at once while we are alone. */
	discovered(addresses: readonly Address[]): void {
		const { admission, book, timers, now } = this.#node;
		let fresh = false;
		for (const address of addresses) {
			// Nobody whose answers we would refuse is asked.
			if (admission.allowsHost(address.host) && !this.#isSelf(address) && book.addSeed(address)) fresh = true;
		}
		if (!fresh || !this.#isAlone()) return;
		this.#aloneRetryMs = ALONE_RETRY_MS;
		this.#aloneRetryAt = now;
		timers.setEarlier(Timer.contact, now);
	}

	/** True when the ack belongs to a contact. */
	ack(message: Ack, from: Address): boolean {
		for (const contact of this.#contacts.values()) {
			if (contact.seqNo !== message.seqNo) continue;
			contact.heard = true;
			this.#node.book.addVerified(contact.address);
			if (message.extension === 0 || !this.#node.config.extensions) this.#foreign(contact);
			else if (this.#node.sums.equals(message.digestA, message.digestB)) this.#end(contact, true, 'udp', '');
			else this.#transfer(contact, from);
			return true;
		}
		return false;
	}

	/** Serves the contact timer: repeats, gives up, and tries the book again while we are alone. */
	tick(): void {
		const { now } = this.#node;
		for (const contact of this.#contacts.values()) {
			if (contact.deadline <= now) this.#giveUp(contact);
			else if (contact.nextTryAt <= now) this.#tryAgain(contact);
		}
		if (this.#isAlone() && this.#aloneRetryAt <= now) this.#contactBook();
		this.#schedule();
	}

	/** Finds out what became of an address, unless that is under way. */
	find(address: Address): void {
		if (!this.#contacts.has(formatAddress(address))) this.#contact(address, undefined);
	}

	/** Who has just lost everybody has had no reason yet to try the book. True when we are alone. */
	tryBookIfAlone(): boolean {
		if (!this.#isAlone()) return false;
		this.#schedule();
		return true;
	}

	/** The address turned out to be our own. */
	forgetSelf(address: Address): void {
		this.#node.book.remove(address);
	}

	#isAlone(): boolean {
		return this.#node.table.live <= 1;
	}

	#isSelf(address: Address): boolean {
		return sameAddress(address, this.#node.selfIdentity.address);
	}

	#contactBook(): void {
		const { book, now, config } = this.#node;
		for (let i = 0; i < CONTACTS_AT_ONCE; i++) {
			const address = book.next(
				(candidate) => !this.#isSelf(candidate) && !this.#contacts.has(formatAddress(candidate)),
			);
			if (!address) break;
			this.#contact(address, undefined);
		}
		this.#aloneRetryAt = now + this.#aloneRetryMs;
		this.#aloneRetryMs = Math.min(this.#aloneRetryMs * 2, config.reconnectIntervalMs / ALONE_RETRY_MAX_PART);
	}

	#contact(address: Address, command: number | undefined, againInMs = 0): void {
		const node = this.#node;
		const startedAt = node.now + againInMs;
		const contact: Contact = {
			address,
			again: againInMs > 0,
			seqNo: node.nextSeqNo(),
			command,
			startedAt,
			deadline: startedAt + CONTACT_TIMEOUT_MS,
			nextTryAt: startedAt,
			heard: false,
			own: false,
			streamTried: false,
			reason: `no answer in ${CONTACT_TIMEOUT_MS / 1000}s on udp${node.config.streams ? ' or tcp' : ''}`,
		};
		this.#contacts.set(formatAddress(address), contact);
		if (againInMs === 0) this.#tryAgain(contact);
		this.#schedule();
	}

	/** A ping to nobody in particular, without news: whoever is there answers, and says whether it is our own (X3). */
	#tryAgain(contact: Contact): void {
		const node = this.#node;
		if (contact.own) {
			this.#transfer(contact, contact.address);
		} else {
			if (node.now > contact.startedAt) this.#tryStream(contact);
			const packet = node.codec.packet();
			packet.ping(contact.seqNo, EMPTY, node.digest);
			node.counters.pingsSent++;
			node.packet(contact.address, packet.finish({ crc: false }), 'sync');
		}
		contact.nextTryAt = node.now + Math.max(node.config.ackTimeoutMs, node.now - contact.startedAt);
	}

	#transfer(contact: Contact, peer: Address): void {
		contact.own = true;
		// One exchange at a time: the timer comes back to this contact.
		if (this.#sync.busy) return;
		this.#sync.start(peer, (ok, reason) => {
			if (ok) {
				this.#end(contact, true, 'udp', '');
				this.#askAgain(contact);
				return;
			}
			contact.reason = reason;
			// Its pings pass and its transfers do not: the path may be too narrow for long packets.
			if (this.#node.config.streams) this.#tryStream(contact);
		});
	}

	/** Who starts when we do tells a seed of itself that has answered us already: a joiner asks it again (decision 034). */
	#askAgain({ address, again }: Contact): void {
		if (again || this.#sync.agreed || this.#contacts.has(formatAddress(address))) return;
		const { random, config } = this.#node;
		const halfMs = config.ackTimeoutMs / 2;
		this.#contact(address, undefined, halfMs + randomBelow(random, Math.max(1, halfMs)));
	}

	/** A memberlist node without our extensions: its state comes over a stream alone. */
	#foreign(contact: Contact): void {
		if (this.#node.config.streams) this.#tryStream(contact);
		else this.#end(contact, false, 'udp', 'a memberlist node, whose state needs a stream (TCP), and streams are off');
	}

	#tryStream(contact: Contact): void {
		if (contact.streamTried) return;
		contact.streamTried = true;
		this.#streams.pushPull(contact.address, true, (refusal) => {
			if (refusal === undefined) this.#end(contact, true, 'stream', '');
			else contact.reason = `no answer in ${CONTACT_TIMEOUT_MS / 1000}s on udp; tcp: ${refusal}`;
		});
	}

	#giveUp(contact: Contact): void {
		this.#end(contact, false, 'udp', contact.reason);
		if (!contact.heard) this.#membership.nobodyAt(contact.address);
	}

	#end(contact: Contact, ok: boolean, via: 'udp' | 'stream', reason: string): void {
		const node = this.#node;
		const key = formatAddress(contact.address);
		if (this.#contacts.get(key) !== contact) return;
		this.#contacts.delete(key);
		const { address } = contact;
		if (ok && !contact.again) this.#hasJoined(address, via);
		if (contact.command === undefined) return;
		const command = this.#commands.get(contact.command)!;
		command.answers.push(ok ? { address, ok, via, members: node.table.live } : { address, ok, reason });
		if (--command.pending > 0) return;
		this.#commands.delete(contact.command);
		node.settle(contact.command, { type: 'join', answers: command.answers });
	}

	#hasJoined(through: Address, via: 'udp' | 'stream'): void {
		const node = this.#node;
		node.book.addVerified(through);
		// What we said of ourselves while nobody listened is said again.
		this.#membership.announceSelf();
		if (this.#joined || this.#isAlone()) return;
		this.#joined = true;
		this.#aloneRetryMs = ALONE_RETRY_MS;
		node.emit({ type: 'joined', through, via, members: node.table.live });
	}

	#schedule(): void {
		const { timers, now } = this.#node;
		let next = this.#isAlone() ? Math.max(now, this.#aloneRetryAt) : Number.POSITIVE_INFINITY;
		for (const contact of this.#contacts.values()) next = Math.min(next, contact.deadline, contact.nextTryAt);
		timers.set(Timer.contact, next);
	}
}
