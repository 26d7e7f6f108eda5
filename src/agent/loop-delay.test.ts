// A blocked event loop shows in the next look, and is gone in the one after.

import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watchLoopDelay } from './loop-delay.ts';

it('shows how long the loop was blocked, once', async () => {
	const { look, stop } = watchLoopDelay();
	try {
		await setTimeout(50);
		look();
		// The first tick of an interval begins the measuring.
		await setTimeout(50);
		const until = performance.now() + 150;
		while (performance.now() < until);
		await setTimeout(50);
		const blocked = look();
		expect(blocked.maxMs).toBeGreaterThan(100);
		expect(blocked.p99Ms).toBeLessThanOrEqual(blocked.maxMs);
	} finally {
		stop();
	}
});

it('says 0 before anything was measured', () => {
	const { look, stop } = watchLoopDelay();
	expect(look()).toEqual({ p99Ms: 0, maxMs: 0 });
	stop();
});
