// The transport of a node whose gossip is off: it has an address, and opens, sends and receives nothing.

import type { Transport } from '../net/index.ts';
import type { Address } from '../swim/index.ts';

/** For LONGBOW_GOSSIP_ENABLED=false: a mesh of one. */
export function silentTransport(address: Address): Transport {
	return {
		faults: {},
		open: async () => address,
		perform: () => undefined,
		close: async () => undefined,
	};
}
