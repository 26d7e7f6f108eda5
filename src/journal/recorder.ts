// Records a machine: every input as it is inside label and encryption, and fingerprints of all it says.

import {
	type ByteRange,
	type Codec,
	type Config,
	type Delegate,
	type IdentityPool,
	type Input,
	type Instant,
	Memberlist,
	type Output,
	type PacketHandler,
	type StreamDecoder,
	type StreamHandler,
	seededRandom,
	WireError,
} from '../swim/index.ts';
import { type CodecOptions, createCodec, type MemberlistCodec } from '../wire/index.ts';
import type { Entry, Opened } from './format.ts';
import { JournalCodec } from './journal-codec.ts';
import { toJson } from './json.ts';
import { OutputHash } from './output-hash.ts';

/** What a replay needs besides the inputs. Holds no key and no label. */
export interface JournalHeader {
	readonly config: Config;
	/** Of the machine's random numbers. */
	readonly seed: number;
	/** Bytes of label and encryption on each packet. */
	readonly sealBytes: number;
	readonly compress: boolean;
	/** The delegate that rode on the mesh. */
	readonly compat: 'none' | 'serf';
	/** Milliseconds since 1970 at instant 0 of the machine's clock. */
	readonly wallMs: number;
}

/** Takes what is recorded; must not throw, and may stop to take any more. */
export interface JournalSink {
	/** `checkpoint` may be asked for one at any time between two steps; `undefined` when nothing has happened since the last one. */
	open(header: JournalHeader, checkpoint: () => Entry | undefined): void;
	add(entry: Entry): void;
	/** Nothing is taken any more, for this reason. Idempotent. */
	end(reason: string): void;
}

export interface RecordedOptions extends Pick<JournalHeader, 'config' | 'seed' | 'wallMs'> {
	readonly wire?: Omit<CodecOptions, 'packetBytes' | 'tap' | 'reservedBytes' | 'limits'>;
	readonly compat?: JournalHeader['compat'];
	/** Only the one that `compat` stands for can be replayed. */
	readonly delegate?: Delegate;
	readonly identities?: IdentityPool;
	readonly sink: JournalSink;
}

/**
 * Serf's queries about keys carry them, and so do the answers that it relays through others. A journal is clear text, and a
 * replay needs every byte: so the record ends before such a message.
 */
const CARRIES_KEYS = /_serf_(install|use|remove)-key|PrimaryKey/;

/** There are never more inputs between two checkpoints. */
const CHECKPOINT_INPUTS = 256;

/** A call of a stream's handler: its name and arguments. */
export type StreamCall = readonly [name: keyof StreamHandler, ...args: unknown[]];

/** What the bytes of a stream meant: the messages in them, or the refusal. */
export interface StreamReading {
	/** What the decoder holds afterwards of what is not complete. */
	readonly held: number;
	readonly calls: readonly StreamCall[];
	readonly error?: { readonly code: string; readonly message: string };
}

/** A machine like any other, whose life is written down. */
export class RecordedMemberlist extends Memberlist {
	readonly #recorder: Recorder;

	constructor(options: RecordedOptions) {
		const recorder = new Recorder(options);
		const { config, identities, delegate } = options;
		super({
			config,
			codec: recorder.codec,
			random: seededRandom(options.seed),
			...(identities && { identities }),
			...(delegate && { delegate }),
		});
		this.#recorder = recorder;
	}

	override step(now: Instant, input: Input): readonly Output[] {
		const outputs = super.step(now, input);
		this.#recorder.record(now, input, outputs, this);
		return outputs;
	}
}

class Recorder {
	readonly codec: Codec;
	readonly #sink: JournalSink;
	readonly #hash = new OutputHash();
	#inputs = 0;
	#checked = 0;
	#machine: Memberlist | undefined;
	#opened: Opened = { type: 'unread' };
	#reading: StreamReading | undefined;
	/** The input that is taken now carries a key. */
	#secret = false;

