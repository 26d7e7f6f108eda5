// The view and its suspicions: every way in which a member can change, told, counted and passed on.

import { sameAddress } from './address.ts';
import { utf8 } from './bytes.ts';
import { fieldsOf, type Identity, sameIdentity } from './identity.ts';
import type { Why } from './io.ts';
import type { KnownMembers } from './known-members.ts';
import { type Instant, type Member, STATE_NAMES, State } from './member.ts';
import { NO_SLOT, type Slot } from './member-table.ts';
import type { Node } from './node.ts';
import { Suspicion } from './suspicion.ts';
import { Timer } from './timers.ts';

/** How news arrived. News out of a state transfer is not passed on again: whoever lacks it asks for it (X3). */
export type Via = 'gossip' | 'transfer';

/** An accusation that has been admitted. */
export interface Accused {
	readonly incarnation: number;
	/** As it is passed on. */
	readonly from: Uint8Array;
	/** As it is told; empty when the accuser is not known. */
	readonly accuser: string;
	readonly via: Via;
	readonly why: Why;
}

/** Of more suspects than these none is asked for a last word (X16). */
const SUSPECTS_ASKED = 32;

/** Which news applies is decided in membership.ts; here it is applied. */
export class View {
	readonly #node: Node;
	readonly #suspicions = new Map<Slot, Suspicion>();
	/** Told of slots that came to be known, so that they can be probed. */
	onInsert?: (slot: Slot) => void;
	/** Told of suspects that should hear once more that they are accused, so that they can refute. */
	onRemind?: (slot: Slot) => void;

	constructor(node: Node) {
		this.#node = node;
	}

	/** A member that was not known is alive. Without a reason it is no news to anybody: the host knows. */
	insert(identity: Identity, incarnation: number, via: Via, why: Why | undefined): Slot {
		const node = this.#node;
		const slot = node.table.insert(identity, incarnation, State.alive, node.now);
		node.tombstones.lift(identity.nameBytes);
		node.sums.add(identity, incarnation);
		if (via === 'gossip') node.queue.update(slot, node.codec.alive(identity, incarnation));
		this.onInsert?.(slot);
		if (why) this.#emitState(slot, 'none', why);
		return slot;
	}

	/** Members to begin with, as if a state transfer had brought them; they are no news to anybody, so nothing is told. */
	takeOver(known: KnownMembers): void {
		const { table, sums, nameBytes, now } = this.#node;
		const own = known.table.findName(nameBytes);
		table.takeOver(known.table, now);
		sums.addAll(known.sums);
		if (own !== NO_SLOT) sums.remove(known.table.identity(own), known.table.incarnation[own]!);
		for (let slot = 1; slot < table.slots; slot++) this.onInsert?.(slot);
	}

	/** A known member is alive at a higher incarnation, or with a payload that wins. */
	revive(slot: Slot, identity: Identity, incarnation: number, via: Via): void {
		const node = this.#node;
		const { table } = node;
		const state = table.state(slot);
		const previous = table.snapshot(slot);
		const before = table.identity(slot);
		this.#suspicions.delete(slot);
		this.replace(slot, identity, incarnation, incarnation);
		if (via === 'gossip') node.queue.update(slot, node.codec.alive(identity, incarnation));
		else node.queue.forget(slot);
		if (state !== State.alive)
			this.setState(slot, State.alive, { code: state === State.suspect ? 'refuted' : 'returned' });
		if (before !== identity && !sameIdentity(before, fieldsOf(identity))) {
			node.emit({ type: 'update', member: table.snapshot(slot), previous });
		}
	}

	/** An accused member's newest word about itself arrives behind the accusation, which stands (X4). */
	adopt(slot: Slot, identity: Identity, payloadIncarnation: number): void {
		const { table } = this.#node;
		const previous = table.snapshot(slot);
		const before = table.identity(slot);
		this.replace(slot, identity, table.incarnation[slot]!, payloadIncarnation);
		if (sameIdentity(before, fieldsOf(identity))) return;
		this.#node.emit({ type: 'update', member: table.snapshot(slot), previous });
	}

	/** It is accused at a state where it was not suspect before. */
	suspect(slot: Slot, accused: Accused): void {
		const node = this.#node;
		const { table } = node;
		const { incarnation } = accused;
		this.#raise(slot, incarnation);
		// The suspect itself counts, also one that was dead or had left before.
		const live = table.live + (table.isLive(slot) ? 0 : 1);
		const suspicion = new Suspicion(incarnation, accused.accuser, node.now, live, node.config);
		this.#suspicions.set(slot, suspicion);
		node.timers.setEarlier(Timer.suspicion, suspicion.nextAt);
		this.#passOn(slot, accused, node.codec.suspect(table.identity(slot).nameBytes, incarnation, accused.from));
		this.setState(slot, State.suspect, accused.why);
	}

