// The encrypted frame of a stream: `0a | uint32 length | envelope` (memberlist net.go: encryptLocalState).

import { MessageType, WireError } from '../swim/index.ts';
import type { Keyring } from './keyring.ts';

export const FRAME_HEADER_BYTES = 5;

/** A complete frame around `plain`. */
export function sealFrame(plain: Uint8Array, keyring: Keyring, label: Uint8Array): Uint8Array<ArrayBuffer> {
	const length = keyring.overheadBytes + plain.length;
	const frame = new Uint8Array(FRAME_HEADER_BYTES + length);
	frame[0] = MessageType.encrypt;
	new DataView(frame.buffer).setUint32(1, length);
	const header = frame.subarray(0, FRAME_HEADER_BYTES);
	frame.set(keyring.seal(plain, additionalData(header, label)), FRAME_HEADER_BYTES);
	return frame;
}

/**
 * The length of the envelope that follows a frame's header.
 * @throws {WireError} `too-large` beyond `maxBytes`.
 */
export function envelopeBytes(header: Uint8Array, maxBytes: number): number {
	const length = new DataView(header.buffer, header.byteOffset).getUint32(1);
	if (length > maxBytes) throw new WireError('too-large', `an encrypted frame of ${length} bytes`);
	return length;
}

/**
 * The message in a frame.
 * @throws {WireError} `cannot-decrypt`, or `empty` when nothing is inside.
 */
export function openFrame(frame: Uint8Array, keyring: Keyring, label: Uint8Array): Uint8Array {
	const aad = additionalData(frame.subarray(0, FRAME_HEADER_BYTES), label);
	const plain = keyring.open(frame.subarray(FRAME_HEADER_BYTES), aad);
	if (plain.length === 0) throw new WireError('empty', 'nothing was encrypted');
	return plain;
}

/** The frame's header and the label, also on an answer, which carries no label header itself. */
function additionalData(header: Uint8Array, label: Uint8Array): Uint8Array {
	const aad = new Uint8Array(header.length + label.length);
	aad.set(header);
	aad.set(label, header.length);
	return aad;
}
