// Deaths that another view does not share: the member itself is asked, and only its silence hands the death over (decision 011).

import { type Address, ipText } from './address.ts';
import type { Instant } from './member.ts';
import { State } from './member.ts';
import { NO_SLOT, type Slot } from './member-table.ts';
import type { Ack, Alive } from './message.ts';
import type { Node } from './node.ts';
import { RateGate } from './rate-gate.ts';
import { Timer } from './timers.ts';

/** One question: do you live? Asked because a peer holds the member alive that we hold dead. */
interface Challenge {
	readonly name: Uint8Array;
	readonly address: Address;
	/** The incarnation at which we hold it dead. */
	readonly death: number;
	/** Who holds it alive, and the nonce of the exchange in which that was said. */
	readonly peer: Address;
	readonly nonce: number;
	tries: number;
	askAgainAt: Instant;
}

/** A lost packet must not hand over the death of the living. */
const TRIES = 2;
/** More are asked, but not waited for: their deaths are handed over in a later exchange. */
const OPEN_MOST = 1_024;
/** Whoever hands over records chooses whom we ask, and where: at a bounded rate, as with indirect pings. */
const PER_SECOND = 1_000;

export class Challenges {
	readonly #node: Node;
	/** By the sequence number of the ping; all wait equally long. */
	readonly #open = new Map<number, Challenge>();
	readonly #gate: RateGate = new RateGate(PER_SECOND);
	/** Members that did not answer: their deaths are the peer's news. */
	onSilence?: (peer: Address, nonce: number, slots: readonly Slot[]) => void;

	constructor(node: Node) {
		this.#node = node;
	}

	/**
	 * The peer holds a member alive that we hold dead, as after a partition. Only the member itself can settle that, so it
	 * is told of its death and asked: if it lives, its ack brings the refutation. Handing our death to the peer at once
	 * would take the living out of its ring for a moment.
	 */
	ask(message: Alive, death: number, peer: Address, nonce: number): void {
		const node = this.#node;
		const host = ipText(message.addr.view());
		if (host === undefined || !this.#gate.pass(node.now)) return;
		const challenge: Challenge = {
			name: message.node.copy(),
			address: { host, port: message.port },
			death,
			peer,
			nonce,
			tries: 0,
			askAgainAt: node.now,
		};
		const seqNo = node.nextSeqNo();
		if (this.#open.size < OPEN_MOST) {
			this.#open.set(seqNo, challenge);
			node.timers.setEarlier(Timer.challenge, node.now + node.config.protocolPeriodMs);
		}
		this.#ping(seqNo, challenge);
	}

	/** True when the ack belongs to a challenge. Whoever answers lives, even if its refutation travels behind. */
	ack(message: Ack): boolean {
		return this.#open.delete(message.seqNo);
	}

	/** Serves the challenge timer: whoever was silent is asked once more; then its death is handed over. */
	expire(): void {
		const { now, timers } = this.#node;
		const silent = new Map<number, { readonly peer: Address; readonly slots: Slot[] }>();
		for (const [seqNo, challenge] of this.#open) {
			const { name, death, peer, nonce, tries, askAgainAt } = challenge;
			const slot = this.#deadAt(name, death);
			if (askAgainAt > now && slot !== NO_SLOT) continue;
			if (slot !== NO_SLOT && tries < TRIES) {
				this.#ping(seqNo, challenge);
				continue;
			}
			this.#open.delete(seqNo);
			if (slot === NO_SLOT) continue;
			const group = silent.get(nonce) ?? { peer, slots: [] };
			group.slots.push(slot);
			silent.set(nonce, group);
		}
		for (const { askAgainAt } of this.#open.values()) timers.setEarlier(Timer.challenge, askAgainAt);
		for (const [nonce, { peer, slots }] of silent) this.onSilence?.(peer, nonce, slots);
	}

	/** After a stall what we did not hear proves nothing (X9). */
	drop(): void {
		this.#open.clear();
		this.#node.timers.clear(Timer.challenge);
	}

	#ping(seqNo: number, challenge: Challenge): void {
		const node = this.#node;
		const { name, address, death } = challenge;
		challenge.tries++;
		challenge.askAgainAt = node.now + node.config.protocolPeriodMs;
		const packet = node.codec.packet();
		packet.ping(seqNo, name, node.digest);
		packet.message(node.codec.dead(name, death, node.nameBytes));
		node.counters.pingsSent++;
		node.packet(address, packet.finish({ crc: false }), 'sync');
	}

	/** The member's place while we still hold it dead at that incarnation, and show it. */
	#deadAt(name: Uint8Array, death: number): Slot {
		const { table } = this.#node;
		const slot = table.findName(name);
		return slot !== NO_SLOT && table.state(slot) === State.dead && table.incarnation[slot] === death ? slot : NO_SLOT;
	}
}