	/** A suspect is accused once more. A confirmation is passed on under its own accuser's name, so that others can count it too (Lifeguard §IV-B). */
	confirm(slot: Slot, from: Uint8Array, accuser: string): void {
		const node = this.#node;
		const suspicion = this.#suspicions.get(slot);
		if (suspicion?.isFirstByName(accuser)) {
			node.queue.update(slot, node.codec.suspect(node.table.identity(slot).nameBytes, suspicion.incarnation, from));
			return;
		}
		if (!suspicion?.confirm(accuser)) return;
		node.counters.confirmations++;
		node.timers.setEarlier(Timer.suspicion, Math.max(node.now, suspicion.nextAt));
		node.queue.update(slot, node.codec.suspect(node.table.identity(slot).nameBytes, suspicion.incarnation, from));
		node.emit({ type: 'confirmed', member: node.table.snapshot(slot), by: accuser, deadAt: suspicion.deadAt });
	}

	/** Dead or left: out of the live view, kept as a visible tombstone. */
	bury(slot: Slot, state: typeof State.dead | typeof State.left, accused: Accused): void {
		const node = this.#node;
		const { table } = node;
		this.#suspicions.delete(slot);
		this.#raise(slot, accused.incarnation);
		this.#passOn(slot, accused, node.codec.dead(table.identity(slot).nameBytes, accused.incarnation, accused.from));
		// Where it was last is where it may come back (X11).
		if (state === State.dead) node.book.addVerified(table.identity(slot).address);
		else node.book.forget(table.identity(slot).address);
		this.setState(slot, state, accused.why);
	}

	/** Serves the suspicion timer: declares dead whoever did not refute in time. */
	expireSuspicions(): void {
		const { now, timers, nameBytes, config } = this.#node;
		for (const [slot, suspicion] of this.#suspicions) {
			this.#askForLastWord(slot, suspicion);
			if (suspicion.deadAt > now) {
				this.#remind(slot, suspicion);
				timers.setEarlier(Timer.suspicion, suspicion.nextAt);
				continue;
			}
			const { startedAt: suspectedAt, accusers: confirmedBy } = suspicion;
			this.bury(slot, State.dead, {
				incarnation: suspicion.incarnation,
				from: nameBytes,
				accuser: config.name,
				via: 'gossip',
				why: { code: 'not-refuted', suspectedAt, confirmedBy },
			});
		}
	}

	/** After a stall nobody could be heard: running suspicions wait that much longer (X9). */
	delaySuspicions(lateMs: number): void {
		const { timers } = this.#node;
		timers.clear(Timer.suspicion);
		for (const suspicion of this.#suspicions.values()) {
			suspicion.startedAt += lateMs;
			timers.setEarlier(Timer.suspicion, suspicion.nextAt);
		}
	}

	/** While we were accused ourselves nobody listened to us (X4): what we accuse others of is said again, and waits anew. */
	renewAccusations(): void {
		const { timers, queue, codec, table, nameBytes, config, now } = this.#node;
		for (const [slot, suspicion] of this.#suspicions) {
			if (!suspicion.accusers.includes(config.name)) continue;
			suspicion.renew(now);
			queue.update(slot, codec.suspect(table.identity(slot).nameBytes, suspicion.incarnation, nameBytes));
			timers.setEarlier(Timer.suspicion, suspicion.nextAt);
		}
	}

	deadAt(slot: Slot): Instant | undefined {
		return this.#suspicions.get(slot)?.deadAt;
	}

	/** Serves the reap timer: visible tombstones that are old enough become silent ones (X5). */
	reap(): void {
		const { table, now, config, self } = this.#node;
		if (table.size === table.live) return;
		for (let slot = 0; slot < table.slots; slot++) {
			if (slot === self || !table.isKnown(slot) || table.isLive(slot)) continue;
			if (table.changedAt[slot]! + config.tombstoneMs <= now) this.#forget(slot);
		}
	}

