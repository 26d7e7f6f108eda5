// One node's view of all members: typed columns by slot, found by name without making a string.

import type { ByteRange } from './bytes.ts';
import { sameBytes } from './bytes.ts';
import type { Identity } from './identity.ts';
import { type Instant, type Member, STATE_NAMES, State } from './member.ts';
import { xxHash32 } from './xxhash32.ts';

/** Index of a member in the columns; stable while the member is known, then used again. */
export type Slot = number;
export const NO_SLOT: Slot = -1;

const FREE = 255;
const INITIAL_CAPACITY = 16;

/** More than any table has: with a 32-bit hash before it, a slot still fits a number exactly. */
const SLOTS_MAX = 2 ** 21;

/** The index is at most so full, or linear probing becomes long walks. */
const INDEX_LOAD_MAX = 0.7;

/**
 * Members by slot. An own open-addressing index (linear probing) maps names to slots, so a lookup
 * compares bytes and allocates nothing, and a view costs about 50 bytes a member: 10,000 nodes that
 * know each other fit into one process. Columns grow by a quarter, not by doubling, for the same reason.
 */
export class MemberTable {
	identities: (Identity | undefined)[] = [];
	incarnation: Uint32Array = new Uint32Array(INITIAL_CAPACITY);
	/** Incarnation at which the member said of itself what we hold; an accusation may be ahead of it (X4). */
	payloadIncarnation: Uint32Array = new Uint32Array(INITIAL_CAPACITY);
	/** Instants; see {@link Member}. */
	changedAt: Float64Array = new Float64Array(INITIAL_CAPACITY);
	seenAt: Float64Array = new Float64Array(INITIAL_CAPACITY);
	#state: Uint8Array = new Uint8Array(INITIAL_CAPACITY).fill(FREE);
	#index: Int32Array = new Int32Array(INITIAL_CAPACITY * 2).fill(NO_SLOT);
	#free: Slot[] = [];
	#order: Uint32Array | undefined;
	readonly #counts: [alive: number, suspect: number, dead: number, left: number] = [0, 0, 0, 0];

	/** Number of members in any state, self included. */
	get size(): number {
		return this.identities.length - this.#free.length;
	}

	/** Slots lie in [0, slots). */
	get slots(): number {
		return this.identities.length;
	}

	count(state: State): number {
		return this.#counts[state];
	}

	/** Alive and suspect members: the n of every formula. */
	get live(): number {
		return this.#counts[State.alive] + this.#counts[State.suspect];
	}

	isKnown(slot: Slot): boolean {
		return this.#state[slot] !== FREE;
	}

	/** State of a known member. */
	state(slot: Slot): State {
		return this.#state[slot] as State;
	}

