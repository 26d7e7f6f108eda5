// Port: where the first peers come from. Discovery feeds the address book and is never an authority.

import type { Address } from '../swim/index.ts';

/**
 * | code | when | what to do |
 * |---|---|---|
 * | `unresolved` | a name does not exist (NXDOMAIN) | correct the name, or wait until it is made |
 * | `no-record` | the name exists and has no record of the kind that was asked for | add the record |
 * | `unreachable` | the server that was asked refused, did not answer in time, or could not be found | check the network path to it |
 * | `unauthorized` | the server does not accept the credentials (HTTP 401) | check the token |
 * | `forbidden` | the server knows who asks and does not allow it (HTTP 403) | grant the permission |
 * | `no-match` | the server answered well, and nothing that it has is meant | correct the selector |
 * | `failed` | anything else | read the text |
 */
export type DiscoveryProblemCode =
	| 'unresolved'
	| 'no-record'
	| 'unreachable'
	| 'unauthorized'
	| 'forbidden'
	| 'no-match'
	| 'failed';

/** Why the last attempt was not good. */
export interface DiscoveryProblem {
	readonly code: DiscoveryProblemCode;
	/** One sentence, with the next step where there is one. */
	readonly text: string;
}

/** What a provider tells about itself, for status and doctor. */
export interface DiscoveryHealth {
	readonly provider: string;
	/** Addresses of the last good answer. */
	readonly addresses: readonly Address[];
	/** Wall-clock milliseconds of the last good answer; undefined = none yet. */
	readonly answeredAtMs: number | undefined;
	/** Errors since the start. */
	readonly errors: number;
	/** Why the last attempt was not good; undefined when it was. */
	readonly problem: DiscoveryProblem | undefined;
}

/** Where the first peers come from: what `createMesh({ discovery })` takes, to be implemented by anybody. */
export interface Discovery {
	/** For logs, metrics and status: short, in lower case. */
	readonly name: string;
	readonly health: DiscoveryHealth;
	/**
	 * Yields the complete list of known addresses whenever it changes, the first as soon as there is one.
	 * Never throws for the world's failures: they are counted and retried. Ends when `signal` aborts.
	 */
	watch(signal: AbortSignal): AsyncIterable<readonly Address[]>;
}
