// The stream half of the wire against the bytes of real memberlist, serf and Alertmanager, in both directions.

import { describe, expect, it } from 'vitest';
import { type PushPull, utf8, WireError } from '../../src/swim/index.ts';
import { unwrapCompressed, wrapCompressed } from '../../src/wire/compression.ts';
import { crc32 } from '../../src/wire/crc32.ts';
import { Keyring } from '../../src/wire/keyring.ts';
import { afterLabel, labelHeader } from '../../src/wire/label.ts';
import { WIRE_LIMITS } from '../../src/wire/limits.ts';
import { compress, decompress } from '../../src/wire/lzw.ts';
import { createStreamDecoder } from '../../src/wire/stream-decoder.ts';
import type { StreamOptions, StreamRole } from '../../src/wire/stream-options.ts';
import { streamAck, streamError, streamPushPull, streamUser } from '../../src/wire/stream-writer.ts';
import { decodeTags, encodeTags } from '../../src/wire/tags.ts';
import { RecordedStream, type StreamMessage } from '../support/recorded-stream.ts';
import { bytes, fieldBytes, hex, type Vector, vectorFile, vectors } from './vectors.ts';

const KEY = bytes('000102030405060708090a0b0c0d0e0f');
const NONCE = bytes('a0a1a2a3a4a5a6a7a8a9aaab');
const keyring = (key = KEY): Keyring => new Keyring([key], { nonce: () => NONCE });

const plain: StreamOptions = { verifyIncoming: true, verifyOutgoing: true, compress: false, limits: WIRE_LIMITS };

/** The messages in a stream, and a check that one byte at a time gives the same. */
function decode(options: StreamOptions, role: StreamRole, stream: Uint8Array): StreamMessage[] {
	const whole = new RecordedStream();
	const atOnce = createStreamDecoder(options, role, whole);
	atOnce.push(stream);
	expect(atOnce.pending).toBe(false);
	const pieces = new RecordedStream();
	const slowly = createStreamDecoder(options, role, pieces);
	for (let i = 0; i < stream.length; i++) {
		expect(slowly.pending).toBe(i > 0 && pieces.messages.length === 0 && !isLabelAlone(stream, i));
		slowly.push(stream.subarray(i, i + 1));
	}
	expect(pieces.messages).toEqual(whole.messages);
	return whole.messages;
}

const isLabelAlone = (stream: Uint8Array, length: number): boolean => stream[0] === 0xf4 && length === 2 + stream[1]!;

// biome-ignore lint/suspicious/noExplicitAny: the decoded fields of a vector
function pushPullOf(decoded: any): PushPull {
	return {
		join: decoded.header.Join,
		// biome-ignore lint/suspicious/noExplicitAny: as above
		nodes: decoded.nodes.map((node: any) => ({
			name: fieldBytes(node.Name),
			addr: fieldBytes(node.Addr),
			port: node.Port,
			meta: fieldBytes(node.Meta),
			vsn: fieldBytes(node.Vsn),
			incarnation: node.Incarnation,
			state: node.State,
		})),
		userState: bytes(decoded.userState ?? ''),
	};
}

// biome-ignore lint/suspicious/noExplicitAny: as above
function messageOf(decoded: any): StreamMessage {
	const fields = decoded.fields ?? decoded;
	switch (decoded.type) {
		case 'pushPull':
			return { type: 'pushPull', ...pushPullOf(decoded) };
		case 'ping':
			return { type: 'ping', seqNo: fields.SeqNo, node: fieldBytes(fields.Node) };
		case 'ackResp':
			return { type: 'ack', seqNo: fields.SeqNo };
		case 'user':
			return { type: 'user', body: bytes(decoded.body ?? decoded.payload) };
		case 'err':
			return { type: 'error', text: fields.Error };
	}
	throw new Error(`unknown type in a vector: ${decoded.type}`);
}

function write(options: StreamOptions, role: StreamRole, message: StreamMessage): Uint8Array {
	switch (message.type) {
		case 'pushPull':
			return streamPushPull(options, role, message);
		case 'ack':
			return streamAck(options, role, message.seqNo);
		case 'user':
			return streamUser(options, role, message.body);
		case 'error':
			return streamError(options, role, message.text);
		case 'ping':
			throw new Error('the pings of the vectors carry a source, which ours leave out');
	}
}

const optionsFor = (name: string): StreamOptions => ({
	...plain,
	compress: name.includes('compressed'),
	keyring: name.includes('encrypted') ? keyring() : undefined,
});

