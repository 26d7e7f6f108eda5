// The one rendering of what nodes say: every kind of message, as it is on the wire and relative to a run.

import { describe, expect, it } from 'vitest';
import { EXTENSION_TAG, IdentityPool, ipBytes, type PacketWriter, utf8 } from '../swim/index.ts';
import { createCodec } from '../wire/index.ts';
import {
	describeEvent,
	describePacket,
	describeResult,
	describeStream,
	type Naming,
	PLAIN_NAMING,
} from './describe.ts';

const codec = createCodec({ packetBytes: 1_400 });
const pool = new IdentityPool((meta) => codec.decodeTags(meta));
const naming: Naming = { ...PLAIN_NAMING, place: ({ host }) => (host === '10.0.0.3' ? 'c' : host) };

function identity(name: string, host: string, tags: Readonly<Record<string, string>> = { [EXTENSION_TAG]: '1' }) {
	const vsn = Uint8Array.of(1, 5, 2, 0, 0, 0);
	return pool.identity({ name: utf8(name), addr: ipBytes(host)!, port: 7946, meta: codec.encodeTags(tags), vsn });
}

function said(write: (packet: PacketWriter) => void): string {
	const packet = codec.packet();
	write(packet);
	return describePacket(codec, naming, { bytes: packet.finish({ crc: false }), from: 'a', to: 'c' });
}

describe('a packet', () => {
	const none = new Uint8Array(0);
	const digest = { a: 1, b: 0xabcdef };
	it.each<[string, (packet: PacketWriter) => void]>([
		['ping #7', (packet) => packet.ping(7, utf8('c'), undefined)],
		['ping #7 for d view=0000000100abcdef', (packet) => packet.ping(7, utf8('d'), digest)],
		['ping #7 to whoever is there', (packet) => packet.ping(7, none, undefined)],
		['indirect ping #7: please ping c', (packet) => packet.indirectPing(7, identity('c', '10.0.0.3'), true)],
		['ack #7 view=0000000100abcdef', (packet) => packet.ack(7, undefined, digest)],
		['ack #7 payload=3 bytes', (packet) => packet.ack(7, utf8('abc'), undefined)],
		['nack #7', (packet) => packet.nack(7)],
		['alive c@5', (packet) => packet.message(codec.alive(identity('c', '10.0.0.3'), 5))],
		['alive c@5 at 10.0.0.9', (packet) => packet.message(codec.alive(identity('c', '10.0.0.9'), 5))],
		['alive c@5 foreign', (packet) => packet.message(codec.alive(identity('c', '10.0.0.3', {}), 5))],
		['alive c@5 zone=b', (packet) => packet.message(codec.alive(identity('c', '10.0.0.3', { lb: '1', zone: 'b' }), 5))],
		['suspect c@5 by a', (packet) => packet.message(codec.suspect(utf8('c'), 5, utf8('a')))],
		['dead c@5 by a', (packet) => packet.message(codec.dead(utf8('c'), 5, utf8('a')))],
		['left c@5', (packet) => packet.message(codec.dead(utf8('c'), 5, utf8('c')))],
		['user message of 2 bytes', (packet) => packet.message(codec.user(utf8('hi')))],
		['beacon 7, 12.5 ms old', (packet) => packet.message(codec.beacon(7, 12.5))],
		['what differs? 000000ff (1390 bytes)', (packet) => packet.syncRequest(255, 0, new Uint32Array(256))],
		[
			'what differs? 000000ff from 00000010 on (1390 bytes)',
			(packet) => packet.syncRequest(255, 16, new Uint32Array(256)),
		],
	])('%s', (text, write) => {
		expect(said(write)).toBe(text);
	});

	it('lists what is alike together, in order', () => {
		const text = said((packet) => {
			packet.ack(1, undefined, undefined);
			packet.message(codec.alive(identity('c', '10.0.0.3'), 5));
			packet.message(codec.alive(identity('d', '10.0.0.4'), 6));
			packet.message(codec.suspect(utf8('e'), 7, utf8('a')));
		});
		expect(text).toBe('ack #1 + alive c@5, d@6 at 10.0.0.4 + suspect e@7 by a');
	});

	it('lists the records of a short page and counts those of a long one', () => {
		const page = (count: number): string =>
			said((packet) => {
				packet.syncPage(9, new Uint8Array(16));
				for (let i = 0; i < count; i++) packet.record([codec.dead(utf8(`m${i}`), 5, utf8('a'))]);
				packet.endPage({ end: count < 10, push: count === 1 });
			});
		expect(page(0)).toBe('page 00000009: nothing');
		expect(page(1)).toBe('for you 00000009: dead m0@5 by a');
		expect(page(2)).toBe('page 00000009: dead m0@5 by a, m1@5 by a');
		expect(page(10)).toMatch(/^page 00000009: 10 records \(\d+ bytes\), more follows$/);
	});

	it('says why bytes cannot be read', () => {
		expect(describePacket(codec, naming, { bytes: Uint8Array.of(99), from: 'a', to: 'c' })).toBe(
			'garbage (unknown-type)',
		);
	});
});

