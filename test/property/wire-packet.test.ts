// Packets: any bytes are read or refused, what is written is read back, and no packet outgrows its limit.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	type ByteRange,
	type Identity,
	IdentityPool,
	type PacketHandler,
	randomBelow,
	seededRandom,
	utf8,
	type ViewDigest,
} from '../../src/swim/index.ts';
import { createCodec, Keyring, MsgpackWriter } from '../../src/wire/index.ts';
import { RecordedPacket } from '../support/recorded-packet.ts';

const codec = createCodec({ packetBytes: 1_400 });
const compressing = createCodec({ packetBytes: 1_400, compress: true });
const pool = new IdentityPool((meta) => codec.decodeTags(meta));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const uint32 = fc.nat(0xffff_ffff);
const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const digest: fc.Arbitrary<ViewDigest | undefined> = fc.option(fc.record({ a: uint32, b: uint32 }), { nil: undefined });
const identity: fc.Arbitrary<Identity> = fc
	.record({
		name: name.map(utf8),
		addr: fc.oneof(...[4, 16].map((length) => fc.uint8Array({ minLength: length, maxLength: length }))),
		port: fc.nat(0xffff),
		meta: fc.uint8Array({ maxLength: 512 }),
		vsn: fc.uint8Array({ minLength: 6, maxLength: 6 }),
	})
	.map((fields) => pool.identity(fields));

const read = (packet: Uint8Array, using = codec): RecordedPacket => {
	const record = new RecordedPacket();
	using.readPacket(packet, record);
	return record;
};

describe('any bytes', () => {
	/** Touches all that it is given, and counts. */
	class Toucher implements PacketHandler {
		calls = 0;
		ping = (message: { node: ByteRange; sourceAddr: ByteRange; sourceNode: ByteRange }): void =>
			this.#touch(message.node, message.sourceAddr, message.sourceNode);
		indirectPing = (message: { node: ByteRange; target: ByteRange }): void => this.#touch(message.node, message.target);
		ack = (message: { payload: ByteRange }): void => this.#touch(message.payload);
		nack = (): void => this.#touch();
		alive = (message: { node: ByteRange; addr: ByteRange; meta: ByteRange; vsn: ByteRange }): void =>
			this.#touch(message.node, message.addr, message.meta, message.vsn);
		suspect = (message: { node: ByteRange; from: ByteRange }): void => this.#touch(message.node, message.from);
		dead = (message: { node: ByteRange; from: ByteRange }): void => this.#touch(message.node, message.from);
		user = (body: ByteRange): void => this.#touch(body);
		syncRequest = (): void => this.#touch();
		syncPage = (message: { differs: ByteRange }): void => this.#touch(message.differs);
		syncPageEnd = (): void => this.#touch();
		beacon = (): void => this.#touch();
		rejected = (): void => this.#touch();

		#touch(...ranges: readonly ByteRange[]): void {
			this.calls++;
			for (const { start, end, bytes } of ranges) {
				if (!(start >= 0 && start <= end && end <= bytes.length))
					throw new Error(`range ${start}..${end} of ${bytes.length}`);
			}
		}
	}

	const samples = (): Uint8Array[] => {
		const member = pool.identity({
			name: utf8('node-b'),
			addr: Uint8Array.of(10, 0, 0, 2),
			port: 7946,
			meta: codec.encodeTags({ lb: '1', grpc: '10.0.0.2:3001' }),
			vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
		});
		const updates = [
			codec.alive(member, 5),
			codec.suspect(member.nameBytes, 5, utf8('node-a')),
			codec.dead(member.nameBytes, 70_000, utf8('node-b')),
			codec.user(Uint8Array.of(1, 2, 3)),
		];
		return [codec, compressing].flatMap((using) => {
			const made: Uint8Array[] = [];
			const packet = using.packet();
			for (const update of updates) {
				packet.message(update);
				made.push(packet.finish({ crc: false }));
			}
			packet.ping(5, member.nameBytes, { a: 1, b: 2 });
			made.push(packet.finish({ crc: false }));
			packet.indirectPing(500, member, true);
			for (const update of updates) packet.message(update);
			made.push(packet.finish({ crc: false }));
			packet.ack(70_000, Uint8Array.of(1, 2, 3), { a: 1, b: 2 });
			for (const update of updates) packet.message(update);
			made.push(packet.finish({ crc: true }));
			packet.syncRequest(1, 2, new Uint32Array(256));
			made.push(packet.finish({ crc: false }));
			packet.syncPage(1, new Uint8Array(16));
			packet.record(updates.slice(0, 3));
			packet.endPage({ end: true, push: true });
			made.push(packet.finish({ crc: false }));
			return made;
		});
	};

	it('are read or refused: 120,000 mutated packets', () => {
		const corpus = samples();
		const toucher = new Toucher();
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const random = seededRandom(seed);
				const below = (limit: number): number => randomBelow(random, limit);
				for (let i = 0; i < 1_200; i++) {
					const sample = corpus[below(corpus.length)]!;
					const packet = new Uint8Array(sample.subarray(0, below(4) === 0 ? below(sample.length + 1) : sample.length));
					// The interesting bytes stand in front: half of the changes go there.
					for (let changes = below(4); changes > 0 && packet.length > 0; changes--) {
						packet[below(below(2) === 0 ? Math.min(16, packet.length) : packet.length)] = below(256);
					}
					codec.readPacket(packet, toucher);
				}
			}),
			{ numRuns: 100 },
		);
		expect(toucher.calls).toBeGreaterThan(60_000);
	});

	it('are read or refused: noise behind every type byte, in every layer', () => {
		const keyring = new Keyring([new Uint8Array(16)], { nonce: () => new Uint8Array(12) });
		const codecs = [
			codec,
			createCodec({ packetBytes: 1_400, label: 'x' }),
			createCodec({ packetBytes: 1_400, keyring, verifyIncoming: false }),
		];
		fc.assert(
			fc.property(fc.nat(255), fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...codecs), (type, noise, using) => {
				for (const head of [[type], [7, 1, 0, 1 + noise.length, type], [0xf4, 1, 0x78, type]]) {
					using.readPacket(Uint8Array.from([...head, ...noise]), new Toucher());
				}
			}),
			{ numRuns: 5_000 },
		);
	});
});

