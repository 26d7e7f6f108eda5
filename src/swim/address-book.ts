// The address book: every place where a member may be found, kept apart from membership (X11).

import { type Address, formatAddress } from './address.ts';
import { type Random, shuffle } from './random.ts';

interface Entry {
	readonly address: Address;
	/** Came from the configuration or discovery. */
	seed: boolean;
}

/** Seeds, discovery results and every address ever verified. Entries leave by capacity, never by age: seeds last. */
export class AddressBook {
	readonly #entries = new Map<string, Entry>();
	readonly #most: number;
	#cursor = 0;

	constructor(most: number) {
		this.#most = most;
	}

	get size(): number {
		return this.#entries.size;
	}

	get addresses(): Address[] {
		return [...this.#entries.values()].map((entry) => entry.address);
	}

	/** A hint from configuration or discovery. True when it was not known. */
	addSeed(address: Address): boolean {
		const key = formatAddress(address);
		const known = this.#entries.get(key);
		if (known) known.seed = true;
		else this.#insert(key, address, true);
		return known === undefined;
	}

	/** A node answered at this address; `text` is the same as text, for who has it at hand. */
	addVerified(address: Address, text: string = formatAddress(address)): void {
		if (!this.#entries.has(text)) this.#insert(text, address, false);
	}

	/** Who was there has moved away, or said goodbye and will join by itself if it comes back. Seeds stay. */
	forget(address: Address): void {
		const key = formatAddress(address);
		if (this.#entries.get(key)?.seed === false) this.#entries.delete(key);
	}

	/** The address is our own under another name: never to be contacted again. */
	remove(address: Address): void {
		this.#entries.delete(formatAddress(address));
	}

	/** The next address, round-robin, for which `wanted` holds; undefined when there is none. */
	next(wanted: (address: Address) => boolean): Address | undefined {
		const entries = [...this.#entries.values()];
		for (let i = 0; i < entries.length; i++) {
			const entry = entries[(this.#cursor + i) % entries.length]!;
			if (wanted(entry.address)) {
				this.#cursor = (this.#cursor + i + 1) % entries.length;
				return entry.address;
			}
		}
		return undefined;
	}

	/** So many at random of those for which `wanted` holds, or all of them where there are fewer. */
	some(count: number, random: Random, wanted: (address: Address) => boolean): Address[] {
		const candidates = this.addresses.filter(wanted);
		shuffle(random, candidates, candidates.length);
		return candidates.slice(0, count);
	}

	#insert(key: string, address: Address, seed: boolean): void {
		if (this.#entries.size >= this.#most) this.#evict();
		this.#entries.set(key, { address, seed });
	}

	// The oldest entry that is no seed, else the oldest of all.
	#evict(): void {
		let victim: string | undefined;
		for (const [key, entry] of this.#entries) {
			victim ??= key;
			if (!entry.seed) {
				victim = key;
				break;
			}
		}
		if (victim !== undefined) this.#entries.delete(victim);
	}
}
