// The consistent-hash ring: who owns a key, as a pure function of the set of (member, weight).

import { utf8, xxHash32 } from '../swim/index.ts';
import { emptyPoints, locate, type Points, rebuild, SEED_HIGH, SEED_LOW, shareBySlot } from './points.ts';
import { heirsOf, type Takeover, takeovers } from './succession.ts';

/** What everybody may ask of a ring. Nothing that is asked changes the ring. */
export interface RingView {
	/** Number of members, those of weight 0 included. */
	readonly size: number;
	/** 16 hex digits; equal exactly when the set of (member, weight) is equal. */
	readonly fingerprint: string;
	/** The member that owns the key; `undefined` only when no member has a weight above 0. A string is its UTF-8 bytes. */
	owner(key: string | Uint8Array): string | undefined;
	/** The first `count` distinct members from the key on, the owner first; fewer when the ring has fewer. */
	owners(key: string | Uint8Array, count: number): string[];
	/** Whether the member is on the ring, with weight 0 too. */
	has(member: string): boolean;
	/** Share of the key space (0..1) by member, in name order, from exact arc lengths; the shares add up to 1. */
	shares(): readonly RingShare[];
	/**
	 * Who would take over the keys of a member that goes, and what share each would gain, the most first; nobody when it owns none or is
	 * alone. Exact as long as the ring has fewer than four million points, about 4,000 members of weight 1.
	 */
	heirs(member: string): readonly RingHeir[];
	/** The same in short, of every member in name order. */
	takeovers(): readonly RingTakeover[];
}

/** What one member owns. */
export interface RingShare {
	readonly member: string;
	readonly weight: number;
	/** Part of the key space, 0 to 1. */
	readonly share: number;
}

/** Who gets keys of a member that dies, and what part of all keys, 0 to 1. */
export interface RingHeir {
	readonly member: string;
	readonly share: number;
}

/** What becomes of a member's keys when it dies. Shares are 0 to 1. */
export interface RingTakeover {
	readonly member: string;
	/** How many would take over. */
	readonly heirs: number;
	/** The most that any of them would gain. */
	readonly most: number;
}

/** A ring that can be changed. Every operation is idempotent, and their order does not matter. */
export interface HashRing extends RingView {
	/**
	 * Puts a member in, or changes its weight. Weight 0 = a member that owns nothing.
	 * @throws {RangeError} when the weight is not a whole number from 0 to 1,000.
	 */
	add(member: string, weight?: number): void;
	/** Takes a member out; its keys go to the next in line, all others stay. */
	remove(member: string): void;
}

/** The greatest weight of a member; the least is 0. */
export const MAX_WEIGHT = 1_000;

/** An empty ring. Equal members with equal weights make equal rings, in whatever order they came. */
export function createHashRing(): HashRing {
	return new Ring();
}

class Ring implements HashRing {
	readonly #weights = new Map<string, number>();
	#sumHigh = 0;
	#sumLow = 0;
	// Points are laid out at the first question after a change, so a burst of joins costs one layout.
	#points: Points = emptyPoints();
	#shares: readonly RingShare[] | undefined;
	#takeovers: readonly Takeover[] | undefined;
	#stale = false;

	get size(): number {
		return this.#weights.size;
	}

