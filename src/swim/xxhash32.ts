// xxHash32, the hash of the view digest (X2), the member table and the ring; from the published algorithm.

const P1 = 0x9e3779b1;
const P2 = 0x85ebca77;
const P3 = 0xc2b2ae3d;
const P4 = 0x27d4eb2f;
const P5 = 0x165667b1;

/** xxHash32 of bytes[start, end) as an unsigned 32-bit number. */
export function xxHash32(bytes: Uint8Array, seed = 0, start = 0, end: number = bytes.length): number {
	let at = start;
	let hash: number;
	if (end - at >= 16) {
		let a = (seed + P1 + P2) | 0;
		let b = (seed + P2) | 0;
		let c = seed | 0;
		let d = (seed - P1) | 0;
		for (; at <= end - 16; at += 16) {
			a = round(a, word(bytes, at));
			b = round(b, word(bytes, at + 4));
			c = round(c, word(bytes, at + 8));
			d = round(d, word(bytes, at + 12));
		}
		hash = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0;
	} else {
		hash = (seed + P5) | 0;
	}
	hash = (hash + (end - start)) | 0;
	for (; at <= end - 4; at += 4) {
		hash = Math.imul(rotate((hash + Math.imul(word(bytes, at), P3)) | 0, 17), P4);
	}
	for (; at < end; at++) {
		hash = Math.imul(rotate((hash + Math.imul(bytes[at] as number, P5)) | 0, 11), P1);
	}
	return avalanche(hash);
}

/** The same of 32-bit words instead of their bytes, the lowest byte first; their number is a multiple of four, and not 0. */
export function xxHash32Words(words: Int32Array, seed = 0): number {
	let a = (seed + P1 + P2) | 0;
	let b = (seed + P2) | 0;
	let c = seed | 0;
	let d = (seed - P1) | 0;
	for (let at = 0; at < words.length; at += 4) {
		a = round(a, words[at]!);
		b = round(b, words[at + 1]!);
		c = round(c, words[at + 2]!);
		d = round(d, words[at + 3]!);
	}
	return avalanche((rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) + 4 * words.length) | 0);
}

function avalanche(mixed: number): number {
	let hash = mixed;
	hash = Math.imul(hash ^ (hash >>> 15), P2);
	hash = Math.imul(hash ^ (hash >>> 13), P3);
	return (hash ^ (hash >>> 16)) >>> 0;
}

function round(lane: number, input: number): number {
	return Math.imul(rotate((lane + Math.imul(input, P2)) | 0, 13), P1);
}

function rotate(value: number, bits: number): number {
	return (value << bits) | (value >>> (32 - bits));
}

function word(bytes: Uint8Array, at: number): number {
	return (
		(bytes[at] as number) |
		((bytes[at + 1] as number) << 8) |
		((bytes[at + 2] as number) << 16) |
		((bytes[at + 3] as number) << 24)
	);
}