describe('what is written is read back', () => {
	it('each message alone and all of them together, through every layer', () => {
		const keyring = new Keyring([new Uint8Array(16)]);
		const codecs = [{}, { label: 'blue' }, { keyring }, { label: 'blue', keyring, compress: true }].map((options) =>
			createCodec({ packetBytes: 9_000, ...options }),
		);
		const message = fc.record({
			seqNo: uint32,
			incarnation: uint32,
			name,
			from: name,
			identity,
			digest,
			nack: fc.boolean(),
		});
		const payload = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: undefined });
		fc.assert(
			fc.property(message, payload, fc.constantFrom(...codecs), fc.boolean(), (m, payload, using, crc) => {
				const lb = m.digest ? { lb: { version: 1, ...m.digest } } : {};
				const accusation = { From: m.from, Incarnation: m.incarnation, Node: m.name };
				const noSource = { SourceAddr: '', SourceNode: '', SourcePort: 0 };
				const about = { Node: m.identity.name, Port: m.identity.port };
				const parts = [
					{ type: 'ping', fields: { Node: m.name, SeqNo: m.seqNo, ...noSource, ...lb } },
					{
						type: 'indirectPing',
						fields: { Nack: m.nack, ...about, SeqNo: m.seqNo, Target: hex(m.identity.addressBytes), ...noSource },
					},
					{ type: 'ackResp', fields: { Payload: hex(payload ?? new Uint8Array(0)), SeqNo: m.seqNo, ...lb } },
					{ type: 'nackResp', fields: { SeqNo: m.seqNo } },
					{
						type: 'alive',
						fields: {
							Addr: hex(m.identity.addressBytes),
							Incarnation: m.incarnation,
							Meta: hex(m.identity.meta),
							...about,
							Vsn: hex(m.identity.vsn),
						},
					},
					{ type: 'suspect', fields: accusation },
					{ type: 'dead', fields: accusation },
				];
				const packet = using.packet();
				packet.ping(m.seqNo, utf8(m.name), m.digest);
				packet.indirectPing(m.seqNo, m.identity, m.nack);
				packet.ack(m.seqNo, payload, m.digest);
				packet.nack(m.seqNo);
				packet.message(using.alive(m.identity, m.incarnation));
				packet.message(using.suspect(utf8(m.name), m.incarnation, utf8(m.from)));
				packet.message(using.dead(utf8(m.name), m.incarnation, utf8(m.from)));
				const record = read(packet.finish({ crc }), using);
				expect(record.rejects).toEqual([]);
				expect(record.messages).toEqual(parts);
				packet.nack(m.seqNo);
				expect(read(packet.finish({ crc }), using).messages).toEqual([parts[3]]);
			}),
			{ numRuns: 300 },
		);
	});

	it('requests and pages of view sync', () => {
		const sums = fc.array(uint32, { minLength: 256, maxLength: 256 });
		const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });
		const arguments_ = fc.tuple(uint32, uint32, sums, sixteen, fc.boolean(), fc.boolean(), fc.array(identity));
		fc.assert(
			fc.property(arguments_, ([nonce, cursor, sums, differs, end, push, members]) => {
				const packet = codec.packet();
				packet.syncRequest(nonce, cursor, Uint32Array.from(sums));
				const request = packet.finish({ crc: false });
				expect(read(request).messages).toEqual([
					{ type: 'syncRequest', fields: { nonce, cursor, sums, packetBytes: request.length } },
				]);
				packet.syncPage(nonce, differs);
				const added = members.filter((member) => packet.record([codec.alive(member, nonce)]));
				packet.endPage({ end, push });
				const record = read(packet.finish({ crc: false }));
				const head = { nonce, differs: hex(differs), end, push };
				expect(record.messages.at(0)).toEqual({ type: 'syncPage', fields: head });
				expect(record.messages.at(-1)).toEqual({ type: 'syncPageEnd', fields: head });
				expect(record.messages.slice(1, -1).map(({ fields }) => fields.Node)).toEqual(
					added.map((member) => member.name),
				);
			}),
			{ numRuns: 200 },
		);
	});

	it('in any order of keys, among any unknown keys and values', () => {
		const known = fc.record({
			Addr: fc.uint8Array(),
			Node: fc.uint8Array(),
			Incarnation: uint32,
			Port: fc.nat(0xffff),
		});
		const unknown = fc.dictionary(
			fc
				.string({ maxLength: 31 })
				.filter((key) => !['Addr', 'Incarnation', 'Meta', 'Node', 'Port', 'Vsn'].includes(key)),
			fc.oneof(fc.nat(), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat())),
			{ maxKeys: 20 },
		);
		fc.assert(
			fc.property(known, unknown, fc.infiniteStream(fc.nat()), (known, unknown, order) => {
				const entries = Object.entries({ ...unknown, ...known })
					.map(([key, value]) => ({ key, value, rank: order.next().value }))
					.sort((a, b) => a.rank - b.rank);
				const writer = new MsgpackWriter();
				writer.byte(4);
				writer.mapHeader(entries.length);
				for (const { key, value } of entries) {
					writer.str(utf8(key));
					writeAny(writer, value);
				}
				const record = read(writer.copy());
				expect(record.rejects).toEqual([]);
				expect(record.messages[0]!.fields).toMatchObject({
					Addr: hex(known.Addr),
					Incarnation: known.Incarnation,
					Meta: '',
					Port: known.Port,
					Vsn: '',
				});
			}),
			{ numRuns: 300 },
		);
	});
});

