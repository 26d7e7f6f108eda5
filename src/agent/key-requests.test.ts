// What an agent does to its keyring when it is asked, and that its answers and refusals hold no key.

import { describe, expect, it } from 'vitest';
import { testMember, testSource } from '../../test/support/status-source.ts';
import type { KeysRequest, KeysResult } from '../flight/index.ts';
import { Keyring, keyId } from '../wire/index.ts';
import { answerKeys } from './key-requests.ts';

const key = (fill: number, length = 32): Uint8Array => new Uint8Array(length).fill(fill);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const [OLD, NEW, OTHER] = [key(1), key(2, 16), key(3)];

const status = testSource([testMember('a')]);
const ask = (keyring: Keyring | undefined, request: KeysRequest): KeysResult =>
	answerKeys({ keyring, name: 'a', status }, request);

/** Code and message of the refusal, in which no key may stand. */
function refusal(keyring: Keyring | undefined, request: KeysRequest): string {
	try {
		ask(keyring, request);
	} catch (error) {
		const { code, message } = error as Error & { code: string };
		for (const secret of [OLD, NEW, OTHER]) expect(message).not.toContain(base64(secret));
		return `${code} ${message}`;
	}
	return 'done';
}

describe('one after the other', () => {
	it('a key is installed, used, and the old one removed', () => {
		const ring = new Keyring([OLD]);
		const installed = ask(ring, { op: 'install', key: base64(NEW) });
		expect(installed).toMatchObject({
			member: 'a',
			key: keyId(NEW),
			keys: [
				{ key: keyId(OLD), bits: 256, primary: true, heardMsAgo: null },
				{ key: keyId(NEW), bits: 128, primary: false, heardMsAgo: null },
			],
		});
		expect(ask(ring, { op: 'use', key: keyId(NEW).toUpperCase() }).keys[0]).toMatchObject({ key: keyId(NEW) });
		expect(ask(ring, { op: 'remove', key: base64(OLD) }).keys).toHaveLength(1);
		expect(ask(ring, { op: 'list' })).not.toHaveProperty('key');
		expect(ask(ring, { op: 'list', key: base64(OTHER) }).key).toBe(keyId(OTHER));
		expect(ring.keys).toEqual([NEW]);
	});

	it('tells when each key was last heard', () => {
		const now = status.now();
		const ring = new Keyring([OLD], { now: () => now - 40 });
		const none = new Uint8Array(0);
		ring.open(ring.seal(Uint8Array.of(1), none), none);
		expect(ask(ring, { op: 'list' }).keys).toEqual([{ key: keyId(OLD), bits: 256, primary: true, heardMsAgo: 40 }]);
	});
});

describe('a sealed key', () => {
	it('is one that any holder of the same ring can open, and nobody else', () => {
		const { sealed = '' } = ask(new Keyring([OLD]), { op: 'install', key: base64(NEW) });
		expect(Buffer.from(sealed, 'base64').includes(Buffer.from(NEW))).toBe(false);
		const other = new Keyring([OTHER, OLD]);
		expect(ask(other, { op: 'install', sealed }).key).toBe(keyId(NEW));
		expect(other.keys).toEqual([OTHER, OLD, NEW]);
		const stranger = new Keyring([OTHER]);
		expect(refusal(stranger, { op: 'install', sealed })).toBe(
			'FAILED_PRECONDITION MESH_CANNOT_OPEN: the key is sealed with one that this node does not hold',
		);
		expect(stranger.keys).toEqual([OTHER]);
	});

	it('is no packet of the mesh', () => {
		const ring = new Keyring([OLD]);
		const packet = base64(ring.seal(NEW, new Uint8Array(0)));
		expect(refusal(ring, { op: 'install', sealed: packet })).toContain('MESH_CANNOT_OPEN');
	});
});

describe('refusals', () => {
	it.each<[KeysRequest, string]>([
		[{ op: 'use', key: base64(NEW) }, `MESH_NO_SUCH_KEY: key ${keyId(NEW)}… is not installed here`],
		[{ op: 'use', key: keyId(NEW) }, `MESH_NO_SUCH_KEY: key ${keyId(NEW)}… is not installed here`],
		[{ op: 'remove', key: keyId(OLD) }, `MESH_KEY_IN_USE: this node sends with key ${keyId(OLD)}…`],
		[{ op: 'remove', key: base64(OLD) }, `MESH_KEY_IN_USE: this node sends with key ${keyId(OLD)}…`],
	])('%j', (request, message) => {
		const ring = new Keyring([OLD]);
		expect(refusal(ring, request)).toContain(`FAILED_PRECONDITION ${message}`);
		expect(ring.keys).toEqual([OLD]);
	});

	it('of what is no key, which is not repeated', () => {
		for (const text of ['c2VjcmV0', 'not a key', `${base64(OLD)},${base64(NEW)}`, keyId(OLD)]) {
			const told = refusal(new Keyring([OLD]), { op: 'install', key: text });
			expect(told).toBe('INVALID_ARGUMENT body.key: not one base64 key of 16, 24 or 32 bytes (the value is not shown)');
		}
	});

	it('of a seventeenth key, of an id that two keys have, and of all where nothing is encrypted', () => {
		const full = new Keyring(Array.from({ length: 16 }, (_, fill) => key(fill + 50)));
		expect(refusal(full, { op: 'install', key: base64(NEW) })).toContain('MESH_TOO_MANY_KEYS: keys: 17; at most 16');
		const ring = new Keyring(twins());
		expect(refusal(ring, { op: 'use', key: ring.infos[0]!.id })).toContain('2 keys begin with');
		expect(ask(ring, { op: 'use', key: base64(ring.keys[1]!) }).keys).toHaveLength(2);
		expect(refusal(undefined, { op: 'list' })).toContain(
			'FAILED_PRECONDITION MESH_NOT_ENCRYPTED: this node has no keys',
		);
	});
});

/** Two keys of one id: they are found soon, since an id has 16 bits. */
function twins(): Uint8Array[] {
	const seen = new Map<string, Uint8Array>();
	for (let n = 0; ; n++) {
		const candidate = new Uint8Array(16);
		new DataView(candidate.buffer).setUint32(0, n);
		const twin = seen.get(keyId(candidate));
		if (twin) return [twin, candidate];
		seen.set(keyId(candidate), candidate);
	}
}
