// What our nodes of a process send: the real transport, with its packets counted and, when asked, lost.

import type { Transport } from '../../src/net/index.ts';

/** Shared by all nodes. A lost packet has been sent, so it counts. */
export class Wire {
	packets = 0;
	bytes = 0;
	/** Part of the packets that do not reach the socket, 0 to 1. */
	loss = 0;

	over(transport: Transport): Transport {
		return {
			faults: transport.faults,
			open: (deliver) => transport.open(deliver),
			close: () => transport.close(),
			perform: (output) => {
				if (output.type !== 'packet' || this.#passes(output.bytes)) transport.perform(output);
			},
		};
	}

	#passes({ length }: Uint8Array): boolean {
		this.packets++;
		this.bytes += length;
		return this.loss === 0 || Math.random() >= this.loss;
	}
}
