// How late this process's event loop is: Node's own histogram, a new interval with every look.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopDelay } from '../metrics/index.ts';

const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** Measures from now on. `stop` ends it. */
export function watchLoopDelay(): { readonly look: () => LoopDelay; readonly stop: () => void } {
	const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
	histogram.enable();
	const look = (): LoopDelay => {
		// The histogram holds the length of its own timer, too.
		const late = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
		const delay = { p99Ms: late(histogram.percentile(99)), maxMs: late(histogram.max) };
		histogram.reset();
		return delay;
	};
	return { look, stop: () => void histogram.disable() };
}
