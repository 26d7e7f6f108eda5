// Waiting for a condition with a bound.

import { setTimeout } from 'node:timers/promises';

/**
 * Looks every 2 ms, which is the resolution of what is timed with it.
 * @throws {Error} naming what was waited for.
 */
export async function until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
	const deadline = performance.now() + withinMs;
	while (!holds()) {
		if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
		await setTimeout(2);
	}
}
