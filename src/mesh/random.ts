// Chance of the operating system for the machine, drawn in blocks: nobody can foretell a sequence number or a nonce.

import { randomFillSync } from 'node:crypto';
import type { Random } from '../swim/index.ts';

const BLOCK_WORDS = 256;

export function systemRandom(): Random {
	const block = new Uint32Array(BLOCK_WORDS);
	let used = BLOCK_WORDS;
	return {
		uint32() {
			if (used === BLOCK_WORDS) {
				randomFillSync(block);
				used = 0;
			}
			return block[used++] as number;
		},
	};
}
