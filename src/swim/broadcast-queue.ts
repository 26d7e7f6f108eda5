// News waiting to be spread: at most one update a member, each sent a limited number of times (SWIM §4.1).

import type { PacketWriter } from './codec.ts';
import type { Counters } from './counters.ts';
import type { Instant } from './member.ts';
import type { Slot } from './member-table.ts';

interface Broadcast {
	readonly bytes: Uint8Array;
	readonly queuedAt: Instant;
	transmits: number;
}

export interface BroadcastQueueOptions {
	/** How many application messages may wait; the newest beyond it is refused. */
	readonly userLimit: number;
	/** What fits an empty packet; a larger message would wait for ever, so it is not taken. */
	readonly largestBytes?: number;
	readonly clock: { readonly now: Instant };
	readonly counters: Pick<Counters, 'updatesSent' | 'updatesResent'>;
}

/** λ log n: mult × ⌈log10(n + 1)⌉, memberlist util.go. */
export function retransmitLimit(mult: number, liveMembers: number): number {
	return mult * Math.ceil(Math.log10(liveMembers + 1));
}

/**
 * One class of broadcasts, by key: a newer one of the same key replaces the older, so the length is
 * bounded by the number of keys. Tier t holds what was sent t times, oldest first.
 */
class Tiers<Key> {
	readonly #tiers: Map<Key, Broadcast>[] = [];
	readonly #tierOf = new Map<Key, number>();
	readonly #onSent: ((transmits: number) => void) | undefined;
	/** How many wait. */
	size = 0;

	/** `onSent` is told of each message that is sent how often it was sent before. */
	constructor(onSent?: (transmits: number) => void) {
		this.#onSent = onSent;
	}

	has(key: Key): boolean {
		return this.#tierOf.has(key);
	}

	put(key: Key, bytes: Uint8Array, queuedAt: Instant): void {
		this.delete(key);
		this.#place(key, { bytes, queuedAt, transmits: 0 });
	}

	/** When the oldest of those that wait was put in; Infinity when none waits. */
	get oldestAt(): Instant {
		let oldest = Number.POSITIVE_INFINITY;
		for (const tier of this.#tiers) for (const { queuedAt } of tier.values()) oldest = Math.min(oldest, queuedAt);
		return oldest;
	}

	/** How often the least sent was sent; Infinity when none waits. */
	get leastSent(): number {
		const tier = this.#tiers.findIndex(({ size }) => size > 0);
		return tier < 0 ? Number.POSITIVE_INFINITY : tier;
	}

	delete(key: Key): void {
		const tier = this.#tierOf.get(key);
		if (tier === undefined) return;
		this.#tiers[tier]!.delete(key);
		this.#tierOf.delete(key);
		this.size--;
	}

	/** Moves up to `most` messages into the packet, the least sent first, and counts them as sent. */
	drain(packet: PacketWriter, most: number, limit: number): number {
		let taken = 0;
		const sent: [Key, Broadcast][] = [];
		for (const tier of this.#tiers) {
			for (const [key, broadcast] of tier) {
				if (taken === most) break;
				if (broadcast.bytes.length > packet.room) continue;
				packet.message(broadcast.bytes);
				sent.push([key, broadcast]);
				taken++;
			}
		}
		for (const [key, broadcast] of sent) {
			this.delete(key);
			this.#onSent?.(broadcast.transmits);
			broadcast.transmits++;
			if (broadcast.transmits < limit) this.#place(key, broadcast);
		}
		return taken;
	}

	#place(key: Key, broadcast: Broadcast): void {
		while (this.#tiers.length <= broadcast.transmits) this.#tiers.push(new Map());
		this.#tiers[broadcast.transmits]!.set(key, broadcast);
		this.#tierOf.set(key, broadcast.transmits);
		this.size++;
	}
}

export class BroadcastQueue {
	readonly #updates: Tiers<Slot>;
	readonly #user = new Tiers<string>();
	readonly #userLimit: number;
	readonly #largest: number;
	readonly #clock: { readonly now: Instant };
	#userCount = 0;

	constructor({ userLimit, largestBytes = Number.POSITIVE_INFINITY, clock, counters }: BroadcastQueueOptions) {
		this.#userLimit = userLimit;
		this.#largest = largestBytes;
		this.#clock = clock;
		this.#updates = new Tiers((transmits) => {
			if (transmits === 0) counters.updatesSent++;
			else counters.updatesResent++;
		});
	}

	get size(): number {
		return this.#updates.size + this.#user.size;
	}

	/** Member updates that are still spreading. */
	get updates(): number {
		return this.#updates.size;
	}

	/** How long the oldest member update has been spreading, in milliseconds; 0 when none is. */
	get oldestUpdateMs(): number {
		return this.#updates.size === 0 ? 0 : this.#clock.now - this.#updates.oldestAt;
	}

	/** How often the least sent member update was sent; Infinity when none is spreading. */
	get leastSent(): number {
		return this.#updates.leastSent;
	}

	get userMessages(): number {
		return this.#user.size;
	}

	hasUpdate(member: Slot): boolean {
		return this.#updates.has(member);
	}

	/** Queues an encoded alive, suspect or dead message; an older one about the same member is dropped. False when it is too large. */
	update(member: Slot, encoded: Uint8Array): boolean {
		if (encoded.length > this.#largest) {
			this.#updates.delete(member);
			return false;
		}
		this.#updates.put(member, encoded, this.#clock.now);
		return true;
	}

	/** The member is forgotten: nothing more is said of it. */
	forget(member: Slot): void {
		this.#updates.delete(member);
	}

	/** Queues an encoded application message. False when too many wait or it is too large. Without a key it replaces nothing. */
	user(encoded: Uint8Array, key?: string): boolean {
		if (encoded.length > this.#largest) return false;
		const name = key ?? `\u0000${this.#userCount++}`;
		if (!this.#user.has(name) && this.#user.size >= this.#userLimit) return false;
		this.#user.put(name, encoded, this.#clock.now);
		return true;
	}

	/** Fills the packet: at most `mostUpdates` member updates, then application messages while they fit. */
	drain(packet: PacketWriter, mostUpdates: number, limit: number): void {
		if (this.#updates.size > 0) this.#updates.drain(packet, mostUpdates, limit);
		if (this.#user.size > 0) this.#user.drain(packet, Number.POSITIVE_INFINITY, limit);
	}
}
