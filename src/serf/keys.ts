// Serf's key queries, answered as serf answers them: what is asked of the keyring, and whether it was done (serf internal_query.go).

import { EMPTY, sameBytes } from '../swim/index.ts';
import type { Keyring } from '../wire/index.ts';
import { decodeKeyRequest, encodeKeyResponse } from './messages.ts';

/** Serf's own words for each refusal: `serf keys` shows them. */
const NOT_ENCRYPTED = 'No keyring to modify (encryption not enabled)';
const NO_KEYS = 'Keyring is empty (encryption not enabled)';
const BAD_SIZE = 'key size must be 16, 24 or 32 bytes';
const NOT_INSTALLED = 'Requested key is not in the keyring';
const IS_PRIMARY = 'Removing the primary key is not allowed';

/** Undefined when the query is none about keys. @throws {WireError} on a request that cannot be read. */
export function answerKeyQuery(
	name: string,
	payload: Uint8Array,
	keyring: Keyring | undefined,
): Uint8Array | undefined {
	switch (name) {
		case '_serf_list-keys':
			return keyring === undefined ? refusal(NO_KEYS) : keyList(keyring);
		case '_serf_install-key':
			return changed(payload, keyring, install);
		case '_serf_use-key':
			return changed(payload, keyring, use);
		case '_serf_remove-key':
			return changed(payload, keyring, remove);
		default:
			return undefined;
	}
}

/** Does what is asked; says why not. */
type Change = (keyring: Keyring, key: Uint8Array) => string | undefined;

function changed(payload: Uint8Array, keyring: Keyring | undefined, change: Change): Uint8Array {
	if (keyring === undefined) return refusal(NOT_ENCRYPTED);
	const message = change(keyring, decodeKeyRequest(payload));
	return message === undefined
		? encodeKeyResponse({ keys: [], message: '', primary: EMPTY, done: true })
		: refusal(message);
}

function install(keyring: Keyring, key: Uint8Array): string | undefined {
	if (![16, 24, 32].includes(key.length)) return BAD_SIZE;
	try {
		keyring.add(key);
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		return error.message;
	}
	return undefined;
}

function use(keyring: Keyring, key: Uint8Array): string | undefined {
	if (!has(keyring, key)) return NOT_INSTALLED;
	keyring.use(key);
	return undefined;
}

function remove(keyring: Keyring, key: Uint8Array): string | undefined {
	if (sameBytes(keyring.keys[0]!, key)) return IS_PRIMARY;
	keyring.remove(key);
	return undefined;
}

function has(keyring: Keyring, key: Uint8Array): boolean {
	return keyring.keys.some((own) => sameBytes(own, key));
}

function keyList({ keys }: Keyring): Uint8Array {
	return encodeKeyResponse({ keys, message: '', primary: keys[0]!, done: true });
}

function refusal(message: string): Uint8Array {
	return encodeKeyResponse({ keys: [], message, primary: EMPTY, done: false });
}
