// The beacon: a number that spreads among own nodes as news does and says how old it is, so that each may count how long news takes (X17).

import type { Codec, PacketWriter } from './codec.ts';
import type { Instant } from './member.ts';

/** Whoever finds so few own members to tell in this time, because they left or died, wakes up for it no more. */
const SPREAD_MS = 10_000;

export interface BeaconOptions {
	readonly codec: Pick<Codec, 'beacon'>;
	/** Who holds it: its clock, and how often it sends an update about a member. */
	readonly node: { readonly now: Instant; readonly retransmitLimit: number };
}

interface Held {
	readonly number: number;
	/** How old it was when it came, and when that was. */
	readonly ageMs: number;
	readonly at: Instant;
	rides: number;
}

/** One at a time: a newer one takes the place of the older. */
export class Beacon {
	readonly #codec: BeaconOptions['codec'];
	readonly #node: BeaconOptions['node'];
	#held: Held | undefined;

	constructor({ codec, node }: BeaconOptions) {
		this.#codec = codec;
		this.#node = node;
	}

	isNew(number: number): boolean {
		return this.#held === undefined || number > this.#held.number;
	}

	hold(number: number, ageMs: number): void {
		this.#held = { number, ageMs, at: this.#node.now, rides: 0 };
	}

	/** How often it has been sent while it is to be sent again; Infinity when there is nothing to send. */
	get sent(): number {
		const held = this.#held;
		return held && this.#spreads(held) ? held.rides : Number.POSITIVE_INFINITY;
	}

	/** Rides on a packet to an own node while it fits, as often as an update about a member would. */
	ride(packet: PacketWriter): void {
		const held = this.#held;
		if (!held || !this.#spreads(held)) return;
		const encoded = this.#codec.beacon(held.number, held.ageMs + this.#node.now - held.at);
		if (encoded.length > packet.room) return;
		packet.message(encoded);
		held.rides++;
	}

	#spreads({ rides, at }: Held): boolean {
		return this.#node.now - at < SPREAD_MS && rides < this.#node.retransmitLimit;
	}
}
