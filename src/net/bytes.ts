// Bytes of Node as the border knows them.

/**
 * The same memory without the methods of `Buffer`, whose `slice` shares memory where that of `Uint8Array` copies. One
 * kind of object for the real and for the simulated world also keeps the decoder's property accesses monomorphic.
 */
export function plainBytes(buffer: Buffer): Uint8Array {
	return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
