// Metrics of what goes over the network: packets, bytes, streams, news, state transfers, refused input.

import type { RejectCode, TrafficCounters } from '../swim/index.ts';
import { bothWays, type Metric, type Observed, one, type Sample } from './metric.ts';

// A record, so that the compiler misses no code; counted in the order of codec.ts.
const REJECT_CODES: Readonly<Record<RejectCode, true>> = {
	empty: true,
	truncated: true,
	'bad-msgpack': true,
	'bad-field': true,
	'bad-label': true,
	'cannot-decrypt': true,
	'bad-crc': true,
	'bad-compression': true,
	'too-deep': true,
	'too-large': true,
	'unknown-type': true,
	'bad-sync': true,
	'not-for-us': true,
	'bad-incarnation': true,
	'bad-version': true,
	'bad-address': true,
	'bad-meta': true,
	'accuser-not-alive': true,
	'unknown-member': true,
	'table-full': true,
	'too-many': true,
	muted: true,
	'name-conflict': true,
	'address-not-allowed': true,
	'name-not-allowed': true,
};
const REASONS = Object.keys(REJECT_CODES) as readonly RejectCode[];

export const TRAFFIC_METRICS: readonly Metric[] = [
	{
		name: 'gossip_packets_total',
		type: 'counter',
		help: 'UDP packets of the protocol, by what they are for: probe, gossip, sync (state transfers), user (application messages).',
		labels: ['direction', 'type'],
		read: (observed) => byTraffic(observed, 'packetsSent', 'packetsReceived'),
	},
	{
		name: 'gossip_packet_bytes_total',
		type: 'counter',
		help: 'Bytes in UDP packets of the protocol, without IP and UDP headers, by what they are for.',
		labels: ['direction', 'type'],
		read: (observed) => byTraffic(observed, 'bytesSent', 'bytesReceived'),
	},
	{
		name: 'gossip_streams_total',
		type: 'counter',
		help: 'TCP streams that this node opened and accepted.',
		labels: ['direction'],
		read: ({ status: { counters } }) => [
			{ labels: { direction: 'opened' }, value: counters.streamsOpened },
			{ labels: { direction: 'accepted' }, value: counters.streamsAccepted },
		],
	},
	{
		name: 'gossip_stream_bytes_total',
		type: 'counter',
		help: 'Bytes on TCP streams of the protocol: full exchanges and stream pings.',
		labels: ['direction'],
		read: ({ status: { counters } }) => bothWays(counters.streamBytesSent, counters.streamBytesReceived),
	},
	{
		name: 'gossip_updates_total',
		type: 'counter',
		help: 'Member updates that rode on packets, for the first time and again.',
		labels: ['transmission'],
		read: ({ status: { counters } }) => [
			{ labels: { transmission: 'first' }, value: counters.updatesSent },
			{ labels: { transmission: 'again' }, value: counters.updatesResent },
		],
	},
	{
		name: 'gossip_queue_depth',
		type: 'gauge',
		help: 'News that is still spreading: member updates and application messages.',
		labels: ['queue'],
		read: ({ status: { sizes } }) => [
			{ labels: { queue: 'updates' }, value: sizes.updates },
			{ labels: { queue: 'user' }, value: sizes.userBroadcasts },
		],
	},
	{
		name: 'gossip_queue_oldest_seconds',
		type: 'gauge',
		help: 'How long the oldest member update has been spreading.',
		labels: [],
		read: ({ status }) => one(status.oldestUpdateMs / 1_000),
	},
	{
		name: 'gossip_digests_compared_total',
		type: 'counter',
		help: 'View digests of others that were compared with the own one.',
		labels: [],
		read: ({ status }) => one(status.counters.digestsCompared),
	},
	{
		name: 'gossip_digest_mismatches_total',
		type: 'counter',
		help: 'View digests of others that differed, most of them because news was still on its way.',
		labels: [],
		read: ({ status }) => one(status.counters.digestMismatches),
	},
	{
		name: 'gossip_syncs_total',
		type: 'counter',
		help: 'State transfers over packets that this node began and completed.',
		labels: ['step'],
		read: ({ status: { counters } }) => [
			{ labels: { step: 'started' }, value: counters.syncsStarted },
			{ labels: { step: 'completed' }, value: counters.syncsCompleted },
		],
	},
	{
		name: 'gossip_push_pulls_total',
		type: 'counter',
		help: 'Full exchanges over streams, as memberlist does them.',
		labels: [],
		read: ({ status }) => one(status.counters.pushPulls),
	},
	{
		name: 'gossip_rejected_total',
		type: 'counter',
		help: 'Packets, messages and streams that were refused, by reason.',
		labels: ['reason'],
		read: ({ status: { counters } }) =>
			REASONS.map((reason) => ({ labels: { reason }, value: counters.rejected[reason] ?? 0 })),
	},
];

/** By direction and by what the packets are for. */
function byTraffic({ status }: Observed, sent: keyof TrafficCounters, received: keyof TrafficCounters): Sample[] {
	return Object.entries(status.counters.traffic).flatMap(([type, count]) => [
		{ labels: { direction: 'sent', type }, value: count[sent] },
		{ labels: { direction: 'received', type }, value: count[received] },
	]);
}
