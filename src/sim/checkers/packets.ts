// Invariants 7 and 8 on the wire: packets keep to their size and number of updates, and every host can read every other.

import { formatAddress } from '../../swim/index.ts';
import type { SimHost } from '../host.ts';
import { type CheckerKind, line } from './checker.ts';
import { PacketWatch } from './packet-watch.ts';

/** Goodbyes take a number for each of up to 128 members before the first is sent. */
const NUMBERS_AHEAD = 256;
/** What is asked again for seconds keeps its number. */
const NUMBERS_BEHIND = 10_000;

export const packets: CheckerKind = {
	name: 'packets',
	invariant: 7,
	holds:
		'packets keep to their size and number of updates, pings are numbered by one counter, and nothing sent is refused as nonsense',
	create({ cluster, promises }, report) {
		const { packetBytes, updatesPerPacket } = promises.config;
		const watch = new PacketWatch();
		const numbers = new Map<SimHost, number>();

		/** A number far from its last one is not of the sender's own counter: answers to it could be taken for others. */
		function isOwnNumber(from: SimHost, seqNo: number): boolean {
			const last = numbers.get(from) ?? seqNo;
			const ahead = (seqNo - last) | 0;
			numbers.set(from, ahead > 0 || !numbers.has(from) ? seqNo : last);
			return Math.abs(ahead) <= NUMBERS_AHEAD || (ahead < 0 && ahead > -NUMBERS_BEHIND);
		}

		return {
			packet(from, to, bytes, at) {
				const { updates, rejected, pings } = watch.read(bytes);
				const isNumbered = pings.every((seqNo) => isOwnNumber(from, seqNo));
				const isShort = bytes.length <= packetBytes && updates <= updatesPerPacket;
				if (isShort && isNumbered && rejected.length === 0) return;
				const what = isNumbered ? `${updates} updates` : `a ping numbered ${pings.join(', ')} out of turn`;
				report([from.name], `a packet of ${bytes.length} bytes with ${what} ${rejected.join(', ')}`, [
					line(at, from.name, `sent to ${formatAddress(to)}`),
				]);
			},
			stopped(host) {
				numbers.delete(host);
			},
			event(host, event) {
				if (event.type !== 'rejected' || !NONSENSE.has(event.code)) return;
				report([host.name], `${host.name} refused what another host had sent: ${event.code}`, [
					line(cluster.now, host.name, event.detail),
				]);
			},
		};
	},
};

/** Refusals that no host of this cluster may ever cause. Others are normal in passing, as relays for the unknown. */
const NONSENSE: ReadonlySet<string> = new Set([
	'empty',
	'truncated',
	'bad-msgpack',
	'bad-field',
	'bad-label',
	'bad-crc',
	'bad-compression',
	'too-deep',
	'unknown-type',
	'bad-incarnation',
	'bad-version',
	'bad-address',
	'bad-meta',
]);
