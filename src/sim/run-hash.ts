// The fingerprint of a run: equal exactly when two runs did the same, byte for byte.

import { xxHash32, xxHash32Words } from '../swim/index.ts';

const numbers = new Float64Array(4);
const words = new Int32Array(numbers.buffer);

/** Two 32-bit hashes, chained over everything that hosts said. */
export class RunHash {
	#a = 0;
	#b = 1;

	/** A word of the run: when, by whom, what kind, and the bytes, if any. */
	add(at: number, host: number, kind: number, bytes: Uint8Array | undefined): void {
		numbers[0] = at;
		numbers[1] = host;
		numbers[2] = kind;
		numbers[3] = bytes ? bytes.length : -1;
		this.#a = xxHash32Words(words, this.#a);
		this.#b = xxHash32Words(words, this.#b);
		if (!bytes) return;
		this.#a = xxHash32(bytes, this.#a);
		this.#b = xxHash32(bytes, this.#b);
	}

	/** 16 hex digits. */
	get text(): string {
		return this.#a.toString(16).padStart(8, '0') + this.#b.toString(16).padStart(8, '0');
	}
}
