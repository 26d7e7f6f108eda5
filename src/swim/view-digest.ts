// The view digest (X2): two sums over the live members by which two nodes see at once whether their views agree.

import type { Identity } from './identity.ts';
import type { ViewDigest } from './message.ts';
import { xxHash32 } from './xxhash32.ts';

export const BUCKETS = 128;
const BUCKET_SHIFT = 25;
const SECOND_SEED = 0x9e3779b9;

export function bucketOf(nameHash: number): number {
	return nameHash >>> BUCKET_SHIFT;
}

/** First name hash of a bucket. */
export function bucketStart(bucket: number): number {
	return bucket * 2 ** BUCKET_SHIFT;
}

/** Kept incrementally: members are added when they become live, removed when they cease to be. O(1) a change. */
export class DigestSums implements ViewDigest {
	/** sums[2 i] and sums[2 i + 1] belong to bucket i. */
	readonly sums: Uint32Array = new Uint32Array(BUCKETS * 2);
	#a = 0;
	#b = 0;
	/** Rises with every change. */
	version = 0;

	get a(): number {
		return this.#a;
	}

	get b(): number {
		return this.#b;
	}

	/** As it is now. */
	get digest(): ViewDigest {
		return { a: this.#a, b: this.#b };
	}

	equals(a: number, b: number): boolean {
		return this.#a === a && this.#b === b;
	}

	add(identity: Identity, incarnation: number): void {
		this.#apply(identity, incarnation, 1);
	}

	remove(identity: Identity, incarnation: number): void {
		this.#apply(identity, incarnation, -1);
	}

	/** What another digest counts, counted here as well. */
	addAll(other: DigestSums): void {
		for (let i = 0; i < this.sums.length; i++) this.sums[i] = this.sums[i]! + other.sums[i]!;
		this.#a = (this.#a + other.#a) >>> 0;
		this.#b = (this.#b + other.#b) >>> 0;
		this.version++;
	}

	#apply(identity: Identity, incarnation: number, sign: 1 | -1): void {
		const hashes = hashesOf(identity, incarnation);
		const a = sign * hashes.a;
		const b = sign * hashes.b;
		const at = bucketOf(identity.nameHash) * 2;
		this.sums[at] = this.sums[at]! + a;
		this.sums[at + 1] = this.sums[at + 1]! + b;
		this.#a = (this.#a + a) >>> 0;
		this.#b = (this.#b + b) >>> 0;
		this.version++;
	}
}

/** The two hashes of a member's record at one incarnation. */
interface RecordHashes extends ViewDigest {
	readonly incarnation: number;
}

/** The newest of each identity: what is added is removed again, and the nodes of one process all add the same. */
const recordHashes = new WeakMap<Identity, RecordHashes>();

function hashesOf(identity: Identity, incarnation: number): RecordHashes {
	const known = recordHashes.get(identity);
	if (known?.incarnation === incarnation) return known;
	const length = writeRecord(identity, incarnation);
	const a = xxHash32(scratch, 0, 0, length);
	const made: RecordHashes = { incarnation, a, b: xxHash32(scratch, SECOND_SEED, 0, length) };
	recordHashes.set(identity, made);
	return made;
}

// Our own names have at most 128 bytes, but a foreign one may be longer: grow as needed.
let scratch: Uint8Array = new Uint8Array(1024);

/** name, 0, incarnation (u32 BE), address (16-byte form), port (u16 BE), Meta. Returns the length. */
function writeRecord(identity: Identity, incarnation: number): number {
	const { nameBytes, addressBytes, port, meta } = identity;
	const length = nameBytes.length + 1 + 4 + 16 + 2 + meta.length;
	if (scratch.length < length) scratch = new Uint8Array(length * 2);
	scratch.set(nameBytes);
	let at = nameBytes.length;
	scratch[at++] = 0;
	scratch[at++] = incarnation >>> 24;
	scratch[at++] = incarnation >>> 16;
	scratch[at++] = incarnation >>> 8;
	scratch[at++] = incarnation;
	at = writeAddress(addressBytes, at);
	scratch[at++] = port >>> 8;
	scratch[at++] = port;
	scratch.set(meta, at);
	return length;
}

// IPv4 counts in its mapped form, so that both forms of one address give one digest.
function writeAddress(addressBytes: Uint8Array, at: number): number {
	if (addressBytes.length === 16) {
		scratch.set(addressBytes, at);
	} else {
		scratch.fill(0, at, at + 10);
		scratch.fill(0xff, at + 10, at + 12);
		scratch.set(addressBytes, at + 12);
	}
	return at + 16;
}
