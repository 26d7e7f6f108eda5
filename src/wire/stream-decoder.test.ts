// What a stream decoder accepts and refuses, layer by layer and limit by limit.

import { describe, expect, it } from 'vitest';
import { RecordedStream } from '../../test/support/recorded-stream.ts';
import { EMPTY, type PushPullNode, type RejectCode, utf8, WireError } from '../swim/index.ts';
import { wrapCompressed } from './compression.ts';
import { sealFrame } from './frame.ts';
import { Keyring } from './keyring.ts';
import { WIRE_LIMITS } from './limits.ts';
import { createStreamDecoder } from './stream-decoder.ts';
import type { StreamOptions } from './stream-options.ts';
import { streamAck, streamError, streamPing, streamPushPull, streamUser } from './stream-writer.ts';

const keyring = new Keyring([new Uint8Array(16).fill(5)]);
const plain: StreamOptions = { verifyIncoming: true, verifyOutgoing: true, compress: false, limits: WIRE_LIMITS };
const encrypted: StreamOptions = { ...plain, keyring };
const limited = (limits: Partial<typeof WIRE_LIMITS>): StreamOptions => ({
	...plain,
	limits: { ...WIRE_LIMITS, ...limits },
});
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const listen = (options: StreamOptions) => {
	const recorded = new RecordedStream();
	return { recorded, decoder: createStreamDecoder(options, 'listener', recorded) };
};

/** How a listener takes these bytes: `waiting` when they are no complete message. */
function refusal(options: StreamOptions, bytes: Uint8Array): [RejectCode, string] | 'accepted' | 'waiting' {
	const { decoder } = listen(options);
	try {
		decoder.push(bytes);
	} catch (error) {
		if (error instanceof WireError) return [error.code, error.message];
		throw error;
	}
	return decoder.pending ? 'waiting' : 'accepted';
}

function codeOf(options: StreamOptions, bytes: Uint8Array): string {
	const outcome = refusal(options, bytes);
	return typeof outcome === 'string' ? outcome : outcome[0];
}

const node = (name: string): PushPullNode => ({
	name: utf8(name),
	addr: Uint8Array.of(127, 0, 0, 1),
	port: 7946,
	meta: EMPTY,
	vsn: Uint8Array.of(1, 5, 2, 0, 0, 0),
	incarnation: 4_000_000_000,
	state: 3,
});
const state = { join: true, nodes: [node('a'), node('b')], userState: utf8('state') };

