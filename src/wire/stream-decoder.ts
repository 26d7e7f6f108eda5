// Decodes one direction of a stream from chunks of any size, layer by layer (wire spec §6).

import { MessageType, type StreamDecoder, type StreamHandler, WireError } from '../swim/index.ts';
import { ByteSource, type Reading } from './byte-source.ts';
import { unwrapCompressed } from './compression.ts';
import { envelopeBytes, FRAME_HEADER_BYTES, openFrame } from './frame.ts';
import { afterLabel, labelBytes } from './label.ts';
import { type Kept, readBody } from './stream-messages.ts';
import type { StreamOptions, StreamRole } from './stream-options.ts';

/** What the peer sends to us in our `role`: the label header is there only when we are the listener. */
export function createStreamDecoder(options: StreamOptions, role: StreamRole, handler: StreamHandler): StreamDecoder {
	return new LayeredDecoder(options, role, handler);
}

class LayeredDecoder implements StreamDecoder {
	readonly #options: StreamOptions;
	readonly #label: Uint8Array;
	readonly #handler: StreamHandler;
	#source: ByteSource = new ByteSource();
	readonly #reading: Reading<never>;
	#insideMessage = false;
	/** Entries of a message that has not ended yet. */
	readonly #kept: Kept = { bytes: 0 };
	#failure: unknown;

	constructor(options: StreamOptions, role: StreamRole, handler: StreamHandler) {
		this.#options = options;
		this.#label = labelBytes(options.label);
		this.#handler = handler;
		this.#reading = this.#readStream(role);
	}

	get pending(): boolean {
		return this.#insideMessage || this.#source.length > 0;
	}

	get held(): number {
		return this.#source.capacity + this.#kept.bytes;
	}

	push(bytes: Uint8Array): void {
		if (this.#failure !== undefined) throw this.#failure;
		this.#source.append(bytes);
		try {
			this.#reading.next();
		} catch (error) {
			this.#failure = error;
			this.#insideMessage = false;
			this.#source = new ByteSource();
			this.#kept.bytes = 0;
			throw error;
		}
	}

	*#readStream(role: StreamRole): Reading<never> {
		if (role === 'listener') yield* this.#readLabel();
		for (;;) {
			yield* this.#source.peek(1);
			this.#insideMessage = true;
			yield* this.#readMessage();
			this.#insideMessage = false;
		}
	}

	*#readLabel(): Reading<void> {
		let header = yield* this.#source.peek(1);
		if (header[0] === MessageType.label) {
			header = yield* this.#source.peek(2);
			header = yield* this.#source.peek(2 + header[1]!);
		}
		yield* this.#source.take(afterLabel(header, 0, header.length, this.#label));
	}

	/** The outermost layer: encryption, as the configuration demands it. */
	*#readMessage(): Reading<void> {
		const { keyring, verifyIncoming, limits } = this.#options;
		const [type] = yield* this.#source.peek(1);
		if (type !== MessageType.encrypt) {
			if (keyring !== undefined && verifyIncoming) {
				throw new WireError('cannot-decrypt', 'Encryption is configured but remote state is not encrypted');
			}
			yield* this.#readCompressible(this.#source);
			return;
		}
		if (keyring === undefined) {
			throw new WireError('cannot-decrypt', 'Remote state is encrypted and encryption is not configured');
		}
		const length = envelopeBytes(yield* this.#source.peek(FRAME_HEADER_BYTES), limits.frameBytes);
		const frame = yield* this.#source.take(FRAME_HEADER_BYTES + length);
		complete(this.#readCompressible(new ByteSource(openFrame(frame, keyring, this.#label))));
	}

	/** Compression: at most one layer, inside encryption or alone. */
	*#readCompressible(source: ByteSource): Reading<void> {
		const { limits } = this.#options;
		const type = (yield* source.take(1))[0]!;
		if (type !== MessageType.compress) {
			yield* readBody(type, source, limits, this.#handler, this.#kept);
			return;
		}
		const wrapper = yield* source.takeValue(limits.frameBytes);
		const message = unwrapCompressed(wrapper, limits.messageBytes);
		complete(readBody(message[0]!, new ByteSource(message.subarray(1)), limits, this.#handler, this.#kept));
	}
}

/** Reads what must be there to its end. Bytes after the message in its layer are ignored, as in memberlist. */
function complete(reading: Reading<void>): void {
	if (!reading.next().done) throw new WireError('truncated', 'the layer ends inside its message');
}
