// Finds the end of a msgpack value that arrives piece by piece, looking at each byte only once.

/**
 * The reader needs a complete value; this tells when there is one. Nothing nests here: a container
 * merely raises the number of values still to come.
 */
export class MsgpackScanner {
	/** Where the next value begins, from the start of the whole value; its length when it is complete. */
	#at = 0;
	/** Values still to come. */
	#left = 1;

	/** Starts on another value. */
	reset(): void {
		this.#at = 0;
		this.#left = 1;
	}

	/** The value has at least this many bytes: each value still to come has one or more. */
	get leastBytes(): number {
		return this.#at + this.#left;
	}

	/** The length of the value that starts at bytes[start], or -1 when it does not end before bytes[end]. */
	scan(bytes: Uint8Array, start: number, end: number): number {
		while (this.#left > 0) {
			const at = start + this.#at;
			if (at >= end) return -1;
			const tag = bytes[at]!;
			if (tag < 0x80 || tag >= 0xe0) this.#pass(1, 0);
			else if (tag < 0x90) this.#pass(1, 2 * (tag & 0x0f));
			else if (tag < 0xa0) this.#pass(1, tag & 0x0f);
			else if (tag < 0xc0) this.#pass(1 + (tag & 0x1f), 0);
			else {
				const [counterBytes, fixedBytes, values] = LAYOUT[tag - 0xc0]!;
				if (at + 1 + counterBytes > end) return -1;
				let count = 0;
				for (let i = 1; i <= counterBytes; i++) count = count * 256 + bytes[at + i]!;
				this.#pass(1 + counterBytes + fixedBytes + (values === 0 ? count : 0), values * count);
			}
		}
		return start + this.#at <= end ? this.#at : -1;
	}

	#pass(bytes: number, values: number): void {
		this.#at += bytes;
		this.#left += values - 1;
	}
}

type Layout = readonly [counterBytes: number, fixedBytes: number, valuesPerCount: number];

/** For the tags c0..df: bytes of a counter, bytes besides it, and how many values one count stands for (0: a byte). */
const LAYOUT: readonly Layout[] = [
	...[0, 0, 0, 0].map((): Layout => [0, 0, 0]), // nil, (unused: left to the reader), false, true
	...[1, 2, 4].map((size): Layout => [size, 0, 0]), // bin 8, 16, 32
	...[1, 2, 4].map((size): Layout => [size, 1, 0]), // ext 8, 16, 32
	...[4, 8].map((size): Layout => [0, size, 0]), // float 32, 64
	...[1, 2, 4, 8, 1, 2, 4, 8].map((size): Layout => [0, size, 0]), // uint and int 8, 16, 32, 64
	...[2, 3, 5, 9, 17].map((size): Layout => [0, size, 0]), // fixext 1, 2, 4, 8, 16
	...[1, 2, 4].map((size): Layout => [size, 0, 0]), // str 8, 16, 32
	...[2, 4].map((size): Layout => [size, 0, 1]), // array 16, 32
	...[2, 4].map((size): Layout => [size, 0, 2]), // map 16, 32
];
