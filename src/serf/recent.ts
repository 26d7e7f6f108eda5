// Which messages have been seen of late: what serf's nodes spread again is spread once only.

/** Serf's EventBuffer and QueryBuffer. */
const SLOTS = 512;
/** Messages of one Lamport time that are remembered; concurrent senders share a time. */
const PER_SLOT = 128;

interface Slot {
	readonly time: number;
	readonly hashes: number[];
}

/** Messages by Lamport time and hash, for the last 512 times. Never more than 512 × 128 numbers. */
export class RecentMessages {
	readonly #slots: (Slot | undefined)[] = new Array(SLOTS);

	/**
	 * Notes a message. True when it is new: neither seen before, nor so old against the clock `now` that
	 * it may have been, nor one too many of its time.
	 */
	note(time: number, hash: number, now: number): boolean {
		if (time + SLOTS < now) return false;
		const index = time % SLOTS;
		const slot = this.#slots[index];
		if (slot === undefined || slot.time < time) {
			this.#slots[index] = { time, hashes: [hash] };
			return true;
		}
		if (slot.time > time || slot.hashes.length >= PER_SLOT || slot.hashes.includes(hash)) return false;
		slot.hashes.push(hash);
		return true;
	}
}
