// Port: packets and streams on one address. The real one is UDP and TCP; the other one is memory.

import type { Address, NetworkInput, NetworkOutput } from '../swim/index.ts';

/** What carries packets and streams for a node: what `createMesh({ transport })` takes, to be implemented by anybody. */
export interface Transport {
	/**
	 * Binds and starts to deliver. Resolves to the bound address.
	 * @throws {TransportError} when the address cannot be had.
	 */
	open(deliver: (input: NetworkInput) => void): Promise<Address>;
	/** Performs one output. Never throws and never calls `deliver` before it returns: failures are counted, or arrive later as `fail`. */
	perform(output: NetworkOutput): void;
	/** Stops delivering, lets what was written go out within a short time, frees the address. Idempotent. */
	close(): Promise<void>;
	/** What went wrong underneath without ending anything, by reason. */
	readonly faults: Readonly<Record<string, number>>;
}

/** The world refused. `code`: `NET_ADDRESS_IN_USE`, `NET_ADDRESS_UNAVAILABLE`, `NET_DENIED`, `NET_FAILED`. State: nothing is open. */
export class TransportError extends Error {
	readonly code: 'NET_ADDRESS_IN_USE' | 'NET_ADDRESS_UNAVAILABLE' | 'NET_DENIED' | 'NET_FAILED';
	constructor(code: TransportError['code'], message: string, options?: ErrorOptions) {
		super(message, options);
		this.name = 'TransportError';
		this.code = code;
	}
}
