// The reconnector: the lost are looked for as long as there is an address where they may be found again (X11).

import { type Address, formatAddress, sameAddress } from './address.ts';
import type { Contacts } from './contacts.ts';
import type { Node } from './node.ts';
import { Timer } from './timers.ts';
import type { Turns } from './turns.ts';
import type { ViewSync } from './view-sync.ts';

/** Half of a reconnect interval is left for what the two sides then tell each other. */
const TURNS_AN_INTERVAL = 2;
/** One may be spent on a crashed host. */
const CONTACTS_A_TURN = 2;

/** What it costs a cluster does not depend on its size: each turn is one member's (decision 013). */
export class Reconnector {
	readonly #node: Node;
	readonly #contacts: Contacts;
	readonly #sync: ViewSync;
	readonly #turns: Turns;

	constructor(node: Node, contacts: Contacts, sync: ViewSync, turns: Turns) {
		this.#node = node;
		this.#contacts = contacts;
		this.#sync = sync;
		this.#turns = turns;
	}

	start(): void {
		this.#node.timers.set(Timer.reconnect, this.#turns.nextAt(this.#turnMs));
	}

	/** Serves the reconnect timer: when it is our turn, two addresses of the book that are not live members'. */
	tick(): void {
		this.start();
		if (this.#node.phase === 'conflicted') this.#askWhoHoldsOurName();
		if (this.#contacts.tryBookIfAlone()) return;
		if (!this.#turns.isOurs(this.#turnMs)) return;
		const { book, random } = this.#node;
		// At random: in the order of the book all would try the same dead seed first, those of another side as well.
		for (const address of book.some(CONTACTS_A_TURN, random, this.#isAway())) this.#contacts.find(address);
	}

	get #turnMs(): number {
		return this.#node.config.reconnectIntervalMs / TURNS_AN_INTERVAL;
	}

	/** Tells of an address whether it is neither ours nor a live member's. */
	#isAway(): (address: Address) => boolean {
		const { table, selfIdentity } = this.#node;
		const live = new Set<string>();
		for (let slot = 0; slot < table.slots; slot++) {
			if (table.isKnown(slot) && table.isLive(slot)) live.add(table.identity(slot).addressText);
		}
		return (address) => !live.has(formatAddress(address)) && !sameAddress(address, selfIdentity.address);
	}

	// We claim nothing and compare no digests, so only a transfer tells us when the other holder of our name is gone (X6).
	#askWhoHoldsOurName(): void {
		const { table, claim } = this.#node;
		if (claim && table.live <= 1) this.#contacts.find(claim.address);
		const [slot] = this.#node.randomMembers(1, (other) => table.isLive(other) && table.identity(other).extension > 0);
		if (slot !== undefined && !this.#sync.busy) this.#sync.start(table.identity(slot).address);
	}
}
