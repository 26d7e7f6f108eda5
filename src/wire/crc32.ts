// CRC-32/IEEE (zlib's and Ethernet's), four bytes a step, over a range without a view of it.

// zlib.crc32 came with Node 22.2 and 20.15; 22.0 and 22.1 lack it, and a call into it costs more than a short packet.
const POLYNOMIAL = 0xedb88320;

/** Four tables of 256: table k advances a byte that stands k bytes before the end of a step. */
const TABLE = buildTable();

function buildTable(): Int32Array {
	const table = new Int32Array(1024);
	for (let byte = 0; byte < 256; byte++) {
		let crc = byte;
		for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
		table[byte] = crc;
	}
	for (let i = 256; i < 1024; i++) {
		const shorter = table[i - 256]!;
		table[i] = (shorter >>> 8) ^ table[shorter & 0xff]!;
	}
	return table;
}

/** The checksum of bytes[start, end) as an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
	let crc = -1;
	let i = start;
	for (; i + 4 <= end; i += 4) {
		crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
		crc =
			TABLE[768 + (crc & 0xff)]! ^
			TABLE[512 + ((crc >>> 8) & 0xff)]! ^
			TABLE[256 + ((crc >>> 16) & 0xff)]! ^
			TABLE[crc >>> 24]!;
	}
	for (; i < end; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!;
	return ~crc >>> 0;
}