	isLive(slot: Slot): boolean {
		return (this.#state[slot] as number) <= State.suspect;
	}

	identity(slot: Slot): Identity {
		return this.identities[slot]!;
	}

	find(name: ByteRange): Slot {
		const mask = this.#index.length - 1;
		for (let at = xxHash32(name.bytes, 0, name.start, name.end) & mask; ; at = (at + 1) & mask) {
			const slot = this.#index[at]!;
			if (slot === NO_SLOT || name.equals(this.identities[slot]!.nameBytes)) return slot;
		}
	}

	findName(name: Uint8Array): Slot {
		const mask = this.#index.length - 1;
		for (let at = xxHash32(name) & mask; ; at = (at + 1) & mask) {
			const slot = this.#index[at]!;
			if (slot === NO_SLOT || sameBytes(name, this.identities[slot]!.nameBytes)) return slot;
		}
	}

	/** Adds a member whose name is not known yet. */
	insert(identity: Identity, incarnation: number, state: State, now: Instant): Slot {
		const slot = this.#free.pop() ?? this.identities.length;
		if (slot === this.incarnation.length) this.#widen(Math.ceil(slot * 1.25));
		this.identities[slot] = identity;
		this.incarnation[slot] = incarnation;
		this.payloadIncarnation[slot] = incarnation;
		this.#state[slot] = state;
		this.changedAt[slot] = now;
		this.seenAt[slot] = 0;
		this.#counts[state]++;
		this.#order = undefined;
		this.#addToIndex(slot);
		return slot;
	}

	/**
	 * Takes over the members of a table that has held none but living ones: in its order, behind the only member of this
	 * one, which is passed over if it is among them. The same as inserting each, in a few copies of columns.
	 */
	takeOver(other: MemberTable, now: Instant): void {
		const found = other.findName(this.identity(0).nameBytes);
		const own = found === NO_SLOT ? other.slots : found;
		const copy = <T extends { set(from: T, at: number): void; subarray(from: number, to: number): T }>(
			to: T,
			from: T,
		) => {
			to.set(from.subarray(0, own), 1);
			to.set(from.subarray(own + 1, other.slots), own + 1);
		};
		this.identities = this.identities.concat(other.identities.slice(0, own), other.identities.slice(own + 1));
		this.#widen(Math.max(this.slots, INITIAL_CAPACITY));
		copy(this.incarnation, other.incarnation);
		copy(this.payloadIncarnation, other.payloadIncarnation);
		this.changedAt.fill(now, 1, this.slots);
		this.#state.fill(State.alive, 1, this.slots);
		this.#counts[State.alive] += this.slots - 1;
		this.#order = undefined;
		this.#index = other.#index.map((slot) => (slot === own ? 0 : slot === NO_SLOT || slot > own ? slot : slot + 1));
		if (found === NO_SLOT) this.#addToIndex(0);
	}

	remove(slot: Slot): void {
		this.#counts[this.state(slot)]--;
		this.#removeFromIndex(slot);
		this.identities[slot] = undefined;
		this.#state[slot] = FREE;
		this.#free.push(slot);
		this.#order = undefined;
	}

	setState(slot: Slot, state: State, now: Instant): void {
		this.#counts[this.state(slot)]--;
		this.#counts[state]++;
		this.#state[slot] = state;
		this.changedAt[slot] = now;
	}

	/** Known slots in the order of name hashes, equal ones by slot: the walk of X3. Valid until a member comes or goes. */
	inHashOrder(): Uint32Array {
		if (!this.#order) {
			// Pairs of hash and slot sort as plain numbers, without a call for each comparison.
			const pairs = new Float64Array(this.size);
			for (let slot = 0, at = 0; slot < this.slots; slot++) {
				if (this.isKnown(slot)) pairs[at++] = this.identity(slot).nameHash * SLOTS_MAX + slot;
			}
			this.#order = Uint32Array.from(pairs.sort(), (pair) => pair - Math.floor(pair / SLOTS_MAX) * SLOTS_MAX);
		}
		return this.#order;
	}

	snapshot(slot: Slot): Member {
		const identity = this.identity(slot);
		return {
			name: identity.name,
			address: identity.address,
			state: STATE_NAMES[this.state(slot)]!,
			incarnation: this.incarnation[slot]!,
			tags: identity.tags,
			protocol: identity.protocol,
			own: identity.extension > 0,
			changedAt: this.changedAt[slot]!,
			seenAt: this.seenAt[slot]!,
		};
	}

	#widen(capacity: number): void {
		const widen = <T extends { set(from: T): void }>(from: T, to: T): T => {
			to.set(from);
			return to;
		};
		this.incarnation = widen(this.incarnation, new Uint32Array(capacity));
		this.payloadIncarnation = widen(this.payloadIncarnation, new Uint32Array(capacity));
		this.changedAt = widen(this.changedAt, new Float64Array(capacity));
		this.seenAt = widen(this.seenAt, new Float64Array(capacity));
		this.#state = widen(this.#state, new Uint8Array(capacity).fill(FREE));
	}

	/** Twice the size, everybody placed anew; the newest slot is placed by its caller. */
	#growIndex(newest: Slot): void {
		this.#index = new Int32Array(this.#index.length * 2).fill(NO_SLOT);
		for (let slot = 0; slot < this.slots; slot++) if (slot !== newest && this.isKnown(slot)) this.#place(slot);
	}

	#addToIndex(slot: Slot): void {
		if (this.size > this.#index.length * INDEX_LOAD_MAX) this.#growIndex(slot);
		this.#place(slot);
	}

	#place(slot: Slot): void {
		const mask = this.#index.length - 1;
		let at = this.identity(slot).nameHash & mask;
		while (this.#index[at] !== NO_SLOT) at = (at + 1) & mask;
		this.#index[at] = slot;
	}

	// Deletion from a linearly probed table: later entries of the same run move up, so no tombstone is needed.
	#removeFromIndex(slot: Slot): void {
		const mask = this.#index.length - 1;
		let hole = this.identity(slot).nameHash & mask;
		while (this.#index[hole] !== slot) hole = (hole + 1) & mask;
		for (let at = (hole + 1) & mask; this.#index[at] !== NO_SLOT; at = (at + 1) & mask) {
			const home = this.identity(this.#index[at]!).nameHash & mask;
			if (((at - home) & mask) >= ((at - hole) & mask)) {
				this.#index[hole] = this.#index[at]!;
				hole = at;
			}
		}
		this.#index[hole] = NO_SLOT;
	}
}
