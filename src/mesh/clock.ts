// The node's clock: monotonic milliseconds, and what they mean on the wall.

import type { Instant } from '../swim/index.ts';

export interface Clock {
	now(): Instant;
	/** Wall-clock milliseconds since 1970 of an instant. */
	wallMs(instant: Instant): number;
}

/** A wall clock that was set shifts what instants mean; anything less is rounding, and must not make times flicker. */
const WALL_CLOCK_SET_MS = 1_000;

export function systemClock(): Clock {
	let offset = Date.now() - performance.now();
	return {
		now: () => performance.now(),
		wallMs(instant) {
			const current = Date.now() - performance.now();
			if (Math.abs(current - offset) > WALL_CLOCK_SET_MS) offset = current;
			return Math.round(instant + offset);
		},
	};
}

const FIRST_INCARNATION_MS = Date.UTC(2020, 0, 1);

/** Seconds since 2020: the incarnation of a node that starts now outranks those of its earlier lives (X6). */
export function startIncarnation(wallMs: number): number {
	return Math.max(1, Math.floor((wallMs - FIRST_INCARNATION_MS) / 1_000)) >>> 0;
}
