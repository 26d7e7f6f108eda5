// The packet writer: room, framing, and the promise that bytes once handed out stay as they are.

import { describe, expect, it } from 'vitest';
import { RecordedPacket } from '../../test/support/recorded-packet.ts';
import { EMPTY, utf8 } from '../swim/index.ts';
import { type CodecOptions, createCodec } from './codec.ts';
import { Keyring } from './keyring.ts';

const keyring = new Keyring([new Uint8Array(32)]);
const NO_CRC = { crc: false };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe.each<[string, Partial<CodecOptions>]>([
	['plain', {}],
	['labelled', { label: 'a'.repeat(100) }],
	['encrypted', { keyring }],
	['labelled, encrypted and compressed', { label: 'blue', keyring, compress: true }],
])('%s', (_, options) => {
	it.each([508, 1_400, 9_000, 65_000])('fills a packet of %d bytes to the last byte and not beyond', (packetBytes) => {
		const codec = createCodec({ packetBytes, ...options });
		const packet = codec.packet();
		expect(packet.room).toBe(codec.packetRoom);
		const first = Uint8Array.from({ length: 100 }, (_, i) => (i === 0 ? 8 : (i * 37) % 251));
		packet.message(first);
		const rest = Uint8Array.from({ length: packet.room }, (_, i) => (i === 0 ? 8 : (i * i * 89) % 241));
		packet.message(rest);
		expect(packet.room).toBe(0);
		const finished = packet.finish({ crc: true });
		if (options.compress) expect(finished.length).toBeLessThanOrEqual(packetBytes);
		else expect(finished.length).toBe(packetBytes);
		const record = new RecordedPacket();
		codec.readPacket(finished, record);
		expect(record.messages.map(({ fields }) => fields.body)).toEqual([hex(first.subarray(1)), hex(rest.subarray(1))]);
	});

	it('refuses a part that does not fit, and stays usable', () => {
		const codec = createCodec({ packetBytes: 508, ...options });
		const packet = codec.packet();
		packet.nack(1);
		expect(() => packet.message(new Uint8Array(packet.room + 1))).toThrow(RangeError);
		expect(() => packet.ping(1, new Uint8Array(100_000), undefined)).toThrow(RangeError);
		packet.nack(2);
		const record = new RecordedPacket();
		codec.readPacket(packet.finish(NO_CRC), record);
		expect(record.messages.map(({ fields }) => fields.SeqNo)).toEqual([1, 2]);
	});
});

const codec = createCodec({ packetBytes: 1_400 });

it('writes one part bare and more as a compound', () => {
	const packet = codec.packet();
	packet.nack(1);
	expect(hex(packet.finish(NO_CRC))).toBe('0b81a55365714e6f01');
	packet.nack(1);
	packet.nack(2);
	expect(packet.parts).toBe(2);
	expect(hex(packet.finish(NO_CRC))).toBe('070200090009' + '0b81a55365714e6f01' + '0b81a55365714e6f02');
});

it('writes the extension behind the other keys, and nothing of it to foreign nodes (X1)', () => {
	const packet = codec.packet();
	packet.ping(1, utf8('b'), { a: 1, b: 0xffff_ffff });
	expect(hex(packet.finish(NO_CRC))).toBe('0083a44e6f6465a162a55365714e6f01a26c62a90100000001ffffffff');
	packet.ping(1, utf8('b'), undefined);
	expect(hex(packet.finish(NO_CRC))).toBe('0082a44e6f6465a162a55365714e6f01');
	packet.ack(1, Uint8Array.of(9), { a: 2, b: 3 });
	expect(hex(packet.finish(NO_CRC))).toBe('0283a75061796c6f6164a109a55365714e6f01a26c62a9010000000200000003');
	packet.ack(1, undefined, undefined);
	expect(hex(packet.finish(NO_CRC))).toBe('0281a55365714e6f01');
});

