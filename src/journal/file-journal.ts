// A journal in a file: written beside the event loop's other work, never waited for, never without bound.

import { type FileHandle, open, rename } from 'node:fs/promises';
import type { JournalSink } from './recorder.ts';
import { JournalWriter } from './writer.ts';

/** Where inputs are recorded, and how much. */
export interface FileJournalOptions {
	readonly path: string;
	/** Largest size of the file. Default 64 MiB. */
	readonly maxBytes?: number;
	/** Told once when recording ends before `close`: the file is full, or the disk is slow or fails. */
	onStopped?(reason: string): void;
}

export interface FileJournal extends JournalSink {
	/** Writes what is left and the end marker. Idempotent. */
	close(): Promise<void>;
}

const DEFAULT_JOURNAL_BYTES = 64 * 1024 * 1024;
/** What a crash of the process can lose. */
const FLUSH_MS = 250;
/** Waits for the disk at most; beyond it recording ends. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024;
/** The record tells who speaks with whom, and all tags: for its owner alone. */
const OWNER_ONLY = 0o600;

/**
 * A file that is there already becomes `<path>.old`: it may be the record of the crash before this start.
 * @throws the file system's error when the file cannot be made.
 */
export async function createFileJournal(options: FileJournalOptions): Promise<FileJournal> {
	const { path, maxBytes = DEFAULT_JOURNAL_BYTES } = options;
	await rename(path, `${path}.old`).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'ENOENT') throw error;
	});
	const file = new BackgroundFile(await open(path, 'wx', OWNER_ONLY));
	let closing = false;
	const stopped = (reason: string): void => {
		clearInterval(flusher);
		if (!closing) options.onStopped?.(reason);
	};
	const writer = new JournalWriter({ maxBytes, write: (bytes) => file.write(bytes), ended: stopped });
	const flusher = setInterval(() => writer.checkpoint(), FLUSH_MS).unref();
	return {
		open: (header, checkpoint) => writer.open(header, checkpoint),
		add: (entry) => writer.add(entry),
		end: (reason) => writer.end(reason),
		async close() {
			closing = true;
			writer.checkpoint();
			writer.end('closed: the node has stopped');
			await file.close();
		},
	};
}

/** Writes one buffer after the other; an error makes it take no more. */
class BackgroundFile {
	readonly #file: FileHandle;
	#waiting: Uint8Array[] = [];
	#pendingBytes = 0;
	#failed = false;
	#writing: Promise<void> | undefined;
	#closed: Promise<void> | undefined;

	constructor(file: FileHandle) {
		this.#file = file;
	}

	/** False, and the bytes are dropped, when too much is waiting or the file has failed. */
	write(bytes: Uint8Array): boolean {
		if (this.#failed || this.#pendingBytes + bytes.length > PENDING_BYTES_MAX) return false;
		this.#waiting.push(bytes);
		this.#pendingBytes += bytes.length;
		this.#writing ??= this.#drain();
		return true;
	}

	close(): Promise<void> {
		this.#closed ??= this.#close();
		return this.#closed;
	}

	async #close(): Promise<void> {
		await this.#writing;
		await this.#file.close();
	}

	async #drain(): Promise<void> {
		while (this.#waiting.length > 0 && !this.#failed) {
			const batch = this.#waiting;
			this.#waiting = [];
			try {
				await this.#file.writev(batch);
			} catch (error) {
				// The next `write` says so to whoever records.
				this.#failed = true;
				process.emitWarning('the journal cannot be written', {
					code: 'JOURNAL_WRITE_FAILED',
					detail: error instanceof Error ? error.message : String(error),
				});
			}
			for (const { length } of batch) this.#pendingBytes -= length;
		}
		this.#writing = undefined;
	}
}
