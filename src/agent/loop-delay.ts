// How late this process's event loop is: Node's own histogram, a new interval with every look.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopDelay } from '../metrics/index.ts';

const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

export interface LoopWatch {
	/** Since the last look. */
	look(): LoopDelay;
	/** The worse of the time since the last look and the time between the two looks before it. */
	peek(): LoopDelay;
	stop(): void;
}

/** Measures from now on. */
export function watchLoopDelay(): LoopWatch {
	const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
	histogram.enable();
	let before: LoopDelay = { p99Ms: 0, maxMs: 0 };
	const now = (): LoopDelay => {
		// The histogram holds the length of its own timer, too.
		const late = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
		return { p99Ms: late(histogram.percentile(99)), maxMs: late(histogram.max) };
	};
	return {
		look() {
			before = now();
			histogram.reset();
			return before;
		},
		peek() {
			const { p99Ms, maxMs } = now();
			return { p99Ms: Math.max(p99Ms, before.p99Ms), maxMs: Math.max(maxMs, before.maxMs) };
		},
		stop: () => void histogram.disable(),
	};
}
