// Silent tombstones: what is remembered of the forgotten, only to refuse stale news about them (X5).

import { type Instant, State, supersedes } from './member.ts';
import { xxHash32 } from './xxhash32.ts';

interface Tombstone {
	readonly incarnation: number;
	readonly state: State;
	readonly until: Instant;
}

const SECOND_SEED = 0x9e3779b9;

/** By a 53-bit hash of the name, oldest first; bounded by number and by age. Hearing one again never renews it. */
export class Tombstones {
	readonly #byName = new Map<number, Tombstone>();
	readonly #most: number;
	readonly #keepMs: number;

	constructor(most: number, keepMs: number) {
		this.#most = most;
		this.#keepMs = keepMs;
	}

	get size(): number {
		return this.#byName.size;
	}

	/** Remembers that the name was dead or left at that incarnation, unless it is known at least as dead. */
	bury(name: Uint8Array, incarnation: number, state: State, now: Instant): void {
		const key = keyOf(name);
		const known = this.#byName.get(key);
		if (known && !supersedes(incarnation, state, known.incarnation, known.state)) return;
		this.#byName.delete(key);
		this.#byName.set(key, { incarnation, state, until: now + this.#keepMs });
		this.#prune(now);
	}

	/** The incarnation at which the name is buried, when that makes an alive at `incarnation` stale. */
	refusing(name: Uint8Array, incarnation: number, now: Instant): number | undefined {
		const known = this.#byName.size > 0 ? this.#byName.get(keyOf(name)) : undefined;
		if (!known || known.until <= now || supersedes(incarnation, State.alive, known.incarnation, known.state))
			return undefined;
		return known.incarnation;
	}

	/** The name lives again. */
	lift(name: Uint8Array): void {
		if (this.#byName.size > 0) this.#byName.delete(keyOf(name));
	}

	#prune(now: Instant): void {
		for (const [key, tombstone] of this.#byName) {
			if (this.#byName.size <= this.#most && tombstone.until > now) return;
			this.#byName.delete(key);
		}
	}
}

function keyOf(name: Uint8Array): number {
	return xxHash32(name) + (xxHash32(name, SECOND_SEED) & 0x1fffff) * 0x1_0000_0000;
}
