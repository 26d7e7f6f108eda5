// Reads the vector files: bytes that real peers wrote, with what they mean and who wrote them.

import { readFileSync } from 'node:fs';

export interface Vector {
	readonly name: string;
	readonly hex: string;
	// biome-ignore lint/suspicious/noExplicitAny: every file has its own fields, and each test knows those of its file
	readonly decoded: any;
	readonly transport?: 'udp' | 'tcp';
	readonly peer?: string;
}

interface VectorFile {
	readonly vectors?: readonly Vector[];
	readonly rejects?: readonly { name: string; layer: string; hex: string; error: string | null }[];
}

export function vectorFile(name: string): VectorFile {
	return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));
}

export function vectors(name: string): readonly Vector[] {
	return vectorFile(name).vectors ?? [];
}

export function bytes(hex: string): Uint8Array {
	return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function hex(data: Uint8Array): string {
	return Buffer.from(data).toString('hex');
}

/** Byte strings of `decoded` stand as `{ bytes: hex }`, and nil as null. */
export function fieldBytes(value: { bytes: string } | string | null): Uint8Array {
	if (value === null) return new Uint8Array(0);
	return typeof value === 'string' ? new Uint8Array(Buffer.from(value)) : bytes(value.bytes);
}
