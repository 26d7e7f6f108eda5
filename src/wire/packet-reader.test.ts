// The packet reader: each layer, each refusal, and what foreign encodings it takes.

import { describe, expect, it } from 'vitest';
import { type PacketMessage, RecordedPacket } from '../../test/support/recorded-packet.ts';
import { type RejectCode, utf8 } from '../swim/index.ts';
import { createCodec } from './codec.ts';
import { wrapCompressed } from './compression.ts';
import { Keyring } from './keyring.ts';

const codec = createCodec({ packetBytes: 1_400 });
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const read = (packet: Uint8Array | string, using = codec): RecordedPacket => {
	const record = new RecordedPacket();
	using.readPacket(typeof packet === 'string' ? hex(packet) : packet, record);
	return record;
};
const only = (record: RecordedPacket): PacketMessage['fields'] => {
	expect(record.rejects).toEqual([]);
	expect(record.messages.length).toBe(1);
	return record.messages[0]!.fields;
};
const compound = (...parts: readonly Uint8Array[]): Uint8Array => {
	const table = parts.flatMap((part) => [part.length >> 8, part.length & 0xff]);
	return Uint8Array.from([7, parts.length, ...table, ...parts.flatMap((part) => [...part])]);
};
const NACK = hex('0b 81 a55365714e6f 05');
const NODE = 'a44e6f6465';
const SEQ_NO = 'a55365714e6f';
const LB = 'a26c62';

describe('messages', () => {
	it('takes any key order, repeated keys, unknown keys, any encoding of a value, and bytes behind the map', () => {
		const keys = `${SEQ_NO} d1012c a55a6f6e6573 92c0a0 d9044e6f6465 d903616263 a34e6f64 c3 ${NODE} c403646566`;
		const fields = only(read(`00 85 ${keys} ffff`));
		expect(fields).toMatchObject({ Node: 'def', SeqNo: 300 });
	});

	it('leaves the zero value for what is missing or nil, not that of the message before', () => {
		read(codec.alive(identity(), 9));
		expect(only(read('04 80'))).toEqual({ Addr: '', Incarnation: 0, Meta: '', Node: '', Port: 0, Vsn: '' });
		read('01 81 a44e61636b c3');
		expect(only(read(`01 81 ${NODE} c0`))).toMatchObject({ Nack: false, Node: '', Target: '' });
		expect(only(read('0b c0'))).toEqual({ SeqNo: 0 });
	});

	it.each<[string, string, RejectCode]>([
		['a sequence number beyond 32 bits', `0b 81 ${SEQ_NO} cf0000000100000000`, 'bad-field'],
		['a negative one', `0b 81 ${SEQ_NO} ff`, 'bad-field'],
		['a port beyond 16 bits', '04 81 a4506f7274 ce00010000', 'bad-field'],
		['a name that is no string', `00 81 ${NODE} 01`, 'bad-field'],
		['a key that is no string', '00 81 01 01', 'bad-field'],
		['a body that is no map', '00 a0', 'bad-field'],
		['no msgpack', '00 c1', 'bad-msgpack'],
		['a cut value', `00 81 ${NODE} a3 6162`, 'truncated'],
		['no body', '00', 'truncated'],
		['push/pull, which is for streams', '06 80', 'unknown-type'],
		['error, which is for streams', '0d 80', 'unknown-type'],
		['an unknown type', '0e 80', 'unknown-type'],
		['nothing', '', 'empty'],
	])('refuses %s', (_, packet, code) => {
		const record = read(packet);
		expect(record.codes).toEqual([code]);
		expect(record.messages).toEqual([]);
	});

	it('reads the extension of ping and ack, and tolerates that of later versions (X1)', () => {
		const digest = '01 00000001 fffffffe';
		expect(only(read(`00 81 ${LB} a9 ${digest}`)).lb).toEqual({ version: 1, a: 1, b: 0xffff_fffe });
		expect(only(read(`02 82 ${LB} c409 ${digest} ${SEQ_NO} 07`))).toMatchObject({
			SeqNo: 7,
			lb: { version: 1, a: 1, b: 0xffff_fffe },
		});
		expect(only(read(`00 81 ${LB} a2 0209`)).lb).toEqual({ version: 2, a: 0, b: 0 });
		expect(only(read(`00 81 ${LB} a0`)).lb).toBeUndefined();
		expect(only(read(`00 81 ${LB} c0`)).lb).toBeUndefined();
		expect(only(read(`00 81 ${LB} a9 00 0000000100000002`)).lb).toBeUndefined();
		expect(read(`00 81 ${LB} 01`).codes).toEqual(['bad-field']);
	});

	it('hands over application messages as they are', () => {
		expect(only(read('08 0102 ff'))).toEqual({ body: '0102ff' });
		expect(only(read('08'))).toEqual({ body: '' });
	});
});

