// Envelopes and the rotation of keys.

import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { utf8, WireError } from '../swim/index.ts';
import { type KeyChange, Keyring, keyId } from './keyring.ts';

const key = (fill: number, length = 16): Uint8Array => new Uint8Array(length).fill(fill);
const aad = utf8('blue');
const plain = utf8('the quick brown fox');

const reasonOf = (read: () => unknown): string => {
	try {
		read();
	} catch (error) {
		if (error instanceof WireError && error.code === 'cannot-decrypt') return error.message;
		throw error;
	}
	return 'accepted';
};

/** An envelope of version 0 whose plaintext, padding included, is given. */
function envelopeV0(padded: Uint8Array): Uint8Array {
	const nonce = new Uint8Array(12);
	const cipher = createCipheriv('aes-128-gcm', key(1), nonce);
	cipher.setAAD(aad);
	return Uint8Array.of(0, ...nonce, ...cipher.update(padded), ...cipher.final(), ...cipher.getAuthTag());
}

describe('Keyring', () => {
	it.each([16, 24, 32])('seals and opens with a key of %d bytes', (length) => {
		const ring = new Keyring([key(7, length)]);
		for (const message of [plain, new Uint8Array(0), new Uint8Array(5_000).fill(3)]) {
			const envelope = ring.seal(message, aad);
			expect(envelope).toHaveLength(message.length + ring.overheadBytes);
			expect(ring.open(envelope, aad)).toEqual(message);
		}
	});

	it('draws another nonce for each message', () => {
		const ring = new Keyring([key(1)]);
		expect(ring.seal(plain, aad)).not.toEqual(ring.seal(plain, aad));
	});

	it('hands out bytes of their own, as plain arrays', () => {
		const ring = new Keyring([key(1)]);
		const opened = ring.open(ring.seal(plain, aad), aad);
		expect(Object.getPrototypeOf(opened)).toBe(Uint8Array.prototype);
		expect(opened.slice().buffer).not.toBe(opened.buffer);
	});

	it('refuses every envelope with one flipped bit, other additional data and other keys', () => {
		const ring = new Keyring([key(1)]);
		const envelope = ring.seal(plain, aad);
		for (let bit = 0; bit < envelope.length * 8; bit++) {
			const flipped = envelope.slice();
			flipped[bit >> 3]! ^= 1 << (bit & 7);
			expect(reasonOf(() => ring.open(flipped, aad))).not.toBe('accepted');
		}
		const none = 'No installed keys could decrypt the message';
		expect(reasonOf(() => ring.open(envelope, utf8('green')))).toBe(none);
		expect(reasonOf(() => new Keyring([key(2)]).open(envelope, aad))).toBe(none);
	});

	it('reads version 0 and checks all of its padding', () => {
		const ring = new Keyring([key(1)]);
		const padded = (message: number[], count: number) => Uint8Array.of(...message, ...new Array(count).fill(count));
		expect(ring.open(envelopeV0(padded([1, 2, 3], 13)), aad)).toEqual(Uint8Array.of(1, 2, 3));
		expect(ring.open(envelopeV0(padded([], 16)), aad)).toHaveLength(0);
		const invalid = 'The padding of the message is invalid';
		const wrong = [
			new Uint8Array(16), // a padding of no bytes
			new Uint8Array(32).fill(17), // more than a block
			Uint8Array.of(...padded([1, 2, 3], 13).fill(0, 3, 4)), // one byte that differs
			padded([1, 2, 3], 15), // not whole blocks
		];
		for (const bytes of wrong) expect(reasonOf(() => ring.open(envelopeV0(bytes), aad))).toBe(invalid);
	});

	it('opens with any installed key and seals with the first', () => {
		const both = new Keyring([key(1), key(2, 32)]);
		for (const other of [key(1), key(2, 32)]) {
			expect(both.open(new Keyring([other]).seal(plain, aad), aad)).toEqual(plain);
		}
		expect(new Keyring([key(1)]).open(both.seal(plain, aad), aad)).toEqual(plain);
	});

	it('is rotated as serf does it: install, use, remove', () => {
		const ring = new Keyring([key(1)]);
		ring.add(key(2));
		ring.add(key(2));
		expect(ring.keys).toEqual([key(1), key(2)]);
		ring.use(key(2));
		expect(ring.keys).toEqual([key(2), key(1)]);
		expect(new Keyring([key(2)]).open(ring.seal(plain, aad), aad)).toEqual(plain);
		ring.remove(key(1));
		ring.remove(key(1));
		expect(ring.keys).toEqual([key(2)]);
	});

	it('names what is wrong with a key, never its bytes', () => {
		expect(() => new Keyring([])).toThrow(new RangeError('keys: at least one is needed'));
		const length = new RangeError('key: 17 bytes long; allowed are 16, 24 and 32 (AES-128, -192, -256)');
		expect(() => new Keyring([key(1), key(200, 17)])).toThrow(length);
		const ring = new Keyring([key(1)]);
		expect(() => ring.add(key(200, 17))).toThrow(length);
		expect(() => ring.use(key(2))).toThrow(RangeError);
		expect(() => ring.remove(key(1))).toThrow(RangeError);
		expect(ring.keys).toEqual([key(1)]);
	});

	it('takes each key once, and 16 at most', () => {
		const many = Array.from({ length: 16 }, (_, fill) => key(fill));
		const ring = new Keyring([...many, key(0)]);
		expect(ring.keys).toEqual(many);
		const limit = new RangeError('keys: 17; at most 16 are allowed');
		expect(() => ring.add(key(16))).toThrow(limit);
		expect(() => ring.replace([...many, key(16)])).toThrow(limit);
		expect(() => ring.replace([])).toThrow(RangeError);
		expect(ring.keys).toEqual(many);
	});

	it('tells of keys no more than their ids, and of each change', () => {
		expect(keyId(utf8('abc'))).toBe('ba78'); // FIPS 180-4, appendix B.1
		const ring = new Keyring([key(1)]);
		const changes: KeyChange[] = [];
		ring.onChange = (change) => changes.push(change);
		ring.add(key(2, 32));
		ring.add(key(2, 32));
		ring.use(key(2, 32));
		ring.use(key(2, 32));
		ring.remove(key(1));
		ring.remove(key(1));
		ring.replace([key(3), key(2, 32)]);
		const [first, second, third] = [keyId(key(1)), keyId(key(2, 32)), keyId(key(3))];
		expect(changes).toEqual([
			{ type: 'install', id: second },
			{ type: 'use', id: second },
			{ type: 'remove', id: first },
			{ type: 'replace', id: third },
		]);
		expect(ring.infos).toEqual([
			{ id: third, bits: 128, primary: true, openedAt: undefined },
			{ id: second, bits: 256, primary: false, openedAt: undefined },
		]);
	});

	it('knows when each key was last heard, also after others were installed and used', () => {
		let now = 10;
		const ring = new Keyring([key(1)], { now: () => now });
		ring.open(ring.seal(plain, aad), aad);
		now = 20;
		ring.add(key(2));
		ring.use(key(2));
		ring.open(new Keyring([key(2)]).seal(plain, aad), aad);
		now = 30;
		expect(reasonOf(() => ring.open(new Keyring([key(3)]).seal(plain, aad), aad))).not.toBe('accepted');
		ring.replace([key(1), key(2), key(3)]);
		expect(ring.infos.map(({ openedAt }) => openedAt)).toEqual([10, 20, undefined]);
	});

	it('keeps its own copy of a key', () => {
		const given = key(1);
		const ring = new Keyring([given]);
		given.fill(0);
		expect(ring.keys).toEqual([key(1)]);
	});
});
