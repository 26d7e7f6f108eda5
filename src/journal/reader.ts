// Reads a journal: the header, then entries block by block, up to where it ends or was cut off.

import { sameBytes, utf8Text, xxHash32 } from '../swim/index.ts';
import { BLOCK_HEAD_BYTES, decodeEntries, type Entry, MAGIC } from './format.ts';
import { JournalError } from './journal-error.ts';
import { fromJson } from './json.ts';
import type { JournalHeader } from './recorder.ts';

export interface JournalReader {
	readonly header: JournalHeader;
	/** Ends early, without an error, where the file was cut off. @throws {JournalError} `DAMAGED`. */
	readonly entries: Iterable<Entry>;
}

/** @throws {JournalError} `NOT_A_JOURNAL` or `DAMAGED`. */
export function readJournal(file: Uint8Array): JournalReader {
	const version = MAGIC[4];
	if (file[5] !== MAGIC[5] || !sameBytes(file.subarray(0, 4), MAGIC.subarray(0, 4))) {
		throw new JournalError('NOT_A_JOURNAL', 'this is not a journal of longbow-mesh');
	}
	if (file[4] !== version) {
		throw new JournalError(
			'NOT_A_JOURNAL',
			`the journal has version ${file[4]}, and this program reads version ${version}`,
		);
	}
	const blocks = blocksOf(file);
	const first = blocks.next();
	if (first.done) throw new JournalError('DAMAGED', 'the journal is cut off before its header');
	return { header: headerOf(first.value.body), entries: entriesOf(blocks) };
}

interface Block {
	readonly at: number;
	readonly body: Uint8Array;
}

function* blocksOf(file: Uint8Array): Generator<Block> {
	const view = new DataView(file.buffer, file.byteOffset, file.length);
	for (let at = MAGIC.length; at + BLOCK_HEAD_BYTES <= file.length; ) {
		const start = at + BLOCK_HEAD_BYTES;
		const end = start + view.getUint32(at);
		// The process ended, or was killed, while it wrote this block.
		if (end > file.length) return;
		const body = file.subarray(start, end);
		if (xxHash32(body) !== view.getUint32(at + 4)) {
			throw new JournalError('DAMAGED', `the journal is damaged at byte ${at}: its checksum does not match`);
		}
		yield { at, body };
		at = end;
	}
}

function* entriesOf(blocks: Iterator<Block>): Generator<Entry> {
	for (let next = blocks.next(); !next.done; next = blocks.next()) {
		const { at, body } = next.value;
		try {
			yield* decodeEntries(body);
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			throw damaged(`the journal is damaged at byte ${at}: ${error.message}`, error);
		}
	}
}

function headerOf(body: Uint8Array): JournalHeader {
	try {
		return fromJson(utf8Text(body)) as JournalHeader;
	} catch (error) {
		throw damaged('the header of the journal cannot be read', error);
	}
}

function damaged(message: string, cause: unknown): JournalError {
	return new JournalError('DAMAGED', message, { cause });
}