describe('streams of memberlist', () => {
	it.each(vectors('stream').map((vector) => [vector.name, vector] as const))('reads %s', (name, { hex, decoded }) => {
		expect(decode(optionsFor(name), 'listener', bytes(hex))).toEqual([messageOf(decoded)]);
	});

	const written = vectors('stream').filter(({ name }) => !name.startsWith('tcp-ping') && !name.endsWith('-v0'));
	it.each(written.map((vector) => [vector.name, vector] as const))('writes %s', (name, vector) => {
		expect(hex(write(optionsFor(name), 'dialer', messageOf(vector.decoded)))).toBe(vector.hex);
	});

	it.each(vectors('label').filter(({ name }) => name.includes('stream')))('reads and writes $name', (vector) => {
		const options = { ...optionsFor(vector.name), label: 'blue' };
		const dialed = !vector.name.includes('answer');
		const message = messageOf(vector.decoded);
		expect(decode(options, dialed ? 'listener' : 'dialer', bytes(vector.hex))).toEqual([message]);
		expect(hex(write(options, dialed ? 'dialer' : 'listener', message))).toBe(vector.hex);
	});
});

describe('streams captured from real peers', () => {
	const captured = vectors('captured').filter(({ transport }) => transport === 'tcp');
	it.each(captured.map((vector) => [vector.name, vector] as const))('reads %s', (name, { hex, decoded }) => {
		const layers: string[] = decoded.layers;
		const labelled = layers.includes('label');
		const encrypted = layers.includes('encrypt frame');
		// Answers of the labelled cluster carry the label only in the additional data.
		const cluster = labelled || name.includes('label') ? labelOf(captured) : undefined;
		const options = { ...plain, label: cluster, keyring: encrypted ? keyring() : undefined };
		expect(decode(options, labelled ? 'listener' : 'dialer', bytes(hex))).toEqual(decoded.messages.map(messageOf));
	});
});

/** The label of the captured clusters, from the first stream that shows it. */
function labelOf(captured: readonly Vector[]): string {
	const stream = bytes(captured.find(({ decoded }) => decoded.layers.includes('label'))!.hex);
	return Buffer.from(stream.subarray(2, 2 + stream[1]!)).toString();
}

describe('layers', () => {
	it.each(vectors('compress'))('$name: LZW and its wrapper', ({ hex: text, decoded }) => {
		const payload = bytes(decoded.payload);
		expect(hex(decompress(bytes(decoded.lzw), payload.length))).toBe(decoded.payload);
		expect(hex(unwrapCompressed(bytes(text).subarray(1), payload.length))).toBe(decoded.payload);
		if (decoded.decodeOnly) return;
		expect(hex(compress(payload))).toBe(decoded.lzw);
		expect(hex(wrapCompressed(payload))).toBe(text);
	});

	it.each(vectors('encrypt'))('$name: the envelope', ({ hex: text, decoded }) => {
		const ring = keyring(bytes(decoded.key));
		expect(hex(ring.open(bytes(text), bytes(decoded.aad)))).toBe(decoded.plaintext);
		if (decoded.version === 1) expect(hex(ring.seal(bytes(decoded.plaintext), bytes(decoded.aad)))).toBe(text);
	});

	it.each(vectors('label').filter(({ name }) => !name.includes('answer')))('$name: the label header', (vector) => {
		const data = bytes(vector.hex);
		const label = utf8(vector.decoded.label);
		const header = labelHeader(label);
		expect(hex(data.subarray(0, header.length))).toBe(hex(header));
		expect(afterLabel(data, 0, data.length, label)).toBe(header.length);
		if (vector.decoded.inner !== undefined) expect(hex(data.subarray(header.length))).toBe(vector.decoded.inner);
	});

	it.each(vectors('crc'))('$name: the checksum', ({ hex: text }) => {
		const packet = bytes(text);
		expect(crc32(packet, 5)).toBe(new DataView(packet.buffer).getUint32(1));
	});

	it.each(vectors('serf').filter(({ name }) => name.startsWith('tags')))('$name: tags in Meta', (vector) => {
		expect(decodeTags(bytes(vector.hex))).toEqual(vector.decoded.tags);
		expect(hex(encodeTags(vector.decoded.tags))).toBe(vector.hex);
	});
});

describe('what memberlist rejects', () => {
	const rejects = vectorFile('reject').rejects ?? [];
	const inLayer = (layer: string) => rejects.filter((reject) => reject.layer.startsWith(layer));

	const refusal = (read: () => unknown): WireError => {
		try {
			read();
		} catch (error) {
			if (error instanceof WireError) return error;
			throw error;
		}
		throw new Error('it was accepted');
	};

	it.each(inLayer('label'))('$name', ({ hex }) => {
		const data = bytes(hex);
		expect(refusal(() => afterLabel(data, 0, data.length, utf8('blue'))).code).toBe('bad-label');
	});

	it.each(inLayer('encryption'))('$name, in its words', ({ hex, error }) => {
		const { code, message } = refusal(() => keyring().open(bytes(hex), bytes('')));
		expect([code, message.toLowerCase()]).toEqual(['cannot-decrypt', error?.toLowerCase()]);
	});

	it.each(inLayer('compress'))('$name', ({ hex }) => {
		const decoder = createStreamDecoder(plain, 'listener', new RecordedStream());
		expect(refusal(() => decoder.push(bytes(hex))).code).toBe('bad-compression');
	});
});
