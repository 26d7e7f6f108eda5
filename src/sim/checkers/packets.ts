// Invariants 7 and 8 on the wire: packets keep to their size and number of updates, and every host can read every other.

import { formatAddress } from '../../swim/index.ts';
import { type CheckerKind, line } from './checker.ts';
import { PacketWatch } from './packet-watch.ts';

/** No six updates fit a shorter packet, so shorter ones are read by their receivers only. */
const SHORTEST_READ_BYTES = 150;

export const packets: CheckerKind = {
	name: 'packets',
	invariant: 7,
	holds:
		'no packet is longer than packetBytes or carries more updates than allowed, and nothing sent is refused as nonsense',
	create({ cluster, promises }, report) {
		const { packetBytes, updatesPerPacket } = promises.config;
		const watch = new PacketWatch();
		return {
			packet(from, to, bytes, at) {
				if (bytes.length <= SHORTEST_READ_BYTES) return;
				const { updates, rejected } = watch.read(bytes);
				if (bytes.length <= packetBytes && updates <= updatesPerPacket && rejected.length === 0) return;
				report([from.name], `a packet of ${bytes.length} bytes with ${updates} updates ${rejected.join(', ')}`, [
					line(at, from.name, `sent to ${formatAddress(to)}`),
				]);
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
