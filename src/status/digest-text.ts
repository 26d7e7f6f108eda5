// A view digest as people see it: 16 hex digits, equal on two nodes exactly when they hold the same live members.

import type { ViewDigest } from '../swim/index.ts';

/** 16 hex digits. */
export function digestText(digest: ViewDigest): string {
	return hex32(digest.a) + hex32(digest.b);
}

function hex32(word: number): string {
	return (word >>> 0).toString(16).padStart(8, '0');
}
