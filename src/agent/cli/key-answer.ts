// Words for what became of a key: done, or refused by an agent.

import type { KeyOperation, KeysResult } from '../../flight/index.ts';
import { CliError } from './errors.ts';

export const DONE: Readonly<Record<Exclude<KeyOperation, 'list'>, string>> = {
	install: 'installed',
	use: 'used',
	remove: 'removed',
};

/** What the refusals of MeshKeys mean to the user. */
const REFUSALS: Readonly<Record<string, readonly [message: string, ...hints: string[]]>> = {
	MESH_NOT_ENCRYPTED: [
		'this node does not encrypt',
		'longbow-mesh keygen > gossip.keys, then LONGBOW_GOSSIP_KEYS_FILE',
	],
	MESH_NO_SUCH_KEY: ['there is no such key', 'longbow-mesh keys list, longbow-mesh keys install'],
	MESH_KEY_IN_USE: ['the key is in use', 'longbow-mesh keys use <another one>'],
	MESH_TOO_MANY_KEYS: ['the keyring is full', 'longbow-mesh keys remove <an old one>'],
};

/** The answer, or the refusal in the words of this command. */
export async function asked(answer: Promise<KeysResult>): Promise<KeysResult> {
	try {
		return await answer;
	} catch (error) {
		if (!(error instanceof CliError)) throw error;
		const [message, ...hints] = REFUSALS[error.code] ?? [];
		if (message === undefined) throw error;
		throw new CliError(message, {
			code: error.code,
			cause: error,
			hints,
			...(error.why && { why: sentence(error.why) }),
		});
	}
}

function sentence(text: string): string {
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