it('holds at most 127 parts', () => {
	const packet = codec.packet();
	for (let i = 0; i < 127; i++) packet.message(Uint8Array.of(8));
	expect(packet.room).toBe(0);
	expect(() => packet.message(Uint8Array.of(8))).toThrow(RangeError);
	expect(packet.finish(NO_CRC)[1]).toBe(127);
});

it('never writes again into bytes that it has handed out', () => {
	const small = createCodec({ packetBytes: 9_000 });
	const packets: { bytes: Uint8Array; before: string }[] = [];
	for (let i = 0; i < 200; i++) {
		small.packet().ping(i, new Uint8Array(1_000).fill(i), undefined);
		const packet = small.packet();
		packet.ping(i, new Uint8Array(500 + 3 * i).fill(i), { a: i, b: i });
		if (i % 2 === 0) packet.nack(i);
		const bytes = packet.finish({ crc: i % 3 === 0 });
		packets.push({ bytes, before: hex(bytes) });
	}
	for (const { bytes, before } of packets) expect(hex(bytes)).toBe(before);
});

it('refuses to finish nothing, but finishes a page without records', () => {
	const packet = codec.packet();
	expect(() => packet.finish(NO_CRC)).toThrow(RangeError);
	packet.syncPage(1, new Uint8Array(16));
	packet.endPage({ end: true, push: true });
	expect(hex(packet.finish(NO_CRC))).toBe(`08fe0200000001${'03'}${'00'.repeat(16)}00`);
});

describe('view sync', () => {
	const sums = new Uint32Array(256);

	it.each([
		[1_400, {}, 1_390],
		[65_000, {}, 1_390],
		[1_400, { keyring }, 1_395],
		[1_400, { compress: true }, 1_390],
		[508, {}, 1_035],
		[508, { keyring, label: 'a'.repeat(29) }, 1_095],
	])('pads the request in packets of %d bytes (%o) to %d', (packetBytes, options, length) => {
		const packet = createCodec({ packetBytes, ...options }).packet();
		packet.syncRequest(1, 2, sums);
		expect(packet.room).toBe(0);
		expect(packet.finish(NO_CRC).length).toBe(length);
	});

	it('adds a record whole or not at all', () => {
		const packet = codec.packet();
		packet.syncPage(1, new Uint8Array(16));
		const record = [new Uint8Array(200), new Uint8Array(40)];
		let records = 0;
		while (packet.record(record)) records++;
		// 1395 bytes less 25 of head; a record is 240 bytes and two lengths.
		expect(records).toBe(5);
		expect(packet.parts).toBe(10);
		expect(packet.record([new Uint8Array(packet.room)])).toBe(true);
		packet.endPage({ end: false, push: false });
		expect(packet.finish({ crc: true }).length).toBe(1_400);
		packet.syncPage(1, new Uint8Array(16));
		expect(packet.record(new Array(128).fill(Uint8Array.of(3)))).toBe(false);
		expect(packet.record(new Array(127).fill(Uint8Array.of(3)))).toBe(true);
	});

	it('stands alone in its packet', () => {
		const packet = codec.packet();
		packet.nack(1);
		expect(() => packet.syncRequest(1, 2, sums)).toThrow(RangeError);
		expect(() => packet.syncPage(1, new Uint8Array(16))).toThrow(RangeError);
		codec.packet().syncRequest(1, 2, sums);
		expect(() => packet.nack(1)).toThrow(RangeError);
		expect(() => codec.packet().syncRequest(1, 2, new Uint32Array(255))).toThrow(RangeError);
		expect(() => codec.packet().syncPage(1, new Uint8Array(15))).toThrow(RangeError);
	});
});

it('keeps the mark of our own messages from applications', () => {
	expect(hex(codec.user(Uint8Array.of(1, 2)))).toBe('080102');
	expect(hex(codec.user(EMPTY))).toBe('08');
	expect(() => codec.user(Uint8Array.of(0xfe, 1))).toThrow(RangeError);
});
