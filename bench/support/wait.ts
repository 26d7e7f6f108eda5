// Waiting for a condition with a bound.

import { setTimeout } from 'node:timers/promises';

/** Looks every 2 ms, which is the resolution of what is timed with it. False: not within the time. */
export async function comes(holds: () => boolean, withinMs: number): Promise<boolean> {
	const deadline = performance.now() + withinMs;
	while (!holds()) {
		if (performance.now() > deadline) return false;
		await setTimeout(2);
	}
	return true;
}

/** @throws {Error} naming what was waited for. */
export async function until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
	if (!(await comes(holds, withinMs))) throw new Error(`not within ${withinMs} ms: ${what}`);
}