	constructor({ config, seed, wallMs, wire = {}, compat = 'none', sink }: RecordedOptions) {
		const tap = {
			opened: (bytes: Uint8Array) => {
				this.#opened = { type: 'clear', bytes };
			},
			refused: (code: WireError['code'], detail: string) => {
				this.#opened = { type: 'refused', code, detail };
			},
			user: (body: ByteRange) => this.#lookForKeys(body.view()),
			sealing: (clear: Uint8Array) => this.#hash.bytes(clear),
		};
		const { packetBytes } = config;
		const { compress = false } = wire;
		const inner = createCodec({ ...wire, packetBytes, tap });
		const clear = createCodec({ packetBytes, compress });
		this.codec = new RecordingCodec(inner, clear, this.#hash, (reading) => {
			this.#reading = reading;
			for (const [name, body] of reading.calls) if (name === 'streamUser') this.#lookForKeys(body as Uint8Array);
		});
		this.#sink = sink;
		const header = { config, seed, sealBytes: inner.sealBytes, compress, compat, wallMs };
		sink.open(header, () => this.#checkpoint());
	}

	record(now: Instant, input: Input, outputs: readonly Output[], machine: Memberlist): void {
		if (this.#secret) {
			this.#sink.end('a key passed by, which a journal must not hold');
			return;
		}
		this.#sink.add(this.#entry(now, input));
		this.#opened = { type: 'unread' };
		this.#reading = undefined;
		this.#hash.step(outputs, machine.deadline);
		this.#machine = machine;
		this.#inputs++;
		if (this.#inputs - this.#checked < CHECKPOINT_INPUTS) return;
		const checkpoint = this.#checkpoint();
		if (checkpoint) this.#sink.add(checkpoint);
	}

	#lookForKeys(body: Uint8Array): void {
		if (CARRIES_KEYS.test(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1')))
			this.#secret = true;
	}

	#checkpoint(): Entry | undefined {
		if (this.#inputs === this.#checked || !this.#machine) return undefined;
		this.#checked = this.#inputs;
		return { type: 'checkpoint', inputs: this.#inputs, hash: this.#hash.text(this.#machine) };
	}

	#entry(now: Instant, input: Input): Entry {
		if (input.type === 'timeout') return { type: 'timeout', now };
		if (input.type === 'packet') {
			const { from, bytes } = input;
			return { type: 'packet', now, from, packetBytes: bytes.length, opened: this.#opened };
		}
		if (input.type !== 'data') return { type: 'other', now, json: toJson({ input }) };
		// What was said on the stream, not how it was sealed.
		const { type, stream, bytes } = input;
		return {
			type: 'other',
			now,
			json: toJson({ input: { type, stream }, length: bytes.length, reading: this.#reading }),
		};
	}
}

class RecordingCodec extends JournalCodec<MemberlistCodec> {
	readonly #onReading: (reading: StreamReading) => void;

	constructor(inner: MemberlistCodec, clear: Codec, hash: OutputHash, onReading: (reading: StreamReading) => void) {
		super(inner, clear, hash);
		this.#onReading = onReading;
	}

	readPacket(bytes: Uint8Array, handler: PacketHandler): void {
		this.inner.readPacket(bytes, handler);
	}

	streamDecoder(role: 'dialer' | 'listener', handler: StreamHandler): StreamDecoder {
		let calls: StreamCall[] = [];
		const noted = <A extends unknown[]>(name: keyof StreamHandler, call: (...args: A) => void) => {
			return (...args: A): void => {
				calls.push([name, ...args]);
				call(...args);
			};
		};
		const decoder = this.inner.streamDecoder(role, {
			streamPing: noted('streamPing', (seqNo: number, node: Uint8Array) => handler.streamPing(seqNo, node)),
			streamAck: noted('streamAck', (seqNo: number) => handler.streamAck(seqNo)),
			pushPull: noted('pushPull', (message: Parameters<StreamHandler['pushPull']>[0]) => handler.pushPull(message)),
			streamUser: noted('streamUser', (body: Uint8Array) => handler.streamUser(body)),
			streamError: noted('streamError', (text: string) => handler.streamError(text)),
		});
		return {
			get pending() {
				return decoder.pending;
			},
			get held() {
				return decoder.held;
			},
			push: (bytes) => {
				calls = [];
				try {
					decoder.push(bytes);
					this.#onReading({ calls, held: decoder.held });
				} catch (error) {
					if (error instanceof WireError) {
						this.#onReading({ calls, held: 0, error: { code: error.code, message: error.message } });
					}
					throw error;
				}
			},
		};
	}
}
