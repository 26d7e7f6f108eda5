// Replays a journal: the same machine takes the same inputs, and must say the same.

import {
	type Delegate,
	type Input,
	type Instant,
	Memberlist,
	type Output,
	type PacketHandler,
	type RejectCode,
	type StreamDecoder,
	type StreamHandler,
	seededRandom,
	WireError,
} from '../swim/index.ts';
import { createCodec, type MemberlistCodec } from '../wire/index.ts';
import type { Entry } from './format.ts';
import { JournalCodec } from './journal-codec.ts';
import { JournalError } from './journal-error.ts';
import { fromJson } from './json.ts';
import { OutputHash } from './output-hash.ts';
import { readJournal } from './reader.ts';
import type { JournalHeader, StreamReading } from './recorder.ts';

export interface ReplayedStep {
	/** 1 for the first input. */
	readonly index: number;
	readonly now: Instant;
	readonly input: Input;
	/** Valid until the next step. */
	readonly outputs: readonly Output[];
}

export interface ReplayOptions {
	/** The delegate that the header's `compat` stands for. */
	readonly delegate?: (compat: JournalHeader['compat']) => Delegate | undefined;
}

/** Why a record ends: in the writer's words, or `undefined` when the file was cut off before it could say so. */
type EndReason = string | undefined;

export class Replay {
	readonly header: JournalHeader;
	readonly machine: Memberlist;
	readonly #entries: Iterator<Entry>;
	readonly #codec: ReplayCodec;
	readonly #hash = new OutputHash();
	#inputs = 0;
	#checked = 0;
	#ended: EndReason;

	/** @throws {JournalError} `NOT_A_JOURNAL` or `DAMAGED`. */
	constructor(file: Uint8Array, options: ReplayOptions = {}) {
		const { header, entries } = readJournal(file);
		this.header = header;
		this.#entries = entries[Symbol.iterator]();
		const { config, seed, sealBytes, compress, compat } = header;
		const tap = {
			opened: () => undefined,
			refused: () => undefined,
			sealing: (clear: Uint8Array) => this.#hash.bytes(clear),
		};
		const inner = createCodec({ packetBytes: config.packetBytes, compress, reservedBytes: sealBytes, tap });
		this.#codec = new ReplayCodec(inner, inner, this.#hash);
		const delegate = options.delegate?.(compat);
		const random = seededRandom(seed);
		this.machine = new Memberlist({ config, codec: this.#codec, random, ...(delegate && { delegate }) });
	}

	/** Inputs that were replayed so far, and those up to the last checkpoint that was equal. */
	get inputs(): number {
		return this.#inputs;
	}

	get checkedInputs(): number {
		return this.#checked;
	}

	/** Once `next` has returned `undefined`: why the record ends; `undefined` = it was cut off. */
	get ended(): EndReason {
		return this.#ended;
	}

	/**
	 * Takes the next input; `undefined` at the end of the record.
	 * @throws {JournalError} `DIFFERS` when the machine has said something else by a checkpoint; `DAMAGED`.
	 */
	next(): ReplayedStep | undefined {
		for (let next = this.#entries.next(); !next.done; next = this.#entries.next()) {
			const entry = next.value;
			if (entry.type === 'end') this.#ended = entry.reason;
			else if (entry.type === 'checkpoint') this.#compare(entry.inputs, entry.hash);
			else return this.#step(entry);
		}
		return undefined;
	}

	#step(entry: Exclude<Entry, { type: 'checkpoint' | 'end' }>): ReplayedStep {
		const { now } = entry;
		const input = this.#codec.take(entry);
		const outputs = this.machine.step(now, input);
		this.#hash.step(outputs, this.machine.deadline);
		this.#inputs++;
		return { index: this.#inputs, now, input, outputs };
	}

	#compare(inputs: number, recorded: string): void {
		const replayed = this.#hash.text(this.machine);
		if (inputs === this.#inputs && recorded === replayed) {
			this.#checked = inputs;
			return;
		}
		throw new JournalError(
			'DIFFERS',
			`replay differs from the record at input ${this.#inputs.toLocaleString('en-US')}: recorded ${recorded}, replayed ${replayed}`,
		);
	}
}

interface OtherInput {
	readonly input: Input;
	/** Of a stream's bytes, with encryption. */
	readonly length?: number;
	readonly reading?: StreamReading;
}

/** Hands the machine what was opened when it was recorded; the bytes that it is given are only as long as they were. */
class ReplayCodec extends JournalCodec<MemberlistCodec> {
	#entry: Entry | undefined;
	#reading: StreamReading | undefined;

	/** The input that the entry stands for. */
	take(entry: Exclude<Entry, { type: 'checkpoint' | 'end' }>): Input {
		this.#entry = entry;
		this.#reading = undefined;
		switch (entry.type) {
			case 'timeout':
				return { type: 'timeout' };
			case 'packet':
				return { type: 'packet', from: entry.from, bytes: new Uint8Array(entry.packetBytes) };
			case 'other': {
				const { input, length, reading } = fromJson(entry.json) as OtherInput;
				this.#reading = reading;
				// As long as they were: bytes on streams are counted.
				return input.type === 'data' ? { ...input, bytes: new Uint8Array(length ?? 0) } : input;
			}
		}
		return entry satisfies never;
	}

	readPacket(bytes: Uint8Array, handler: PacketHandler): void {
		if (this.#entry?.type !== 'packet') return;
		const { opened } = this.#entry;
		if (opened.type === 'clear') this.inner.readClear(opened.bytes, bytes.length, handler);
		else if (opened.type === 'refused') handler.rejected(opened.code, opened.detail);
	}

	streamDecoder(_role: 'dialer' | 'listener', handler: StreamHandler): StreamDecoder {
		let held = 0;
		return {
			pending: false,
			get held() {
				return held;
			},
			push: () => {
				const { calls, error, ...reading } = this.#reading ?? { calls: [], held: 0 };
				held = reading.held;
				for (const [name, ...args] of calls) (handler[name] as (...args: unknown[]) => void).apply(handler, args);
				if (error) throw new WireError(error.code as RejectCode, error.message);
			},
		};
	}
}
