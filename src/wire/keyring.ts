// AES-GCM envelopes and the keys that open them (memberlist security.go, keyring.go; wire spec §5.3).

import {
	type CipherGCMTypes,
	createCipheriv,
	createDecipheriv,
	createHash,
	createSecretKey,
	type KeyObject,
	randomBytes,
} from 'node:crypto';
import { sameBytes, WireError } from '../swim/index.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLOCK_BYTES = 16;
/** What version 1 adds to a message: version, nonce, tag. */
const OVERHEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
/** Version 0 pads to full blocks, and to at least one. */
const V0_MIN_BYTES = OVERHEAD_BYTES + BLOCK_BYTES;

/** Each packet that no key opens costs one attempt a key. */
const MAX_KEYS = 16;
/** Hex digits of a key's hash that may be shown. */
const ID_DIGITS = 4;

interface Key {
	readonly id: string;
	readonly bytes: Uint8Array;
	readonly cipher: CipherGCMTypes;
	readonly secret: KeyObject;
	openedAt: number | undefined;
}

/** What may be said of a key. */
export interface KeyInfo {
	/** See {@link keyId}. */
	readonly id: string;
	/** 128, 192 or 256. */
	readonly bits: number;
	/** Whether it encrypts what is sent. */
	readonly primary: boolean;
	/** When it last opened something, by the clock of the keyring; undefined = never, or there is no clock. */
	readonly openedAt: number | undefined;
}

/** What was done to a keyring, and to which key. */
export interface KeyChange {
	readonly type: 'install' | 'use' | 'remove' | 'replace';
	/** Of the key; of the one that encrypts when all were replaced. */
	readonly id: string;
}

/** What a keyring draws and reads from its surroundings. */
export interface KeyringOptions {
	/** 12 bytes that must never repeat under one key. Default: random ones; a simulation draws its own. */
	readonly nonce?: () => Uint8Array;
	/** Tells when each key was last heard. Default: nobody knows. */
	readonly now?: () => number;
}

/** The first four hex digits of a key's SHA-256: they tell keys apart, and nothing else of one is ever shown. */
export function keyId(key: Uint8Array): string {
	return createHash('sha256').update(key).digest('hex').slice(0, ID_DIGITS);
}

/** The first key encrypts; all keys are tried, in order, to decrypt. */
export class Keyring {
	/** What {@link seal} adds to a message, in bytes. */
	readonly overheadBytes: number = OVERHEAD_BYTES;
	/** Told after each change. */
	onChange: ((change: KeyChange) => void) | undefined;
	#keys: readonly Key[];
	readonly #nonce: () => Uint8Array;
	readonly #now: () => number | undefined;

	/** @throws {RangeError} without a key, with more than 16, or on a key that has not 16, 24 or 32 bytes. */
	constructor(keys: readonly Uint8Array[], options: KeyringOptions = {}) {
		const { nonce = () => randomBytes(NONCE_BYTES), now = () => undefined } = options;
		this.#keys = importKeys(keys);
		this.#nonce = nonce;
		this.#now = now;
	}

	/** The key that encrypts, then the others. */
	get keys(): readonly Uint8Array[] {
		return this.#keys.map((key) => key.bytes);
	}

