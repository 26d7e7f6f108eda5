// When a member started, by its incarnation: a start takes the seconds of the wall clock since 2020, a refutation adds one (X6).

const INCARNATION_ZERO_MS = Date.UTC(2020, 0, 1);

/** Milliseconds since 1970; later by a second for each refutation since. Of own members only: others count from 1. */
export function startedAtMs(incarnation: number): number {
	return INCARNATION_ZERO_MS + incarnation * 1_000;
}
