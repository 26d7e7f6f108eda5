// Gathers what is recorded into blocks, up to so many bytes in all.

import { utf8 } from '../swim/index.ts';
import { BLOCK_HEAD_BYTES, type Entry, encodeBlock, encodeEntry, MAGIC } from './format.ts';
import { toJson } from './json.ts';
import type { JournalHeader, JournalSink } from './recorder.ts';

/** A block is handed on when it has so many bytes, or when somebody flushes. */
const BLOCK_BYTES = 32 * 1024;
/** Kept free for the end marker and its block. */
const END_BYTES = 256;

export interface JournalWriterOptions {
	/** The whole journal is not longer. */
	readonly maxBytes: number;
	/** Takes the next bytes of the journal; false when it cannot keep up, which ends the record. */
	write(bytes: Uint8Array): boolean;
	/** Called once, with the reason that stands in the end marker. */
	ended?(reason: string): void;
}

/** The first segment only: once it is full, it says so and takes no more. */
export class JournalWriter implements JournalSink {
	readonly #options: JournalWriterOptions;
	#records: Uint8Array[] = [];
	#gathered = 0;
	/** Bytes of the journal so far, the gathered ones included. */
	#bytes = 0;
	#ended = false;
	#checkpoint: () => Entry | undefined = () => undefined;

	constructor(options: JournalWriterOptions) {
		this.#options = options;
	}

	open(header: JournalHeader, checkpoint: () => Entry | undefined): void {
		this.#checkpoint = checkpoint;
		this.#write(MAGIC);
		this.#write(encodeBlock([utf8(toJson(header))]));
	}

	add(entry: Entry): void {
		if (this.#ended) return;
		const record = encodeEntry(entry);
		const { maxBytes } = this.#options;
		if (this.#bytes + this.#gathered + record.length + BLOCK_HEAD_BYTES + END_BYTES > maxBytes) {
			this.end(`full: it has the ${maxBytes.toLocaleString('en-US')} bytes that it may have`);
			return;
		}
		this.#records.push(record);
		this.#gathered += record.length;
		if (this.#gathered >= BLOCK_BYTES) this.flush();
	}

	/** Hands on what was gathered, with a checkpoint behind it. Only between two steps of the machine. */
	checkpoint(): void {
		if (this.#ended) return;
		const checkpoint = this.#checkpoint();
		if (checkpoint) this.add(checkpoint);
		this.flush();
	}

	/** Hands on what was gathered. */
	flush(): void {
		if (this.#records.length === 0) return;
		const block = encodeBlock(this.#records);
		this.#records = [];
		this.#gathered = 0;
		if (!this.#write(block) && !this.#ended) this.#fail();
	}

	/** Writes the end marker; nothing is taken afterwards. Idempotent. */
	end(reason: string): void {
		if (this.#ended) return;
		this.#ended = true;
		this.#records.push(encodeEntry({ type: 'end', reason }));
		this.flush();
		this.#options.ended?.(reason);
	}

	// What could not be taken is missing from the record, so nothing may follow it, not even an end marker.
	#fail(): void {
		this.#ended = true;
		this.#options.ended?.('stopped: the disk cannot keep up');
	}

	#write(bytes: Uint8Array): boolean {
		this.#bytes += bytes.length;
		return this.#options.write(bytes);
	}
}