describe('containers', () => {
	it('tells a bad part and handles the others', () => {
		const record = read(compound(NACK, hex('0b c1'), new Uint8Array(0), hex('0c 00000000 0b80'), NACK));
		expect(record.messages.length).toBe(2);
		expect(record.codes).toEqual(['bad-msgpack', 'empty', 'unknown-type']);
	});

	it('reads compound in compound and compress in compound, up to 8 layers', () => {
		const nested = (layers: number): Uint8Array => (layers === 0 ? NACK : compound(nested(layers - 1)));
		expect(read(nested(8)).messages.length).toBe(1);
		expect(read(nested(9)).codes).toEqual(['too-deep']);
		const inflating = (layers: number): Uint8Array => (layers === 0 ? NACK : wrapCompressed(inflating(layers - 1)));
		expect(read(compound(inflating(7))).messages.length).toBe(1);
		expect(read(compound(inflating(8))).codes).toEqual(['too-deep']);
	});

	it('reads 255 parts', () => {
		expect(read(compound(...new Array(255).fill(NACK))).messages.length).toBe(255);
	});

	it('inflates at most 64 KiB of a packet, all its parts together', () => {
		const big = (bytes: number): Uint8Array => {
			const message = new Uint8Array(bytes);
			message[0] = 8;
			return wrapCompressed(message);
		};
		expect(read(big(65_536)).messages.length).toBe(1);
		expect(read(big(65_537)).codes).toEqual(['too-large']);
		expect(read(compound(big(40_000), big(20_000))).messages.length).toBe(2);
		// Once one was too large, nothing more of the packet is inflated.
		const record = read(compound(big(40_000), big(40_000), big(20_000)));
		expect(record.messages.length).toBe(1);
		expect(record.codes).toEqual(['too-large', 'too-large']);
	});

	it('refuses a wrong checksum, and a checksum that is not outermost', () => {
		const packet = codec.packet();
		packet.nack(5);
		const whole = packet.finish({ crc: true });
		expect(only(read(whole))).toEqual({ SeqNo: 5 });
		for (let i = 1; i < whole.length; i++) {
			const broken = new Uint8Array(whole);
			broken[i]! ^= 1;
			expect(read(broken).codes).toEqual(['bad-crc']);
		}
		expect(read('0c 00000000').codes).toEqual(['empty']);
		expect(read('0c 000000').codes).toEqual(['unknown-type']);
		expect(read(wrapCompressed(whole)).codes).toEqual(['unknown-type']);
	});
});

describe('label and encryption', () => {
	const keyring = new Keyring([new Uint8Array(16)]);
	const labelled = createCodec({ packetBytes: 1_400, label: 'blue' });
	const closed = createCodec({ packetBytes: 1_400, keyring });
	const nack = (using: typeof codec): Uint8Array => {
		const packet = using.packet();
		packet.nack(5);
		return packet.finish({ crc: true });
	};

	it('keeps differently labelled clusters apart', () => {
		const other = createCodec({ packetBytes: 1_400, label: 'bluf' });
		expect(only(read(nack(labelled), labelled))).toEqual({ SeqNo: 5 });
		expect(read(nack(labelled), codec).codes).toEqual(['bad-label']);
		expect(read(nack(labelled), other).codes).toEqual(['bad-label']);
		expect(read(nack(codec), labelled).codes).toEqual(['bad-label']);
		expect(read('f404 626c7565', labelled).codes).toEqual(['empty']);
		expect(read('', labelled).codes).toEqual(['bad-label']);
	});

	it('authenticates the label of an encrypted packet', () => {
		const blue = createCodec({ packetBytes: 1_400, label: 'blue', keyring });
		const packet = nack(blue);
		expect(only(read(packet, blue))).toEqual({ SeqNo: 5 });
		expect(read(packet.subarray(6), closed).codes).toEqual(['cannot-decrypt']);
	});

	it('takes clear text only while incoming verification is off, and then both', () => {
		const migrating = createCodec({ packetBytes: 1_400, keyring, verifyIncoming: false, verifyOutgoing: false });
		expect(read(nack(codec), closed).codes).toEqual(['cannot-decrypt']);
		expect(only(read(nack(codec), migrating))).toEqual({ SeqNo: 5 });
		expect(only(read(nack(closed), migrating))).toEqual({ SeqNo: 5 });
		expect(nack(migrating)).toEqual(nack(codec));
	});
});

