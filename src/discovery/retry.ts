// When to ask again: the pause after an answer, the growing pause after failures, and jitter for both.

import { randomInt } from 'node:crypto';
import type { Random } from '../swim/index.ts';

export const RETRY_FIRST_MS = 500;
export const RETRY_LAST_MS = 30_000;

/** Chance of the operating system. */
export const systemRandom: Random = { uint32: () => randomInt(2 ** 32) };

/**
 * Pause before the next question, in milliseconds: `refreshMs` after an answer, 500 ms doubled with
 * each failure up to 30 s after the others, both 20 % more or less, so that the nodes of a cluster
 * that were started together do not ask together for ever.
 */
export function pauseMs(failures: number, refreshMs: number, random: Random): number {
	const pause = failures === 0 ? refreshMs : Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 16));
	return pause * (0.8 + (0.4 * random.uint32()) / 2 ** 32);
}

/** Resolves after `ms`, or at once when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const done = (): void => {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, ms);
		signal.addEventListener('abort', done);
	});
}
