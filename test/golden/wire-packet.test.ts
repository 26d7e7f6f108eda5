// The packet half of the wire against the bytes of real memberlist, serf and Alertmanager, in both directions.

import { describe, expect, it } from 'vitest';
import { IdentityPool, type RejectCode, utf8 } from '../../src/swim/index.ts';
import * as fields from '../../src/wire/fields.ts';
import { createCodec, Keyring, MsgpackWriter } from '../../src/wire/index.ts';
import { type PacketMessage, RecordedPacket } from '../support/recorded-packet.ts';
import { bytes, fieldBytes, hex, type Vector, vectorFile, vectors } from './vectors.ts';

const KEY = bytes('000102030405060708090a0b0c0d0e0f');
const NONCE = bytes('a0a1a2a3a4a5a6a7a8a9aaab');
const keyring = (): Keyring => new Keyring([KEY], { nonce: () => NONCE });

const plain = createCodec({ packetBytes: 1_500 });
const pool = new IdentityPool((meta) => plain.decodeTags(meta));

function read(packet: Uint8Array, codec = plain): RecordedPacket {
	const record = new RecordedPacket();
	codec.readPacket(packet, record);
	return record;
}

/** The fields of a vector as the recorder shows them: nil and empty are the same to us. */
function expected(decoded: { type: string; fields?: Record<string, unknown>; body?: string }): PacketMessage {
	const shown: Record<string, unknown> = decoded.body === undefined ? {} : { body: decoded.body };
	for (const [name, value] of Object.entries(decoded.fields ?? {})) {
		const isBytes = ['Addr', 'Meta', 'Payload', 'SourceAddr', 'Target', 'Vsn'].includes(name);
		shown[name] = isBytes ? hex(fieldBytes(value as { bytes: string } | null)) : value;
	}
	return { type: decoded.type, fields: shown };
}

const TABLES: Record<string, readonly Uint8Array[]> = {
	ping: fields.PING,
	indirectPing: fields.INDIRECT_PING,
	ackResp: fields.ACK,
	nackResp: fields.NACK,
	suspect: fields.ACCUSATION,
	dead: fields.ACCUSATION,
	alive: fields.ALIVE,
	err: fields.ERROR,
	user: fields.USER_HEADER,
	pushPull: fields.PUSH_PULL_HEADER,
};

/** Writes a vector's message from its decoded fields, by our tables and our msgpack. */
function written(decoded: { type: string; typeByte: number; fields: Record<string, unknown> }): string {
	const present = TABLES[decoded.type]!.map((name) => ({ name, value: decoded.fields[fieldName(name)] })).filter(
		({ name, value }) => value !== undefined && !(fieldName(name).startsWith('Source') && !value),
	);
	const writer = new MsgpackWriter();
	writer.byte(decoded.typeByte);
	writer.mapHeader(present.length);
	for (const { name, value } of present) {
		writer.raw(name);
		if (value === null) writer.nil();
		else if (typeof value === 'number') writer.uint(value);
		else if (typeof value === 'boolean') writer.bool(value);
		else writer.str(fieldBytes(value as { bytes: string } | string));
	}
	return hex(writer.copy());
}

const fieldName = (encoded: Uint8Array): string => Buffer.from(encoded.subarray(1)).toString();

const isMessage = (vector: Vector): boolean => vector.decoded.fields !== undefined;
const isPacket = (vector: Vector): boolean =>
	isMessage(vector) && !['err', 'pushPull', 'user'].includes(vector.decoded.type);
const hasSignedInt = (vector: Vector): boolean =>
	['UserStateLen', 'UserMsgLen', 'Nodes'].some((name) => vector.decoded.fields[name] > 127);

describe.each(['messages', 'codec-v2'])('%s', (file) => {
	it.each(vectors(file).filter(isPacket))('reads $name', (vector) => {
		const record = read(bytes(vector.hex));
		expect(record.rejects).toEqual([]);
		expect(record.messages).toEqual([expected(vector.decoded)]);
	});

	it.each(vectors(file).filter((vector) => isMessage(vector) && !(file === 'codec-v2' && hasSignedInt(vector))))(
		'writes $name',
		(vector) => {
			expect(written({ ...vector.decoded, typeByte: Number.parseInt(vector.hex.slice(0, 2), 16) })).toBe(vector.hex);
		},
	);
});

describe('the codec writes what memberlist writes', () => {
	const of = (name: string): Vector => vectors('messages').find((vector) => vector.name === name)!;

	it.each(
		vectors('messages').filter((vector) => vector.decoded.type === 'alive' && vector.name !== 'alive-empty-meta'),
	)('$name', (vector) => {
		const { Addr, Meta, Node, Port, Vsn, Incarnation } = vector.decoded.fields;
		const identity = pool.identity({
			name: utf8(Node),
			addr: fieldBytes(Addr),
			port: Port,
			meta: fieldBytes(Meta),
			vsn: fieldBytes(Vsn),
		});
		expect(hex(plain.alive(identity, Incarnation))).toBe(vector.hex);
	});

	it('suspect, dead, nack and ping', () => {
		expect(hex(plain.suspect(utf8('node-c'), 5, utf8('node-a')))).toBe(of('suspect').hex);
		expect(hex(plain.dead(utf8('node-c'), 5, utf8('node-a')))).toBe(of('dead-failed').hex);
		expect(hex(plain.dead(utf8('node-c'), 5, utf8('node-c')))).toBe(of('dead-left').hex);
		const packet = plain.packet();
		packet.nack(301);
		expect(hex(packet.finish({ crc: false }))).toBe(of('nack').hex);
		plain.packet().ping(1, utf8('node-b'), undefined);
		expect(hex(packet.finish({ crc: false }))).toBe(of('ping-min').hex);
		plain.packet().ack(300, bytes('010203ff'), undefined);
		expect(hex(packet.finish({ crc: false }))).toBe(of('ack-payload').hex);
		plain.packet().ack(300, new Uint8Array(0), undefined);
		expect(hex(packet.finish({ crc: false }))).toBe(of('ack-empty-payload').hex);
	});
});