describe('view sync (X3)', () => {
	const sums = Uint32Array.from({ length: 256 }, (_, i) => 0xffff_ff00 + i);
	const differs = Uint8Array.from({ length: 16 }, (_, i) => i);
	const request = (): Uint8Array => {
		const packet = codec.packet();
		packet.syncRequest(0xfedc_ba98, 0x8000_0001, sums);
		return packet.finish({ crc: false });
	};
	const page = (records: readonly Uint8Array[]): Uint8Array => {
		const packet = codec.packet();
		packet.syncPage(7, differs);
		expect(packet.record(records)).toBe(true);
		packet.endPage({ end: true, push: false });
		return packet.finish({ crc: false });
	};

	it('reads a request back, with the length of the packet that carried it', () => {
		const bytes = request();
		expect(bytes.length).toBe(1_390);
		const fields = { nonce: 0xfedc_ba98, cursor: 0x8000_0001, sums: [...sums] };
		expect(only(read(bytes))).toEqual({ ...fields, packetBytes: 1_390 });
		const short = wrapCompressed(bytes);
		expect(only(read(short))).toEqual({ ...fields, packetBytes: short.length });
	});

	it('takes one request a packet, so that the answers cannot outweigh it', () => {
		const bare = request().subarray(0, 1_035);
		const record = read(wrapCompressed(compound(...new Array(20).fill(bare))));
		expect(record.messages.length).toBe(1);
		// After so many refusals the rest is left alone.
		expect(record.codes).toEqual(new Array(17).fill('bad-sync'));
		expect(read(request()).rejects).toEqual([]);
	});

	it('frames the records of a page', () => {
		const alive = codec.alive(identity(), 5);
		const suspect = codec.suspect(utf8('node-b'), 5, utf8('node-a'));
		const record = read(page([alive, suspect]));
		const head = { nonce: 7, differs: Buffer.from(differs).toString('hex'), end: true, push: false };
		expect(record.rejects).toEqual([]);
		expect(record.messages.map(({ type }) => type)).toEqual(['syncPage', 'alive', 'suspect', 'syncPageEnd']);
		expect(record.messages[0]!.fields).toEqual(head);
		expect(record.messages[3]!.fields).toEqual(head);
	});

	it('refuses a page of which anything is missing as a whole, and bad records one by one', () => {
		const whole = page([codec.suspect(utf8('a'), 1, utf8('b'))]);
		for (let end = 2; end < whole.length; end++) {
			const record = read(whole.subarray(0, end));
			expect(record.codes).toEqual(['bad-sync']);
			expect(record.messages).toEqual([]);
		}
		const record = read(page([NACK, codec.dead(utf8('a'), 1, utf8('b')), hex('03 c1')]));
		expect(record.messages.map(({ type }) => type)).toEqual(['syncPage', 'dead', 'syncPageEnd']);
		expect(record.codes).toEqual(['bad-sync', 'bad-msgpack']);
	});

	it('refuses other kinds, cut requests and pages of more than 127 records', () => {
		expect(read('08 fe').codes).toEqual(['bad-sync']);
		expect(read('08 fe 03 00000000').codes).toEqual(['bad-sync']);
		expect(read(request().subarray(0, 1_034)).codes).toEqual(['bad-sync']);
		const many = new Uint8Array(25 + 2 * 128);
		many.set(hex('08 fe 02'));
		many[24] = 128;
		expect(read(many).codes).toEqual(['bad-sync']);
	});
});

function identity(): Parameters<typeof codec.alive>[0] {
	return {
		name: 'node-b',
		nameBytes: utf8('node-b'),
		nameHash: 0,
		address: { host: '10.0.0.2', port: 7946 },
		addressText: '10.0.0.2:7946',
		addressBytes: Uint8Array.of(10, 0, 0, 2),
		port: 7946,
		meta: Uint8Array.of(0xff, 0x80),
		vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
		protocol: [1, 5, 2, 0, 0, 0],
		tags: {},
		extension: 0,
	};
}
