// Helping others: pings that we send on behalf of a member that got no answer itself (SWIM §3.1).

import { type Address, ipText, sameAddress } from './address.ts';
import { utf8Text } from './bytes.ts';
import type { Instant } from './member.ts';
import { NO_SLOT } from './member-table.ts';
import type { Ack, IndirectPing } from './message.ts';
import type { Node } from './node.ts';
import { RateGate } from './rate-gate.ts';
import { Timer } from './timers.ts';

interface Relay {
	readonly requester: Address;
	/** Where the request really came from. */
	readonly from: Address;
	readonly requesterSeqNo: number;
	readonly nack: boolean;
	readonly answerBy: Instant;
}

/** Our nack leaves this part of the timeout after the request, so that it fits the requester's window (X8). */
const NACK_AFTER = 0.8;

export class Relays {
	readonly #node: Node;
	/** By the sequence number of our own ping; all wait equally long, so the oldest is the first due. */
	readonly #pending = new Map<number, Relay>();
	readonly #gate: RateGate;

	constructor(node: Node) {
		this.#node = node;
		this.#gate = new RateGate(node.config.limits.relaysPerSecond);
	}

	/** Requests that wait for their ack. */
	get size(): number {
		return this.#pending.size;
	}

	/** Pings the target under a number of our own. Only known members are pinged, at a bounded rate: no reflection. */
	request(message: IndirectPing, from: Address): void {
		const node = this.#node;
		const { table, config, now, codec } = node;
		const slot = table.find(message.node);
		const target: Address = { host: ipText(message.target.view()) ?? '', port: message.port };
		if (slot === NO_SLOT || !sameAddress(table.identity(slot).address, target)) {
			node.reject('unknown-member', `asked to ping ${utf8Text(message.node.view())}`, from);
			return;
		}
		if (!this.#mayRelay()) {
			node.reject('too-many', 'indirect pings', from);
			return;
		}
		const seqNo = node.nextSeqNo();
		const requester = replyAddress(message, from);
		this.#pending.set(seqNo, {
			requester,
			from,
			requesterSeqNo: message.seqNo,
			nack: message.nack,
			answerBy: now + NACK_AFTER * config.ackTimeoutMs,
		});
		node.timers.setEarlier(Timer.relay, now + NACK_AFTER * config.ackTimeoutMs);
		const identity = table.identity(slot);
		const packet = codec.packet();
		packet.ping(seqNo, identity.nameBytes, identity.extension > 0 ? node.digest : undefined);
		node.counters.pingsSent++;
		node.sendWithNews(identity.address, packet);
	}

	/** True when the ack belongs to a relay: it is forwarded, without payload. */
	ack(message: Ack): boolean {
		const relay = this.#pending.get(message.seqNo);
		if (!relay) return false;
		this.#pending.delete(message.seqNo);
		const packet = this.#node.codec.packet();
		packet.ack(relay.requesterSeqNo, undefined, undefined);
		this.#node.answer(relay.requester, relay.from, packet);
		return true;
	}

	/** Serves the relay timer: nacks what was not answered. Never both an ack and a nack. */
	expire(): void {
		const node = this.#node;
		for (const [seqNo, relay] of this.#pending) {
			if (relay.answerBy > node.now) {
				node.timers.set(Timer.relay, relay.answerBy);
				return;
			}
			this.#pending.delete(seqNo);
			if (!relay.nack) continue;
			const packet = node.codec.packet();
			packet.nack(relay.requesterSeqNo);
			node.answer(relay.requester, relay.from, packet);
		}
	}

	/** After a stall the requesters have long had their verdicts: neither ack nor nack would be heard (X9). */
	drop(): void {
		this.#pending.clear();
		this.#node.timers.clear(Timer.relay);
	}

	#mayRelay(): boolean {
		return this.#gate.pass(this.#node.now) && this.#pending.size < this.#node.config.limits.relays;
	}
}

/** Where the answer goes: to the address in the message where it has one, else to where the packet came from (wire spec §4.1). */
export function replyAddress(
	message: { sourceAddr: IndirectPing['sourceAddr']; sourcePort: number },
	from: Address,
): Address {
	if (message.sourceAddr.length === 0 || message.sourcePort === 0) return from;
	const host = ipText(message.sourceAddr.view());
	return host === undefined ? from : { host, port: message.sourcePort };
}