	/** Forgets the oldest of the dead to make room for the living. */
	makeRoom(): boolean {
		const { table, self } = this.#node;
		// Whoever floods a full table must not have it searched for each name.
		if (table.size === table.live) return false;
		let oldest = NO_SLOT;
		for (let slot = 0; slot < table.slots; slot++) {
			if (slot === self || !table.isKnown(slot) || table.isLive(slot)) continue;
			if (oldest === NO_SLOT || table.changedAt[slot]! < table.changedAt[oldest]!) oldest = slot;
		}
		if (oldest !== NO_SLOT) this.#forget(oldest);
		return oldest !== NO_SLOT;
	}

	/** New identity or incarnations; the digest follows as long as the member is live. */
	replace(slot: Slot, identity: Identity, incarnation: number, payloadIncarnation: number): void {
		const { table, sums, book } = this.#node;
		const live = table.isLive(slot);
		const before = table.identity(slot);
		if (live) sums.remove(before, table.incarnation[slot]!);
		// Nobody is to be looked for where it has moved away from (X11).
		if (before !== identity && !sameAddress(before.address, identity.address)) book.forget(before.address);
		table.identities[slot] = identity;
		table.incarnation[slot] = incarnation;
		table.payloadIncarnation[slot] = payloadIncarnation;
		if (live) sums.add(identity, incarnation);
	}

	/** Steps to another state; the digest follows, the event is told. */
	setState(slot: Slot, to: State, why: Why): void {
		const { table, sums, now, counters } = this.#node;
		const from = STATE_NAMES[table.state(slot)]!;
		const wasLive = table.isLive(slot);
		table.setState(slot, to, now);
		if (wasLive !== table.isLive(slot)) {
			if (wasLive) sums.remove(table.identity(slot), table.incarnation[slot]!);
			else sums.add(table.identity(slot), table.incarnation[slot]!);
		}
		// Accused again at a higher incarnation: a new term, and no step that anybody would have to be told of.
		if (STATE_NAMES[to] === from) return;
		const change = `${from}>${STATE_NAMES[to]!}` as const;
		counters.stateChanges[change] = (counters.stateChanges[change] ?? 0) + 1;
		this.#emitState(slot, from, why);
	}

	// An accusation can be lost: said into a cut, or while its accuser was accused and nobody admitted it (X4). Then nobody
	// confirms it, and the accused does not hear of it until somebody who holds it happens to probe it.
	#remind(slot: Slot, suspicion: Suspicion): void {
		if (suspicion.remindAt > this.#node.now) return;
		suspicion.reminded(this.#node.now);
		if (this.#isLeftToUs(suspicion)) this.onRemind?.(slot);
	}

	// X16: whoever is about to declare a member dead asks it first, since the refutation may have been lost on its way to
	// this view alone. Where many are suspect at once it is no lost packet, and asking them all would be a storm.
	#askForLastWord(slot: Slot, suspicion: Suspicion): void {
		const { now } = this.#node;
		if (!suspicion.isLastWordDue(now)) return;
		suspicion.askedForLastWord(now);
		if (this.#suspicions.size <= SUSPECTS_ASKED) this.onRemind?.(slot);
	}

	/** We have accused it, or nobody who has is there any more. */
	#isLeftToUs({ accusers }: Suspicion): boolean {
		const { config, table } = this.#node;
		const isThere = (name: string): boolean => {
			const slot = table.findName(utf8(name));
			return slot !== NO_SLOT && this.#node.isAlive(slot);
		};
		return accusers.includes(config.name) || !accusers.some(isThere);
	}

	/** An accusation says nothing of what the member says of itself. */
	#raise(slot: Slot, incarnation: number): void {
		const { table } = this.#node;
		this.replace(slot, table.identity(slot), incarnation, table.payloadIncarnation[slot]!);
	}

	// News from a transfer is not passed on, and replaces what we were still saying ourselves.
	#passOn(slot: Slot, { via }: Accused, encoded: Uint8Array): void {
		if (via === 'gossip') this.#node.queue.update(slot, encoded);
		else this.#node.queue.forget(slot);
	}

	#forget(slot: Slot): void {
		const node = this.#node;
		const { table } = node;
		const member = table.snapshot(slot);
		node.tombstones.bury(table.identity(slot).nameBytes, member.incarnation, table.state(slot), node.now);
		node.queue.forget(slot);
		table.remove(slot);
		node.emit({ type: 'state', member, from: member.state, to: 'none', why: { code: 'forgotten' } });
	}

	#emitState(slot: Slot, from: Member['state'] | 'none', why: Why): void {
		const member = this.#node.table.snapshot(slot);
		const deadAt = this.deadAt(slot);
		const body = { type: 'state', member, from, to: member.state, why } as const;
		this.#node.emit(deadAt === undefined ? body : { ...body, deadAt });
	}
}