	/** The same without their bytes. */
	get infos(): readonly KeyInfo[] {
		return this.#keys.map(({ id, bytes, openedAt }, index) => ({
			id,
			bits: bytes.length * 8,
			primary: index === 0,
			openedAt,
		}));
	}

	/** Installs a key for decryption, behind the others; an installed one stays where it is. @throws {RangeError} */
	add(key: Uint8Array): void {
		if (this.#indexOf(key) >= 0) return;
		this.#keys = importKeys([...this.keys, key], this.#keys);
		this.#changed('install', key);
	}

	/**
	 * Makes an installed key the one that encrypts.
	 * @throws {RangeError} when it is not installed.
	 */
	use(key: Uint8Array): void {
		const index = this.#indexOf(key);
		if (index < 0) throw new RangeError('key: not in the keyring; add it first');
		if (index === 0) return;
		this.#keys = [this.#keys[index]!, ...this.#keys.toSpliced(index, 1)];
		this.#changed('use', key);
	}

	/**
	 * Removes a key; one that is not installed is no error.
	 * @throws {RangeError} when it is the key that encrypts.
	 */
	remove(key: Uint8Array): void {
		const index = this.#indexOf(key);
		if (index === 0) throw new RangeError('key: the key in use cannot be removed; use another one first');
		if (index < 0) return;
		this.#keys = this.#keys.toSpliced(index, 1);
		this.#changed('remove', key);
	}

	/** Takes these keys, and no others. @throws {RangeError} as the constructor; then nothing changes. */
	replace(keys: readonly Uint8Array[]): void {
		this.#keys = importKeys(keys, this.#keys);
		this.#changed('replace', this.#keys[0]!.bytes);
	}

	/** An envelope of version 1 around `plain`; `aad` is authenticated with it but not contained. */
	seal(plain: Uint8Array, aad: Uint8Array): Uint8Array<ArrayBuffer> {
		const key = this.#keys[0]!;
		const nonce = this.#nonce();
		const cipher = createCipheriv(key.cipher, key.secret, nonce);
		cipher.setAAD(aad);
		const envelope = new Uint8Array(plain.length + OVERHEAD_BYTES);
		envelope[0] = 1;
		envelope.set(nonce, 1);
		// GCM is a stream mode: update() gives every byte at once, and final() none.
		envelope.set(cipher.update(plain), 1 + NONCE_BYTES);
		cipher.final();
		envelope.set(cipher.getAuthTag(), envelope.length - TAG_BYTES);
		return envelope;
	}

	/**
	 * The message in an envelope of version 0 or 1. The version itself is not authenticated: a forged 0 can cut
	 * from a message the bytes at its end that look like padding, as in memberlist.
	 * @throws {WireError} `cannot-decrypt`, with memberlist's reasons.
	 */
	open(envelope: Uint8Array, aad: Uint8Array): Uint8Array {
		const version = envelope[0];
		if (version === undefined) throw cannot('Cannot decrypt empty payload');
		if (version > 1) throw cannot(`Unsupported encryption version ${version}`);
		if (envelope.length < (version === 0 ? V0_MIN_BYTES : OVERHEAD_BYTES)) {
			throw cannot(`Payload is too small to decrypt: ${envelope.length}`);
		}
		for (const key of this.#keys) {
			const plain = decrypted(key, envelope, aad);
			if (plain === undefined) continue;
			key.openedAt = this.#now();
			return version === 0 ? withoutPadding(plain) : plain;
		}
		throw cannot('No installed keys could decrypt the message');
	}

	#indexOf(key: Uint8Array): number {
		return this.#keys.findIndex((own) => sameBytes(own.bytes, key));
	}

	#changed(type: KeyChange['type'], key: Uint8Array): void {
		this.onChange?.({ type, id: keyId(key) });
	}
}

/** Each key once, in this order; those that are `known` stay as they are. */
function importKeys(keys: readonly Uint8Array[], known: readonly Key[] = []): readonly Key[] {
	const imported: Key[] = [];
	for (const bytes of keys) {
		if (imported.some((key) => sameBytes(key.bytes, bytes))) continue;
		imported.push(known.find((key) => sameBytes(key.bytes, bytes)) ?? importKey(bytes));
	}
	if (imported.length === 0) throw new RangeError('keys: at least one is needed');
	if (imported.length > MAX_KEYS) throw new RangeError(`keys: ${imported.length}; at most ${MAX_KEYS} are allowed`);
	return imported;
}

function importKey(bytes: Uint8Array): Key {
	const bits = bytes.length * 8;
	if (bits !== 128 && bits !== 192 && bits !== 256) {
		throw new RangeError(`key: ${bytes.length} bytes long; allowed are 16, 24 and 32 (AES-128, -192, -256)`);
	}
	const cipher = `aes-${bits}-gcm` as const;
	return {
		id: keyId(bytes),
		bytes: new Uint8Array(bytes),
		cipher,
		secret: createSecretKey(bytes),
		openedAt: undefined,
	};
}

/** Undefined when this key, or the additional data, is not the one that sealed. */
function decrypted(key: Key, envelope: Uint8Array, aad: Uint8Array): Uint8Array | undefined {
	const decipher = createDecipheriv(key.cipher, key.secret, envelope.subarray(1, 1 + NONCE_BYTES), {
		authTagLength: TAG_BYTES,
	});
	decipher.setAAD(aad);
	decipher.setAuthTag(envelope.subarray(envelope.length - TAG_BYTES));
	const plain = decipher.update(envelope.subarray(1 + NONCE_BYTES, envelope.length - TAG_BYTES));
	try {
		decipher.final();
	} catch {
		// The one thing that final() can tell here is that the tag does not match: the next key may.
		return undefined;
	}
	// Not as a Buffer, whose slice() would share memory where Uint8Array's copies.
	return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
}

/** PKCS#7. memberlist trusts the last byte; we check the whole padding. */
function withoutPadding(plain: Uint8Array): Uint8Array {
	const padding = plain[plain.length - 1]!;
	const end = plain.length - padding;
	const valid =
		plain.length % BLOCK_BYTES === 0 &&
		padding >= 1 &&
		padding <= BLOCK_BYTES &&
		plain.subarray(end).every((byte) => byte === padding);
	if (!valid) throw cannot('The padding of the message is invalid');
	return plain.subarray(0, end);
}

function cannot(reason: string): WireError {
	return new WireError('cannot-decrypt', reason);
}
