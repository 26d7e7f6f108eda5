// A Flight server over a status source in memory, and the calls that tests make to it.

import { callAction, createFlightServer, type FlightServer, type FlightServerOptions } from '../../src/flight/index.ts';
import { testMember, testSource } from './status-source.ts';

export const COMMANDS: FlightServerOptions['commands'] = {
	join: async (peers) => peers.map((_peer, port) => ({ address: { host: '10.0.0.9', port }, ok: port === 0 })),
	leave: async () => ({ told: 2, of: 2, tookMs: 12 }),
	keys: ({ op }) => ({
		member: 'b',
		keys: [{ key: op === 'use' ? '91ac' : 'b7f0', bits: 256, primary: true, heardMsAgo: 12 }],
	}),
	remove: async () => undefined,
	setTags: async () => undefined,
	compareRings: async () => [],
	examine: async (request) => ({ schema: 1, ...request }),
};

const FACTS: ReturnType<FlightServerOptions['facts']> = {
	version: '0.9.0',
	node: '20.20.2',
	loop: { p99Ms: 3.1, maxMs: 20 },
	keys: 2,
	label: 'prod',
};

const opened: (() => Promise<void> | void)[] = [];

/** Something to close when the test is over. */
export function opens(close: () => Promise<void> | void): void {
	opened.push(close);
}

/** Call it after each test. */
export async function closeAll(): Promise<void> {
	for (const close of opened.splice(0)) await close();
}

/** On a free port of loopback. */
export async function serveFlight(options: Partial<FlightServerOptions> = {}): Promise<FlightServer> {
	const source = testSource([testMember('b'), testMember('a', { state: 'suspect' }), testMember('zoë')]);
	const defaults = { source, commands: COMMANDS, facts: () => FACTS, address: '127.0.0.1:0' };
	const server = await createFlightServer({ ...defaults, ...options });
	opens(() => server.close());
	return server;
}

export function callFlight({ address }: FlightServer, type: string, body?: object, token?: string): Promise<unknown> {
	return callAction(address, type, body, { timeoutMs: 5_000, ...(token === undefined ? {} : { token }) });
}