describe('stream decoder', () => {
	it('reads one message after the other', () => {
		const { recorded, decoder } = listen(plain);
		const parts = [
			streamPing(plain, 'dialer', 7, utf8('x')),
			streamAck({ ...plain, compress: true }, 'dialer', 8),
			streamUser(plain, 'dialer', utf8('hello')),
			streamPushPull(plain, 'dialer', state),
			streamError(plain, 'dialer', 'no'),
		];
		decoder.push(join(...parts));
		expect(decoder.pending).toBe(false);
		expect(recorded.messages).toEqual([
			{ type: 'ping', seqNo: 7, node: utf8('x') },
			{ type: 'ack', seqNo: 8 },
			{ type: 'user', body: utf8('hello') },
			{ type: 'pushPull', ...state },
			{ type: 'error', text: 'no' },
		]);
	});

	it('hands over bytes that later chunks do not change', () => {
		const { recorded, decoder } = listen(plain);
		const chunk = Buffer.from(join(streamUser(plain, 'dialer', utf8('hello')), streamPushPull(plain, 'dialer', state)));
		decoder.push(chunk);
		chunk.fill(0);
		for (let i = 0; i < 50; i++) decoder.push(streamUser(plain, 'dialer', new Uint8Array(100).fill(i)));
		expect(recorded.messages.slice(0, 2)).toEqual([
			{ type: 'user', body: utf8('hello') },
			{ type: 'pushPull', ...state },
		]);
	});

	it('takes missing fields and nil for zero, skips unknown ones and other orders', () => {
		const { recorded, decoder } = listen(plain);
		decoder.push(
			hex('06 83 a3466f6f 9201c0 a54e6f646573 d10003 a44a6f696e 01   80 c0 82 a44e616d65 a161 a3426172 81c0c0'),
		);
		const none = { name: EMPTY, addr: EMPTY, port: 0, meta: EMPTY, vsn: EMPTY, incarnation: 0, state: 0 };
		expect(recorded.messages).toEqual([
			{ type: 'pushPull', join: true, nodes: [none, none, { ...none, name: utf8('a') }], userState: EMPTY },
		]);
	});

	it('says nothing of an empty user message', () => {
		const { recorded, decoder } = listen(plain);
		decoder.push(streamUser(plain, 'dialer', EMPTY));
		expect(decoder.pending).toBe(false);
		expect(recorded.messages).toEqual([]);
	});

	it('is pending inside a message and inside the label, and nowhere else', () => {
		const { decoder } = listen({ ...plain, label: 'blue' });
		const stream = streamAck({ ...plain, label: 'blue' }, 'dialer', 1);
		const pending = Array.from(stream, (_, i) => {
			decoder.push(stream.subarray(i, i + 1));
			return decoder.pending;
		});
		const label = [true, true, true, true, true, false];
		expect(pending).toEqual([...label, ...Array(stream.length - label.length - 1).fill(true), false]);
	});

	it('stays refused after nonsense', () => {
		const { recorded, decoder } = listen(plain);
		expect(() => decoder.push(hex('63'))).toThrow(WireError);
		expect(() => decoder.push(streamAck(plain, 'dialer', 1))).toThrow('message type 99');
		expect(recorded.messages).toEqual([]);
		expect(decoder.pending).toBe(false);
	});

	it.each([1, 3, 4, 5, 7, 11, 12, 14, 255])('does not know message type %d on a stream', (type) => {
		expect(codeOf(plain, Uint8Array.of(type, 0x80))).toBe('unknown-type');
	});

	it.each([
		['compression inside compression', wrapCompressed(wrapCompressed(hex('0280')))],
		['encryption inside compression', wrapCompressed(sealFrame(hex('0280'), keyring, EMPTY))],
		['a label inside compression', wrapCompressed(hex('f4016180'))],
	])('refuses %s', (_, bytes) => {
		expect(codeOf(plain, bytes)).toBe('unknown-type');
	});

	it('refuses encryption inside encryption', () => {
		const inner = sealFrame(hex('0280'), keyring, EMPTY);
		expect(codeOf(encrypted, sealFrame(inner, keyring, EMPTY))).toBe('unknown-type');
	});

	it('ignores what follows the message inside a layer, as memberlist does', () => {
		expect(codeOf(plain, wrapCompressed(hex('0280 ffff')))).toBe('accepted');
		expect(codeOf(encrypted, sealFrame(hex('0280 ffff'), keyring, EMPTY))).toBe('accepted');
	});

	it.each([
		['a layer that ends inside its message', plain, wrapCompressed(hex('0281')), 'truncated'],
		['a compressed nothing', plain, wrapCompressed(EMPTY), 'empty'],
		['an encrypted nothing', encrypted, sealFrame(EMPTY, keyring, EMPTY), 'empty'],
		['a wrapper without bytes', plain, hex('0980'), 'bad-compression'],
		['a message that is no map', plain, hex('0290'), 'bad-field'],
		[
			'an incarnation above 32 bits',
			plain,
			hex('06 81a54e6f64657301 81ab496e6361726e6174696f6e cf0000000100000000'),
			'bad-field',
		],
		['a negative count', plain, hex('06 81a54e6f646573 d0ff'), 'bad-field'],
	])('refuses %s', (_, options, bytes, code) => {
		expect(codeOf(options, bytes)).toBe(code);
	});
});

