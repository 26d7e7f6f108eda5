// The bytes of a stream that have arrived and are not yet read; readers wait in it for what they need.

import { WireError } from '../swim/index.ts';
import { MsgpackScanner } from './msgpack-scanner.ts';

/** Yields whenever more bytes are needed; to be resumed after `append`. */
export type Reading<T> = Generator<void, T, void>;

const FIRST_CAPACITY = 1024;

/** A growing buffer. Views that it hands out are valid until the next `append`. */
export class ByteSource {
	#bytes: Uint8Array;
	#start = 0;
	#end: number;
	readonly #scanner = new MsgpackScanner();

	/** Takes over `bytes` as what has arrived already. */
	constructor(bytes: Uint8Array = new Uint8Array(0)) {
		this.#bytes = bytes;
		this.#end = bytes.length;
	}

	/** The number of bytes that wait to be read. */
	get length(): number {
		return this.#end - this.#start;
	}

	/** The memory that they take, with what is kept ready for more. */
	get capacity(): number {
		return this.#bytes.length;
	}

	append(chunk: Uint8Array): void {
		if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
		this.#bytes.set(chunk, this.#end);
		this.#end += chunk.length;
	}

	/** Waits for `count` bytes and looks at them without reading them. */
	*peek(count: number): Reading<Uint8Array> {
		while (this.length < count) yield;
		return this.#bytes.subarray(this.#start, this.#start + count);
	}

	/** Reads `count` bytes. */
	*take(count: number): Reading<Uint8Array> {
		const bytes = yield* this.peek(count);
		this.#start += count;
		return bytes;
	}

	/**
	 * Reads one complete msgpack value of any kind.
	 * @throws {WireError} `too-large` as soon as it is certain to exceed `maxBytes`.
	 */
	*takeValue(maxBytes: number): Reading<Uint8Array> {
		this.#scanner.reset();
		for (;;) {
			const length = this.#scanner.scan(this.#bytes, this.#start, this.#end);
			if (this.#scanner.leastBytes > maxBytes) throw new WireError('too-large', `a map of more than ${maxBytes} bytes`);
			if (length >= 0) return yield* this.take(length);
			yield;
		}
	}

	/** Moves the waiting bytes to the front when they fill less than half, else doubles: O(1) a byte on average. */
	#makeRoom(count: number): void {
		const waiting = this.#bytes.subarray(this.#start, this.#end);
		const needed = waiting.length + count;
		if (needed * 2 > this.#bytes.length) {
			this.#bytes = new Uint8Array(Math.max(FIRST_CAPACITY, needed * 2));
		}
		this.#bytes.set(waiting);
		this.#start = 0;
		this.#end = waiting.length;
	}
}