describe('compound', () => {
	it.each(vectors('compound').filter(({ name }) => !name.includes('128') && !name.includes('truncated')))(
		'$name in both directions',
		(vector) => {
			const parts: { bytes: string }[] = vector.decoded.parts;
			const record = read(bytes(vector.hex));
			expect(record.rejects).toEqual([]);
			expect(record.messages).toEqual(parts.flatMap((part) => read(bytes(part.bytes)).messages));
			const packet = plain.packet();
			for (const part of parts) packet.message(bytes(part.bytes));
			// memberlist, too, writes a single message bare; this compound of one was made by hand.
			expect(hex(packet.finish({ crc: false }))).toBe(parts.length > 1 ? vector.hex : parts[0]!.bytes);
		},
	);

	it('reads 128 parts as 128 nacks, unlike memberlist before 0.2.4', () => {
		const vector = vectors('compound').find(({ name }) => name === 'compound-128-parts')!;
		const record = read(bytes(vector.hex));
		expect(record.rejects).toEqual([]);
		expect(record.messages.map((message) => message.type)).toEqual(new Array(128).fill('nackResp'));
	});

	it('hands over the parts before a truncated one', () => {
		const vector = vectors('compound').find(({ name }) => name === 'compound-truncated')!;
		const record = read(bytes(vector.hex));
		expect(record.messages.map((message) => message.type)).toEqual(['ping']);
		expect(record.codes).toEqual(['truncated']);
	});
});

it.each(vectors('crc'))('$name in both directions', (vector) => {
	const inner = bytes(vector.decoded.inner);
	expect(read(bytes(vector.hex)).messages).toEqual(read(inner).messages);
	expect(read(bytes(vector.hex)).rejects).toEqual([]);
	const packet = plain.packet();
	packet.message(inner);
	expect(hex(packet.finish({ crc: true }))).toBe(vector.hex);
});

describe('label and envelope', () => {
	const inner = bytes(vectors('label').find(({ name }) => name === 'label-ping')!.decoded.inner);
	it.each([
		['label', 'label-ping', { label: 'blue' }, false],
		['label', 'label-encrypted-ping', { label: 'blue', keyring: keyring() }, false],
		['encrypt', 'encrypt-v1-ping', { keyring: keyring() }, false],
		['encrypt', 'encrypt-v1-crc-ping', { keyring: keyring() }, true],
	])('%s: %s in both directions', (file, name, options, crc) => {
		const codec = createCodec({ packetBytes: 1_400, ...options });
		const vector = vectors(file).find((candidate) => candidate.name === name)!;
		expect(read(bytes(vector.hex), codec).messages).toEqual(read(inner).messages);
		const packet = codec.packet();
		packet.message(inner);
		expect(hex(packet.finish({ crc }))).toBe(vector.hex);
	});

	it('reads the padded envelope of protocol version 1', () => {
		const vector = vectors('encrypt').find(({ name }) => name === 'encrypt-v0-ping')!;
		const codec = createCodec({ packetBytes: 1_400, keyring: keyring() });
		expect(read(bytes(vector.hex), codec).messages).toEqual(read(inner).messages);
	});
});

it.each(vectors('captured').filter((vector) => vector.transport === 'udp'))('reads $name ($peer)', (vector) => {
	const { label, key } = vector as Vector & { label?: string; key?: string };
	const codec = createCodec({ packetBytes: 1_400, label, keyring: key ? new Keyring([bytes(key)]) : undefined });
	const record = read(bytes(vector.hex), codec);
	expect(record.rejects).toEqual([]);
	expect(record.messages).toEqual(vector.decoded.messages.map(expected));
});

describe('what memberlist rejects', () => {
	const CODES: Record<string, RejectCode[]> = {
		'label-only-magic': ['bad-label'],
		'label-zero-length': ['bad-label'],
		'label-truncated': ['bad-label'],
		'compound-empty': ['truncated'],
		'compound-zero-parts': [],
		'compound-short-table': ['truncated'],
		'compound-body-missing': ['truncated'],
		'envelope-empty': ['cannot-decrypt'],
		'envelope-version-2': ['cannot-decrypt'],
		'envelope-too-short-v1': ['cannot-decrypt'],
		'envelope-too-short-v0': ['cannot-decrypt'],
		'envelope-bad-tag': ['cannot-decrypt'],
		'compress-unknown-algorithm': ['bad-compression'],
		'compress-no-eof-code': ['bad-compression'],
		'compress-invalid-code': ['bad-compression'],
	};
	const encrypted = createCodec({ packetBytes: 1_400, keyring: keyring() });

	it.each(vectorFile('reject').rejects!)('$name', ({ name, layer, hex: text }) => {
		const packet = bytes(layer.startsWith('compound') ? `07${text}` : text);
		const record = read(packet, layer.startsWith('encryption') ? encrypted : plain);
		expect(record.codes).toEqual(CODES[name]);
		expect(record.messages).toEqual([]);
	});
});
