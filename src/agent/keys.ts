// The gossip keys of an agent: from the environment or from a file that is followed, and what the log tells of them.

import { open, stat } from 'node:fs/promises';
import { type AgentConfig, KEYS_FILE_BYTES_MAX, type KeysFile, parseKeysFile } from '../config/index.ts';
import type { Mesh } from '../mesh/index.ts';
import type { KeyChange, Keyring } from '../wire/index.ts';
import { CliError } from './cli/errors.ts';
import type { Log } from './log.ts';
import type { LogLevel } from './log-record.ts';

const VARIABLE = 'LONGBOW_GOSSIP_KEYS_FILE';
/** Looking is a stat; inotify sees neither what happens behind a symlink, as in a mounted Secret, nor on a network's disk. */
const LOOK_MS = 1_000;

/** The keys to begin with. @throws {CliError} when there is a file and it cannot be used. */
export async function initialKeys({ keys, keysFile }: AgentConfig['gossip']): Promise<readonly Uint8Array[]> {
	if (keysFile === undefined) return keys;
	const read = await readKeys(keysFile);
	if ('keys' in read) return read.keys;
	throw new CliError(`${VARIABLE} ${JSON.stringify(keysFile)} ${read.problem}`, {
		code: 'KEYS_FILE',
		why: 'Without its keys this node would not understand the others, nor they it.',
		hints: [`longbow-mesh keygen > ${keysFile}`],
		exitCode: 2,
	});
}

/** Tells of each change to the keys, and takes those of the file whenever it changes. Returns what ends it. */
export function followKeys(mesh: Pick<Mesh, 'keyring'>, keysFile: string | undefined, log: Log): () => void {
	const { keyring } = mesh;
	if (keyring === undefined) return () => undefined;
	const tell = (level: LogLevel, reason: string): void =>
		log.write({ level, event: 'keys', component: 'security', reason });
	keyring.onChange = (change) => tell('info', `${changeText(change)}; ${ringText(keyring)}`);
	const follower = keysFile === undefined ? undefined : new KeysFileFollower(keysFile, keyring, tell);
	return () => {
		follower?.stop();
		keyring.onChange = undefined;
	};
}

/** `2 keys, b7f0… encrypts`. */
export function ringText({ infos }: Pick<Keyring, 'infos'>): string {
	return `${infos.length} key${infos.length === 1 ? '' : 's'}, ${infos[0]?.id}… encrypts`;
}

function changeText({ type, id }: KeyChange): string {
	switch (type) {
		case 'install':
			return `key ${id}… installed`;
		case 'use':
			return `key ${id}… now encrypts`;
		case 'remove':
			return `key ${id}… removed`;
		case 'replace':
			return 'the keys of the file are in force';
	}
	return type satisfies never;
}

/** A file that is gone, unreadable or nonsense leaves the keys as they are, and is told of once. */
class KeysFileFollower {
	readonly #path: string;
	readonly #keyring: Keyring;
	readonly #tell: (level: LogLevel, reason: string) => void;
	readonly #timer: NodeJS.Timeout;
	/** The file as it was read last. Undefined before the first look, which may find what changed since the start. */
	#seen: string | undefined;
	#problem: string | undefined;
	#looking = false;

	constructor(path: string, keyring: Keyring, tell: (level: LogLevel, reason: string) => void) {
		this.#path = path;
		this.#keyring = keyring;
		this.#tell = tell;
		this.#timer = setInterval(() => void this.#look(), LOOK_MS).unref();
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/** Never rejects. */
	async #look(): Promise<void> {
		if (this.#looking) return;
		this.#looking = true;
		const version = await fileVersion(this.#path);
		// What cannot even be looked at is read again, for the sake of the reason.
		if (version === undefined || version !== this.#seen) {
			const read = await readKeys(this.#path);
			this.#seen = version;
			this.#take(read);
		}
		this.#looking = false;
	}

	#take(read: KeysFile): void {
		if ('keys' in read) {
			try {
				if (!sameKeys(read.keys, this.#keyring.keys)) this.#keyring.replace(read.keys);
				this.#problem = undefined;
			} catch (error) {
				this.#complain((error as RangeError).message);
			}
		} else this.#complain(read.problem);
	}

	#complain(problem: string): void {
		if (problem === this.#problem) return;
		this.#problem = problem;
		this.#tell('error', `${VARIABLE} ${this.#path} ${problem}; the keys stay as they are: ${ringText(this.#keyring)}`);
	}
}

/** Changes with the content: when it is written in place, replaced, or when a symlink on the way points elsewhere. */
async function fileVersion(path: string): Promise<string | undefined> {
	try {
		const { dev, ino, size, mtimeMs } = await stat(path);
		return [dev, ino, size, mtimeMs].join(' ');
	} catch {
		// Reading tells the reason.
		return undefined;
	}
}

async function readKeys(path: string): Promise<KeysFile> {
	try {
		const file = await open(path);
		try {
			const buffer = Buffer.alloc(KEYS_FILE_BYTES_MAX + 1);
			const { bytesRead } = await file.read(buffer);
			if (bytesRead > KEYS_FILE_BYTES_MAX) return { problem: `is longer than ${KEYS_FILE_BYTES_MAX} bytes` };
			return parseKeysFile(buffer.toString('utf8', 0, bytesRead));
		} finally {
			await file.close();
		}
	} catch (error) {
		return { problem: `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})` };
	}
}

function sameKeys(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
	return a.length === b.length && a.every((key, index) => Buffer.compare(key, b[index]!) === 0);
}