	get fingerprint(): string {
		return hex(this.#sumHigh) + hex(this.#sumLow);
	}

	add(member: string, weight = 1): void {
		if (!Number.isInteger(weight) || weight < 0 || weight > MAX_WEIGHT) {
			throw new RangeError(`weight: ${weight} of ${member} is not a whole number from 0 to ${MAX_WEIGHT}`);
		}
		const known = this.#weights.get(member);
		if (known === weight) return;
		if (known !== undefined) this.#account(member, known, -1);
		this.#weights.set(member, weight);
		this.#account(member, weight, 1);
	}

	remove(member: string): void {
		const weight = this.#weights.get(member);
		if (weight === undefined) return;
		this.#weights.delete(member);
		this.#account(member, weight, -1);
	}

	has(member: string): boolean {
		return this.#weights.has(member);
	}

	owner(key: string | Uint8Array): string | undefined {
		const points = this.#laidOut();
		if (points.length === 0) return undefined;
		return points.names[points.slot[position(points, key)] as number];
	}

	owners(key: string | Uint8Array, count: number): string[] {
		const points = this.#laidOut();
		const wanted = Math.min(count, points.owners);
		if (!(wanted > 0)) return [];
		const slots = new Set<number>();
		for (let at = position(points, key); slots.size < wanted; at++) {
			if (at === points.length) at = 0;
			slots.add(points.slot[at] as number);
		}
		return Array.from(slots, (slot) => points.names[slot] as string);
	}

	shares(): readonly RingShare[] {
		const points = this.#laidOut();
		this.#shares ??= this.#measure(points);
		return this.#shares;
	}

	heirs(member: string): readonly RingHeir[] {
		const points = this.#laidOut();
		const slot = points.names.indexOf(member);
		if (slot < 0) return [];
		return Array.from(heirsOf(points, slot), ([heir, share]) => ({ member: points.names[heir] as string, share })).sort(
			(a, b) => b.share - a.share || (a.member < b.member ? -1 : 1),
		);
	}

	takeovers(): readonly RingTakeover[] {
		const points = this.#laidOut();
		this.#takeovers ??= takeovers(points);
		const bySlot = this.#takeovers;
		const byName = new Map(points.names.map((name, slot) => [name, bySlot[slot]]));
		return this.shares().map(({ member }) => ({ member, ...(byName.get(member) ?? { heirs: 0, most: 0 }) }));
	}

	#measure(points: Points): readonly RingShare[] {
		const bySlot = shareBySlot(points);
		const byName = new Map(points.names.map((name, slot) => [name, bySlot[slot] as number] as const));
		return Array.from(this.#weights, ([member, weight]) => ({ member, weight, share: byName.get(member) ?? 0 })).sort(
			(a, b) => (a.member < b.member ? -1 : 1),
		);
	}

	#laidOut(): Points {
		if (this.#stale) {
			this.#points = rebuild(this.#points, this.#weights);
			this.#stale = false;
		}
		return this.#points;
	}

	#account(member: string, weight: number, sign: 1 | -1): void {
		const name = utf8(member);
		const bytes = new Uint8Array(name.length + 3);
		bytes.set(name);
		// A zero byte and two of weight: the tail has a fixed length, so no two pairs give the same bytes.
		bytes[name.length + 1] = weight >> 8;
		bytes[name.length + 2] = weight & 0xff;
		this.#sumHigh = (this.#sumHigh + sign * xxHash32(bytes, SEED_HIGH)) >>> 0;
		this.#sumLow = (this.#sumLow + sign * xxHash32(bytes, SEED_LOW)) >>> 0;
		this.#stale = true;
		this.#shares = undefined;
		this.#takeovers = undefined;
	}
}

function position(points: Points, key: string | Uint8Array): number {
	if (typeof key === 'string') {
		const length = asciiInto(scratch, key);
		if (length < 0) return position(points, utf8(key));
		return locate(points, xxHash32(scratch, SEED_HIGH, 0, length), () => xxHash32(scratch, SEED_LOW, 0, length));
	}
	return locate(points, xxHash32(key, SEED_HIGH), () => xxHash32(key, SEED_LOW));
}

// Most keys are short ASCII: writing them into one buffer saves the encoder's call and its array,
// which is more than half of a lookup.
const scratch = new Uint8Array(256);

/** Number of bytes written; -1 when the text is too long or not ASCII. */
function asciiInto(target: Uint8Array, text: string): number {
	if (text.length > target.length) return -1;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code > 0x7f) return -1;
		target[i] = code;
	}
	return text.length;
}

function hex(word: number): string {
	return word.toString(16).padStart(8, '0');
}
