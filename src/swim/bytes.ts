// Byte helpers of the pure core: a borrowed range of a buffer, comparison, UTF-8.

// TextEncoder and TextDecoder are pure and exist on every platform; the core's compiler settings
// know no platform, so their shape is declared here.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (
	encoding: 'utf-8',
	options: { ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
// A byte order mark is kept: without it two names would become one.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** No bytes. */
export const EMPTY: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/** The bytes of a text. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
	return encoder.encode(text);
}

/** Text for display; invalid sequences become U+FFFD, so never use it as an identity. */
export function utf8Text(bytes: Uint8Array): string {
	return decoder.decode(bytes);
}

/** A copy in memory of its own. `slice` will not do: on Node's Buffers, which sockets deliver, it shares the memory. */
export function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
	return new Uint8Array(bytes);
}

/** Whether two arrays hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** Byte order, shorter first among prefixes: negative, 0 or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
	const length = Math.min(a.length, b.length);
	for (let i = 0; i < length; i++) {
		const difference = (a[i] as number) - (b[i] as number);
		if (difference !== 0) return difference;
	}
	return a.length - b.length;
}

/**
 * A range borrowed from somebody else's buffer. The decoder fills the same ranges again for every
 * message, so a range is valid only during the call that hands it over: `copy()` what must stay.
 */
export class ByteRange {
	bytes: Uint8Array = EMPTY;
	start = 0;
	end = 0;

	/** In bytes. */
	get length(): number {
		return this.end - this.start;
	}

	/** Points to another place; nothing is copied. */
	set(bytes: Uint8Array, start: number, end: number): void {
		this.bytes = bytes;
		this.start = start;
		this.end = end;
	}

	/** Points to nothing. */
	clear(): void {
		this.set(EMPTY, 0, 0);
	}

	/** Whether it holds these bytes. */
	equals(other: Uint8Array): boolean {
		const length = this.end - this.start;
		if (length !== other.length) return false;
		for (let i = 0; i < length; i++) if (this.bytes[this.start + i] !== other[i]) return false;
		return true;
	}

	/** A view on the same memory. */
	view(): Uint8Array {
		return this.bytes.subarray(this.start, this.end);
	}

	/** A copy that may be kept. */
	copy(): Uint8Array<ArrayBuffer> {
		return copyBytes(this.view());
	}

	/** As text for display; see {@link utf8Text}. */
	text(): string {
		return utf8Text(this.view());
	}
}
