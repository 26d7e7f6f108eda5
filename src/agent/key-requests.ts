// What an agent answers to MeshKeys: its keyring looked at or changed, and of each key only its id told.

import { parseKeysFile } from '../config/index.ts';
import { FlightError, type KeysRequest, type KeysResult } from '../flight/index.ts';
import type { Mesh } from '../mesh/index.ts';
import { utf8, WireError } from '../swim/index.ts';
import { type Keyring, keyId } from '../wire/index.ts';

/** Binds an envelope to its purpose: no packet or stream can be taken for a sealed key, nor the reverse. */
const SEALED_FOR = utf8('longbow-mesh MeshKeys install');
const ID = /^[0-9a-f]{4}$/i;

/**
 * @throws {FlightError} `INVALID_ARGUMENT` for what is no key; `FAILED_PRECONDITION` when it cannot be done now, the message
 * beginning with `MESH_NOT_ENCRYPTED`, `MESH_NO_SUCH_KEY`, `MESH_KEY_IN_USE`, `MESH_TOO_MANY_KEYS` or `MESH_CANNOT_OPEN`.
 */
export function answerKeys(mesh: Pick<Mesh, 'keyring' | 'name' | 'status'>, request: KeysRequest): KeysResult {
	const { keyring, name, status } = mesh;
	if (keyring === undefined) {
		throw cannot('MESH_NOT_ENCRYPTED', 'this node has no keys; it needs LONGBOW_GOSSIP_KEYS and a restart to get them');
	}
	const key = requestedKey(keyring, request);
	if (key !== undefined) perform(keyring, request.op, key);
	const now = status.now();
	return {
		member: name,
		...(key !== undefined && { key: keyId(key) }),
		keys: keyring.infos.map(({ id, bits, primary, openedAt }) => ({
			key: id,
			bits,
			primary,
			heardMsAgo: openedAt === undefined ? null : Math.round(now - openedAt),
		})),
		...(key !== undefined && request.op === 'install' && { sealed: base64(keyring.seal(key, SEALED_FOR)) }),
	};
}

function perform(keyring: Keyring, op: KeysRequest['op'], key: Uint8Array): void {
	const shown = `${keyId(key)}…`;
	switch (op) {
		case 'list':
			return;
		case 'install':
			try {
				keyring.add(key);
			} catch (error) {
				throw cannot('MESH_TOO_MANY_KEYS', (error as RangeError).message, error);
			}
			return;
		case 'use':
			if (!holds(keyring, key)) throw cannot('MESH_NO_SUCH_KEY', `key ${shown} is not installed here`);
			keyring.use(key);
			return;
		case 'remove':
			if (keyring.infos[0]?.id === keyId(key) && base64(keyring.keys[0]!) === base64(key)) {
				throw cannot('MESH_KEY_IN_USE', `this node sends with key ${shown}; let it use another one first`);
			}
			keyring.remove(key);
			return;
	}
	op satisfies never;
}

function requestedKey(keyring: Keyring, { key, sealed, op }: KeysRequest): Uint8Array | undefined {
	if (sealed !== undefined) return opened(keyring, sealed);
	if (key === undefined) return undefined;
	if (op !== 'install' && ID.test(key)) return keyOfId(keyring, key.toLowerCase());
	const parsed = parseKeysFile(key);
	if ('keys' in parsed && parsed.keys.length === 1) return parsed.keys[0];
	throw new FlightError(
		'INVALID_ARGUMENT',
		'body.key: not one base64 key of 16, 24 or 32 bytes (the value is not shown)',
	);
}

function keyOfId(keyring: Keyring, id: string): Uint8Array {
	const [key, ...more] = keyring.keys.filter((each) => keyId(each) === id);
	if (key === undefined) throw cannot('MESH_NO_SUCH_KEY', `key ${id}… is not installed here`);
	if (more.length > 0)
		throw cannot('MESH_NO_SUCH_KEY', `${more.length + 1} keys begin with ${id}: name it by the key itself`);
	return key;
}

function opened(keyring: Keyring, sealed: string): Uint8Array {
	try {
		const key = keyring.open(new Uint8Array(Buffer.from(sealed, 'base64')), SEALED_FOR);
		if ([16, 24, 32].includes(key.length)) return key;
	} catch (error) {
		if (!(error instanceof WireError)) throw error;
		throw cannot('MESH_CANNOT_OPEN', 'the key is sealed with one that this node does not hold', error);
	}
	throw cannot('MESH_CANNOT_OPEN', 'what is sealed is no key');
}

function holds(keyring: Keyring, key: Uint8Array): boolean {
	return keyring.keys.some((each) => base64(each) === base64(key));
}

function base64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('base64');
}

function cannot(code: string, message: string, cause?: unknown): FlightError {
	return new FlightError('FAILED_PRECONDITION', `${code}: ${message}`, cause === undefined ? undefined : { cause });
}
