// Bytes that were valid once: flipped, cut, doubled, spliced and given lengths that lie.

import { type Random, randomBelow } from '../../src/swim/index.ts';

/** Tags of msgpack that announce much, types of messages, borders of integers. */
const TELLING = [
	0, 1, 6, 7, 8, 9, 10, 12, 0x7f, 0x80, 0x8f, 0x90, 0xa0, 0xbf, 0xc0, 0xc1, 0xc4, 0xc9, 0xd9, 0xf4, 0xfe,
];
const LENGTHS = [
	[0xdf, 0xff, 0xff, 0xff, 0xff],
	[0xdd, 0x7f, 0xff, 0xff, 0xff],
	[0xdb, 0xff, 0xff, 0xff, 0xff],
	[0xda, 0xff, 0xff],
	[0xce, 0xff, 0xff, 0xff, 0xff],
	[0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
	[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0],
];

const LONGEST = 4_096;

/** One in eight is random from the first byte on; the others are one to six changes away from a seed. */
export function fuzzedBytes(random: Random, seeds: readonly Uint8Array[]): Uint8Array {
	if (seeds.length === 0 || randomBelow(random, 8) === 0) return randomBytes(random);
	let bytes = oneOf(random, seeds);
	for (let changes = 1 + randomBelow(random, 6); changes > 0; changes--) bytes = changed(random, bytes, seeds);
	return bytes.length > LONGEST ? bytes.slice(0, LONGEST) : bytes;
}

export function oneOf<T>(random: Random, items: readonly T[]): T {
	return items[randomBelow(random, items.length)]!;
}

/** Lengths are small more often than not; the first byte is a known type in half of the cases. */
function randomBytes(random: Random): Uint8Array {
	const length = randomBelow(random, oneOf(random, [4, 40, 400, 1_500]));
	const bytes = new Uint8Array(length);
	for (let i = 0; i < length; i++) bytes[i] = random.uint32();
	if (length > 0 && randomBelow(random, 2)) bytes[0] = randomBelow(random, 14);
	return bytes;
}

function changed(random: Random, bytes: Uint8Array, seeds: readonly Uint8Array[]): Uint8Array {
	const at = randomBelow(random, bytes.length + 1);
	const end = Math.min(bytes.length, at + randomBelow(random, 40));
	const copy = Uint8Array.from(bytes);
	switch (randomBelow(random, 9)) {
		case 0:
			if (at < copy.length) copy[at]! ^= 1 << randomBelow(random, 8);
			return copy;
		case 1:
			if (at < copy.length) copy[at] = oneOf(random, TELLING);
			return copy;
		case 2:
			if (at < copy.length) copy[at] = random.uint32();
			return copy;
		case 3:
			return copy.slice(0, at);
		case 4:
			return joined(copy.slice(0, at), copy.slice(end));
		case 5:
			// A stretch, again and again.
			return joined(
				copy.slice(0, end),
				...Array(1 + randomBelow(random, 4)).fill(copy.slice(at, end)),
				copy.slice(end),
			);
		case 6:
			return joined(
				copy.slice(0, at),
				Uint8Array.from(oneOf(random, LENGTHS)),
				copy.slice(randomBelow(random, 2) ? at : end),
			);
		case 7:
			return joined(copy.slice(0, at), oneOf(random, seeds).slice(randomBelow(random, 30)));
		default: {
			const other = oneOf(random, seeds);
			const from = randomBelow(random, other.length + 1);
			return joined(copy.slice(0, at), other.slice(from, from + randomBelow(random, 60)), copy.slice(at));
		}
	}
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
	const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}
