// Sends garbage at a rate, from an address of loopback that is nobody's.

import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

export interface Flood {
	readonly from: string;
	readonly ports: readonly number[];
	readonly perSecond: number;
	readonly seconds: number;
}

/** So many kinds, made once: what costs the sender time is to be sending. */
const KINDS = 4_096;
const LONGEST = 400;

/**
 * A quarter each: random bytes; a known type and random bytes; a compound of empty parts; what looks like an envelope of
 * version 1, which only an attempt at decryption refuses.
 */
function garbage(): Buffer[] {
	return Array.from({ length: KINDS }, (_, i) => {
		const bytes = randomBytes(30 + (i % LONGEST));
		if (i % 4 === 1) bytes[0] = i % 14;
		if (i % 4 === 2) bytes.fill(0, 2).writeUInt16BE(0x0714);
		if (i % 4 === 3) bytes[0] = 1;
		return bytes;
	});
}

/** Resolves to the number of packets that the kernel has taken. */
export async function flood({ from, ports, perSecond, seconds }: Flood): Promise<number> {
	const kinds = garbage();
	const socket = createSocket({ type: 'udp4', lookup: (host, _, callback) => callback(null, host, 4) });
	// With a synchronous lookup it is bound when `bind` returns.
	const listening = once(socket, 'listening');
	socket.bind({ address: from, port: 0 });
	await listening;
	let sent = 0;
	const taken = (error: Error | null): void => {
		if (!error) sent++;
	};
	const begunAt = performance.now();
	for (let made = 0; ; ) {
		const elapsed = (performance.now() - begunAt) / 1_000;
		if (elapsed >= seconds) break;
		// As many as are due; after a stop of our own not all at once, which no sender could.
		const due = Math.min(elapsed * perSecond, made + perSecond / 20);
		for (; made < due; made++) socket.send(kinds[made % KINDS]!, ports[made % ports.length]!, '127.0.0.1', taken);
		await setTimeout(1);
	}
	while (socket.getSendQueueCount() > 0) await setTimeout(1);
	await new Promise<void>((resolve) => socket.close(() => resolve()));
	return sent;
}
