// The bytes and sums of docs/protocol.md: what a second implementation needs to take part in X1, X2, X3, X13 and X14.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createHashRing } from '../../src/ring/index.ts';
import { type Identity, IdentityPool, ipBytes, type PacketWriter, utf8 } from '../../src/swim/index.ts';
import { bucketOf, DigestSums } from '../../src/swim/view-digest.ts';
import { createCodec, decodeTags, encodeTags } from '../../src/wire/index.ts';
import { RecordedPacket } from '../support/recorded-packet.ts';
import { bytes, hex } from './vectors.ts';

interface ExtensionVectors {
	readonly members: readonly {
		readonly name: string;
		readonly host: string;
		readonly port: number;
		readonly incarnation: number;
		readonly tags: Readonly<Record<string, string>> | null;
		readonly meta: string;
		readonly nameHash: number;
		readonly bucket: number;
		readonly sums: string;
	}[];
	readonly digest: { readonly a: number; readonly b: number };
	readonly messages: Readonly<Record<string, string>>;
	readonly ring: {
		readonly weights: Readonly<Record<string, number>>;
		readonly fingerprint: string;
		readonly owners: Readonly<Record<string, readonly string[]>>;
	};
}

const VECTORS: ExtensionVectors = JSON.parse(readFileSync(new URL('vectors/extensions.json', import.meta.url), 'utf8'));
const { members, digest, messages, ring } = VECTORS;
const NONCE = 0xaabbccdd;
const CURSOR = 0x12000000;
const NOBODY = new Uint8Array(0);

const codec = createCodec({ packetBytes: 1_400 });
const pool = new IdentityPool(decodeTags);
const identities: Identity[] = members.map(({ name, host, port, meta }) =>
	pool.identity({ name: utf8(name), addr: ipBytes(host)!, port, meta: bytes(meta), vsn: bytes('010502000000') }),
);
const [a, b] = identities as [Identity, Identity];

function sumsOf(which: readonly number[]): DigestSums {
	const sums = new DigestSums();
	for (const i of which) sums.add(identities[i]!, members[i]!.incarnation);
	return sums;
}

function written(fill: (packet: PacketWriter) => void): string {
	const packet = codec.packet();
	fill(packet);
	return hex(packet.finish({ crc: false }));
}

/** One bit for each bucket that holds a member. */
function differs(): Uint8Array {
	const bits = new Uint8Array(16);
	for (const { bucket } of members) bits[bucket >> 3]! |= 1 << (bucket & 7);
	return bits;
}

const WRITTEN: Readonly<Record<string, () => string>> = {
	'ping of b, with the digest': () => written((packet) => packet.ping(0x01020304, utf8('b'), digest)),
	'ping of anybody, with the digest': () => written((packet) => packet.ping(7, NOBODY, digest)),
	'ack, with the digest': () => written((packet) => packet.ack(0x01020304, undefined, digest)),
	'request, without its padding': () =>
		written((packet) => packet.syncRequest(NONCE, CURSOR, sumsOf([0, 1, 2]).sums)).slice(0, 2 * 1_035),
	'page: a alive, b suspect, the end': () =>
		written((packet) => {
			packet.syncPage(NONCE, differs());
			packet.record([codec.alive(a, 200_000_001)]);
			packet.record([codec.alive(b, 200_000_002), codec.suspect(b.nameBytes, 200_000_002, a.nameBytes)]);
			packet.endPage({ end: true, push: false });
		}),
	'page that was not asked for: ünïcode dead, b left': () =>
		written((packet) => {
			packet.syncPage(NONCE, new Uint8Array(16));
			packet.record([codec.dead(identities[2]!.nameBytes, 7, a.nameBytes)]);
			packet.record([codec.dead(b.nameBytes, 200_000_002, b.nameBytes)]);
			packet.endPage({ end: true, push: true });
		}),
	'beacon 3489123, on its way for 48.2 ms': () => hex(codec.beacon(3_489_123, 48.2)),
};

describe('X2: the digest of a view', () => {
	it.each(members.map((member, i) => ({ ...member, i })))('$name', ({ i, tags, meta, nameHash, bucket, sums }) => {
		if (tags) expect(hex(encodeTags(tags))).toBe(meta);
		expect(identities[i]!.nameHash).toBe(nameHash);
		expect(bucketOf(nameHash)).toBe(bucket);
		const { digest: own } = sumsOf([i]);
		expect(own.a.toString(16).padStart(8, '0') + own.b.toString(16).padStart(8, '0')).toBe(sums);
	});

	it('is the sum over the members in any order', () => {
		for (const order of [
			[0, 1, 2],
			[2, 0, 1],
			[1, 2, 0],
		])
			expect(sumsOf(order).digest).toEqual(digest);
	});
});

describe('X1, X3 and X17: the messages', () => {
	it('are all written by this test', () => {
		expect(Object.keys(WRITTEN)).toEqual(Object.keys(messages));
	});

	it.each(Object.entries(messages))('%s', (name, expected) => {
		expect(WRITTEN[name]!()).toBe(expected);
		const record = new RecordedPacket();
		codec.readPacket(bytes(expected), record);
		expect(record.codes).toEqual([]);
		expect(record.messages.map(({ type }) => type)).toEqual(TYPES[name]);
	});
});

const TYPES: Readonly<Record<string, readonly string[]>> = {
	'ping of b, with the digest': ['ping'],
	'ping of anybody, with the digest': ['ping'],
	'ack, with the digest': ['ackResp'],
	'request, without its padding': ['syncRequest'],
	'page: a alive, b suspect, the end': ['syncPage', 'alive', 'alive', 'suspect', 'syncPageEnd'],
	'page that was not asked for: ünïcode dead, b left': ['syncPage', 'dead', 'dead', 'syncPageEnd'],
	'beacon 3489123, on its way for 48.2 ms': ['beacon'],
};

describe('X13: the ring', () => {
	it('has the fingerprint and the owners of the vectors', () => {
		const made = createHashRing();
		for (const [member, weight] of Object.entries(ring.weights)) made.add(member, weight);
		expect(made.fingerprint).toBe(ring.fingerprint);
		for (const [key, owners] of Object.entries(ring.owners)) expect(made.owners(key, 3)).toEqual(owners);
	});
});
