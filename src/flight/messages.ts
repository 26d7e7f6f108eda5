// The two messages that a client of DoAction needs, by hand: a protocol-buffer library would double a command's start-up time.

const LENGTH_DELIMITED = 2;
const MAX_VARINT_BYTES = 10;

/** Action { 1 type: string, 2 body: bytes }. */
export function encodeAction(type: string, body: string): Buffer {
	return Buffer.concat([field(1, Buffer.from(type)), field(2, Buffer.from(body))]);
}

/** The body of Result { 1 body: bytes }; unknown fields are passed over. @throws {RangeError} for anything else. */
export function decodeResult(bytes: Buffer): Uint8Array {
	let body: Uint8Array = new Uint8Array(0);
	let at = 0;
	while (at < bytes.length) {
		const tag = varint(bytes, at);
		const [start, end] = extent(bytes, tag.next, tag.value & 7);
		if (end > bytes.length) throw new RangeError('truncated protocol buffer');
		if (tag.value >>> 3 === 1 && (tag.value & 7) === LENGTH_DELIMITED) body = bytes.subarray(start, end);
		at = end;
	}
	return body;
}

function field(number: number, content: Buffer): Buffer {
	const head = [(number << 3) | LENGTH_DELIMITED];
	let length = content.length;
	for (; length > 0x7f; length >>>= 7) head.push((length & 0x7f) | 0x80);
	head.push(length);
	return Buffer.concat([Buffer.from(head), content]);
}

/** Where the value of a field begins and ends, by its wire type. */
function extent(bytes: Buffer, at: number, wireType: number): [start: number, end: number] {
	switch (wireType) {
		case 0:
			return [at, varint(bytes, at).next];
		case 1:
			return [at, at + 8];
		case LENGTH_DELIMITED: {
			const length = varint(bytes, at);
			return [length.next, length.next + length.value];
		}
		case 5:
			return [at, at + 4];
		default:
			throw new RangeError(`protocol buffer of wire type ${wireType}`);
	}
}

function varint(bytes: Buffer, at: number): { value: number; next: number } {
	let value = 0;
	for (let i = 0; i < MAX_VARINT_BYTES; i++) {
		const byte = bytes[at + i];
		if (byte === undefined) break;
		value += (byte & 0x7f) * 2 ** (7 * i);
		if (byte < 0x80) return { value, next: at + i + 1 };
	}
	throw new RangeError('truncated protocol buffer');
}
