// The file of gossip keys: one key a line or several with commas, or the JSON list that serf keeps.

import { keyBytes } from './kinds.ts';

/** A file of keys is some lines long; what is longer is another file. */
export const KEYS_FILE_BYTES_MAX = 65_536;

/** What the text has that no file of keys has, without a byte of it; else its keys, the one that encrypts first. */
export type KeysFile = { readonly keys: readonly Uint8Array[] } | { readonly problem: string };

/** `#` begins a comment. Nothing of the text is repeated in a problem but the number of the entry: it may be a key. */
export function parseKeysFile(text: string): KeysFile {
	const entries = text.trimStart().startsWith('[') ? jsonEntries(text) : plainEntries(text);
	if (entries === undefined) return { problem: 'begins like a JSON list and is none of texts' };
	if (entries.length === 0) return { problem: 'holds no key' };
	const keys: Uint8Array[] = [];
	for (const [index, entry] of entries.entries()) {
		const key = keyBytes(entry);
		if (key === undefined) return { problem: `entry ${index + 1} is no base64 key of 16, 24 or 32 bytes` };
		keys.push(key);
	}
	return { keys };
}

function plainEntries(text: string): readonly string[] {
	const lines = text.split('\n').map((line) => line.replace(/#.*/, ''));
	return lines.flatMap((line) => line.split(/[\s,]+/)).filter((entry) => entry !== '');
}

function jsonEntries(text: string): readonly string[] | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		// The error of JSON.parse repeats what it read.
		return undefined;
	}
	return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
}
