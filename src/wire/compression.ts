// The compress wrapper `09 {Algo, Buf}` (wire spec §5.5).

import { MessageType, WireError } from '../swim/index.ts';
import { COMPRESS } from './fields.ts';
import { compress, decompress } from './lzw.ts';
import { MsgpackReader } from './msgpack-reader.ts';
import { MsgpackWriter } from './msgpack-writer.ts';

/** LZW, the only algorithm that memberlist knows. */
const LZW = 0;

const reader = new MsgpackReader();

/** A complete message, wrapped; for a short message that is longer than the message itself. */
export function wrapCompressed(message: Uint8Array): Uint8Array<ArrayBuffer> {
	const compressed = compress(message);
	const writer = new MsgpackWriter(compressed.length + 20);
	writer.byte(MessageType.compress);
	writer.mapHeader(2);
	writer.raw(COMPRESS[0]!);
	writer.uint(LZW);
	writer.raw(COMPRESS[1]!);
	writer.str(compressed);
	return writer.copy();
}

/**
 * The message in a wrapper, given without its type byte.
 * @throws {WireError} `bad-compression`, `too-large` beyond `maxBytes`, `empty`, or what the msgpack reader throws.
 */
export function unwrapCompressed(wrapper: Uint8Array, maxBytes: number): Uint8Array {
	let algorithm = LZW;
	let compressed: Uint8Array | undefined;
	reader.reset(wrapper);
	let field = -1;
	for (let left = reader.mapHeader(); left > 0; left--) {
		field = reader.key(COMPRESS, field + 1);
		if (field === 0) algorithm = reader.uint();
		else if (field === 1) compressed = reader.view();
		else reader.skip();
	}
	if (algorithm !== LZW) throw new WireError('bad-compression', `unknown compression algorithm ${algorithm}`);
	if (compressed === undefined) throw new WireError('bad-compression', 'the compressed bytes are missing');
	const message = decompress(compressed, maxBytes);
	if (message.length === 0) throw new WireError('empty', 'nothing was compressed');
	return message;
}
