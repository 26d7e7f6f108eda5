// How long the suites watch a cluster in which nothing may happen.

import { setTimeout } from 'node:timers/promises';

/** `npm run soak` watches for a minute. */
export const QUIET_MS: number = process.env.LONGBOW_SOAK === '1' ? 60_000 : 8_000;

/** Checks over and over that something stays as it is. */
export async function staysFor(ms: number, check: () => Promise<void>): Promise<void> {
	const end = performance.now() + ms;
	while (performance.now() < end) {
		await check();
		await setTimeout(250);
	}
}
