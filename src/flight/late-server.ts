// The door to the server: its libraries are loaded by who opens it, so that a CLI command that only calls need not wait for them.

import type { FlightServer, FlightServerOptions } from './server.ts';

/**
 * Listens and serves.
 * @throws {RangeError} for an empty admin token. @throws {Error} with the system's `code` (`EADDRINUSE`, `EACCES`, …)
 * when the address cannot be bound.
 */
export async function createFlightServer(options: FlightServerOptions): Promise<FlightServer> {
	const { openFlightServer } = await import('./server.ts');
	return openFlightServer(options);
}