it('a finished packet never exceeds packetBytes nor 127 parts', () => {
	const keyring = new Keyring([new Uint8Array(16)]);
	const options = fc.record({
		packetBytes: fc.integer({ min: 508, max: 3_000 }),
		label: fc.option(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' }), { nil: undefined }),
		keyring: fc.constantFrom(keyring, undefined),
		compress: fc.boolean(),
	});
	const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 200 });
	fc.assert(
		fc.property(options, sizes, fc.integer({ min: 1, max: 400 }), fc.boolean(), (options, sizes, largest, crc) => {
			const using = createCodec(options);
			const packet = using.packet();
			packet.ping(1, utf8('a'), { a: 1, b: 2 });
			const sent = sizes
				.map((size) => Math.min(size, largest))
				.filter((size) => {
					if (size > packet.room) return false;
					packet.message(new Uint8Array(size).fill(8));
					return true;
				});
			expect(packet.parts).toBe(1 + sent.length);
			expect(packet.parts).toBeLessThanOrEqual(127);
			const bytes = packet.finish({ crc });
			expect(bytes.length).toBeLessThanOrEqual(options.packetBytes);
			const record = read(bytes, using);
			expect(record.rejects).toEqual([]);
			expect(record.messages.length).toBe(1 + sent.length);
		}),
		{ numRuns: 1_000 },
	);
});

function writeAny(writer: MsgpackWriter, value: unknown): void {
	if (typeof value === 'number') writer.uint(value);
	else if (typeof value === 'boolean') writer.bool(value);
	else if (value instanceof Uint8Array) writer.str(value);
	else if (Array.isArray(value)) {
		writer.arrayHeader(value.length);
		for (const element of value) writeAny(writer, element);
	} else writer.nil();
}
