// Tests of the clock: the wall, and the incarnation of a start.

import { afterEach, expect, it, vi } from 'vitest';
import { startIncarnation, systemClock } from './clock.ts';

afterEach(() => {
	vi.useRealTimers();
});

it('tells the wall-clock time of an instant', () => {
	vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
	const clock = systemClock();
	const instant = clock.now();
	vi.advanceTimersByTime(5_000);
	expect(clock.wallMs(instant)).toBe(Date.UTC(2026, 0, 1));
	expect(clock.wallMs(clock.now())).toBe(Date.UTC(2026, 0, 1) + 5_000);
});

it('follows a wall clock that is set', () => {
	vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
	const clock = systemClock();
	const instant = clock.now();
	vi.setSystemTime(Date.UTC(2026, 0, 2));
	expect(clock.wallMs(instant)).toBe(Date.UTC(2026, 0, 2));
});

it.each([
	[Date.UTC(2020, 0, 1, 0, 0, 5, 999), 5],
	[Date.UTC(2026, 10, 22), 217_468_800],
	// A clock that has lost its battery; 0 would be no incarnation at all.
	[Date.UTC(1970, 0, 1), 1],
])('starts at %i ms with incarnation %i', (wallMs, incarnation) => {
	expect(startIncarnation(wallMs)).toBe(incarnation);
});