describe('what is written on a stream', () => {
	const ends = { from: 'a', to: 'c' };

	it('reads the dialer as a listener does, and the other way round', () => {
		const ping = codec.streamPing('dialer', 3, utf8('c'));
		expect(describeStream(codec, naming, { ...ends, by: 'dialer', bytes: ping })).toBe('ping #3');
		const ack = codec.streamAck('listener', 3);
		expect(describeStream(codec, naming, { ...ends, by: 'listener', bytes: ack })).toBe('ack #3');
	});

	it('lists the members of a push/pull with their states', () => {
		const { nameBytes: name, addressBytes: addr, port, meta, vsn } = identity('c', '10.0.0.3');
		const nodes = [{ name, addr, port, meta, vsn, incarnation: 5, state: 2 }];
		const bytes = codec.streamPushPull('dialer', { join: true, nodes, userState: new Uint8Array(0) });
		expect(describeStream(codec, naming, { ...ends, by: 'dialer', bytes })).toBe('push/pull (join): c@5 dead');
	});

	it('says so when it cannot be read', () => {
		const bytes = Uint8Array.of(99, 1, 2, 3);
		expect(describeStream(codec, naming, { ...ends, by: 'dialer', bytes })).toMatch(/^not readable \(/);
	});
});

describe('events and answers', () => {
	const stamp = { seq: 1, at: 6_000 };
	const member = {
		name: 'c',
		address: { host: '10.0.0.3', port: 7946 },
		state: 'alive',
		incarnation: 5,
		tags: { lb: '1' },
		protocol: [1, 5, 2, 0, 0, 0],
		own: true,
		changedAt: 0,
		seenAt: 0,
	} as const;

	it('tells a step with its reason, and an update with what has changed', () => {
		expect(
			describeEvent(
				{ ...stamp, type: 'state', member, from: 'alive', to: 'suspect', why: { code: 'heard', by: 'a' } },
				naming,
			),
		).toBe('c@5 alive → suspect: heard by gossip, accused by a');
		const moved = { ...member, address: { host: '10.0.0.9', port: 7946 }, tags: { lb: '1', zone: 'b' } };
		expect(describeEvent({ ...stamp, type: 'update', member: moved, previous: member }, naming)).toBe(
			'c@5 update: moved from c to 10.0.0.9, tags zone=b',
		);
	});

	it('tells of a join address by address', () => {
		const { address } = member;
		const answers = [
			{ address, ok: true, via: 'udp', members: 3 },
			{ address: { host: '10.0.0.9', port: 1 }, ok: false, reason: 'no answer' },
		] as const;
		expect(describeResult({ type: 'join', answers }, naming)).toBe(
			'join: c answered by udp, 3 members; join: 10.0.0.9: no answer',
		);
	});
});
