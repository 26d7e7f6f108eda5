// The worlds in which the compliance suite of transports runs, and the bytes it sends there.

import { createNodeTransport, MemoryNetwork, type StreamOptions, type Transport } from '../../src/net/index.ts';

export interface World {
	readonly name: string;
	readonly host: string;
	/** A maker of transports that can reach each other. */
	network(options: StreamOptions): (port: number) => Transport;
}

function nodeWorld(name: string, host: string): World {
	return {
		name,
		host,
		network: (options) => (port) => createNodeTransport({ host, port, streams: true, ...options }),
	};
}

export const worlds: World[] = [
	nodeWorld('node, IPv4', '127.0.0.1'),
	nodeWorld('node, IPv6', '::1'),
	{
		name: 'memory',
		host: '10.0.0.1',
		network: (options) => {
			const network = new MemoryNetwork(options);
			return (port) => network.transport({ host: '10.0.0.1', port });
		},
	},
];

/** Bytes that differ from each other and from those of another seed. */
export function pattern(length: number, seed = 0): Uint8Array {
	const bytes = new Uint8Array(length);
	for (let i = 0; i < length; i++) bytes[i] = i * 31 + (i >> 8) + seed;
	return bytes;
}
