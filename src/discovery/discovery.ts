// Port: where the first peers come from. Discovery feeds the address book and is never an authority.

import type { Address } from '../swim/index.ts';

/** What a provider tells about itself, for status and doctor. */
export interface DiscoveryHealth {
	readonly provider: string;
	/** Addresses of the last good answer. */
	readonly addresses: readonly Address[];
	/** Wall-clock milliseconds of the last good answer; undefined = none yet. */
	readonly answeredAtMs: number | undefined;
	/** Errors since the start. */
	readonly errors: number;
	/** Text of the last error; undefined when the last attempt was good. */
	readonly lastError: string | undefined;
}

export interface Discovery {
	readonly name: string;
	readonly health: DiscoveryHealth;
	/**
	 * Yields the complete list of known addresses whenever it changes, the first as soon as there is one.
	 * Never throws for the world's failures: they are counted and retried. Ends when `signal` aborts.
	 */
	watch(signal: AbortSignal): AsyncIterable<readonly Address[]>;
}