describe('encryption of streams', () => {
	const ack = (options: StreamOptions) => streamAck(options, 'dialer', 1);

	it('refuses clear text where encryption is configured, and the reverse, in the words of memberlist', () => {
		expect(refusal(encrypted, ack(plain))).toEqual([
			'cannot-decrypt',
			'Encryption is configured but remote state is not encrypted',
		]);
		expect(refusal(plain, ack(encrypted))).toEqual([
			'cannot-decrypt',
			'Remote state is encrypted and encryption is not configured',
		]);
	});

	it('takes both while a cluster is migrated', () => {
		const migrating = { ...encrypted, verifyIncoming: false, verifyOutgoing: false };
		expect(codeOf(migrating, ack(encrypted))).toBe('accepted');
		expect(codeOf(migrating, ack(migrating))).toBe('accepted');
		expect(codeOf(plain, ack(migrating)), 'it writes clear text').toBe('accepted');
		expect(codeOf({ ...migrating, keyring: new Keyring([new Uint8Array(16)]) }, ack(encrypted))).toBe('cannot-decrypt');
	});

	it('authenticates the label, also on the answer, which does not show it', () => {
		const blue = { ...encrypted, label: 'blue' };
		const answer = streamAck(blue, 'listener', 1);
		expect(answer[0]).toBe(10);
		const read = (options: StreamOptions) => createStreamDecoder(options, 'dialer', new RecordedStream()).push(answer);
		expect(() => read(blue)).not.toThrow();
		expect(() => read({ ...encrypted, label: 'blux' })).toThrow('No installed keys');
	});

	it('refuses a stream of another cluster before it looks at a message', () => {
		const red = streamAck({ ...plain, label: 'red' }, 'dialer', 1);
		expect(codeOf({ ...plain, label: 'blue' }, red.subarray(0, 5))).toBe('bad-label');
		expect(codeOf({ ...plain, label: 'blue' }, ack(plain).subarray(0, 1))).toBe('bad-label');
		expect(codeOf(plain, red)).toBe('bad-label');
	});
});

describe('limits of streams', () => {
	it('refuses a claim before the bytes arrive', () => {
		expect(codeOf(encrypted, hex('0a 01400001'))).toBe('too-large');
		expect(codeOf(encrypted, hex('0a 01400000'))).toBe('waiting');
		expect(codeOf(plain, hex('09 82a4416c676f00a3427566 dbffffffff'))).toBe('too-large');
		expect(codeOf(plain, hex('06 81a54e6f646573 ce00010001'))).toBe('too-large');
		expect(codeOf(plain, hex('06 81a54e6f646573 ce00010000'))).toBe('waiting');
		expect(codeOf(plain, hex('06 81ac5573657253746174654c656e ce00400001'))).toBe('too-large');
		expect(codeOf(plain, hex('08 81aa557365724d73674c656e ce00400001'))).toBe('too-large');
		expect(codeOf(plain, hex('08 81aa557365724d73674c656e ce00400000'))).toBe('waiting');
	});

	it('counts the bytes of all entries of a push/pull', () => {
		const bytes = streamPushPull(plain, 'dialer', { ...state, userState: EMPTY });
		const entries = bytes.length - 1 - 29;
		expect(codeOf(limited({ messageBytes: entries + 1 }), bytes)).toBe('accepted');
		expect(codeOf(limited({ messageBytes: entries / 2 }), bytes)).toBe('too-large');
	});

	it('stops decompression at its limit', () => {
		const wrapped = wrapCompressed(streamUser(plain, 'dialer', new Uint8Array(100_000)));
		expect(wrapped.length).toBeLessThan(1_000);
		expect(codeOf(limited({ messageBytes: 100_020 }), wrapped)).toBe('accepted');
		expect(codeOf(limited({ messageBytes: 99_999 }), wrapped)).toBe('too-large');
	});

	it('bounds a single map', () => {
		const name = streamPing(plain, 'dialer', 1, new Uint8Array(WIRE_LIMITS.mapBytes));
		expect(codeOf(plain, name)).toBe('too-large');
	});

	it('reads the largest push/pull byte by byte in linear time', () => {
		const nodes = Array.from({ length: 2_000 }, (_, i) => node(`node-${i}`));
		const stream = streamPushPull(plain, 'dialer', { join: false, nodes, userState: new Uint8Array(50_000) });
		const { recorded, decoder } = listen(plain);
		for (let i = 0; i < stream.length; i++) decoder.push(stream.subarray(i, i + 1));
		expect(recorded.messages).toHaveLength(1);
	});
});
