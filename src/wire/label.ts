// The label header, `f4 | length | label`: keeps clusters that share a network apart (memberlist label.go).

import { EMPTY, MessageType, utf8, utf8Text, WireError } from '../swim/index.ts';

const MAX_LABEL_BYTES = 255;
/** Of a foreign label, so much is told: it may be anything. */
const SHOWN_LABEL_BYTES = 64;

/**
 * The label of the configuration as bytes; none is the same as empty.
 * @throws {RangeError} when it has more than 255 bytes.
 */
export function labelBytes(label: string | undefined): Uint8Array {
	if (label === undefined || label === '') return EMPTY;
	const bytes = utf8(label);
	if (bytes.length > MAX_LABEL_BYTES) {
		throw new RangeError(`label: ${bytes.length} bytes of UTF-8; at most ${MAX_LABEL_BYTES} are allowed`);
	}
	return bytes;
}

/** The header to put before a packet or at the start of a dialed stream; empty for an empty label. */
export function labelHeader(label: Uint8Array): Uint8Array {
	if (label.length === 0) return EMPTY;
	const header = new Uint8Array(2 + label.length);
	header[0] = MessageType.label;
	header[1] = label.length;
	header.set(label, 2);
	return header;
}

/**
 * Where the rest begins after the header at the start of bytes[start, end).
 * @throws {WireError} `bad-label` unless the label there is the expected one, or both are absent.
 */
export function afterLabel(bytes: Uint8Array, start: number, end: number, expected: Uint8Array): number {
	if (start >= end || bytes[start] !== MessageType.label) {
		if (expected.length !== 0) throw new WireError('bad-label', 'the label is missing');
		return start;
	}
	if (start + 2 > end) throw new WireError('bad-label', 'the label header is truncated');
	const length = bytes[start + 1]!;
	const body = start + 2;
	if (length === 0) throw new WireError('bad-label', 'the label header is empty');
	if (body + length > end) throw new WireError('bad-label', 'the label header is truncated');
	if (length !== expected.length) throw otherLabel(bytes.subarray(body, body + length));
	for (let i = 0; i < length; i++) {
		if (bytes[body + i] !== expected[i]) throw otherLabel(bytes.subarray(body, body + length));
	}
	return body + length;
}

function otherLabel(label: Uint8Array): WireError {
	const shown = utf8Text(label.subarray(0, SHOWN_LABEL_BYTES));
	return new WireError(
		'bad-label',
		`the label is ${JSON.stringify(shown)}${label.length > SHOWN_LABEL_BYTES ? '…' : ''}`,
	);
}
