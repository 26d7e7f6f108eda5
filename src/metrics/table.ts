// Every metric that a node shows: name, kind, help, labels, and where the numbers come from.

import { countStates, type StatusSource } from '../status/index.ts';
import { type RejectCode, STATE_CHANGES } from '../swim/index.ts';

export interface Sample {
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

export interface Metric {
	readonly name: string;
	readonly type: 'counter' | 'gauge';
	readonly help: string;
	readonly labels: readonly string[];
	/** All series, those at 0 too: a series that appears with its first event hides that event from `rate` and `increase`. */
	read(source: StatusSource): readonly Sample[];
}

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
	'name-conflict': true,
};
const REASONS = Object.keys(REJECT_CODES) as readonly RejectCode[];

export const METRICS: readonly Metric[] = [
	{
		name: 'gossip_active_members',
		type: 'gauge',
		help: 'Members of the mesh that are alive or suspect, as this node sees it, itself included.',
		labels: [],
		read: (source) => {
			const { alive, suspect } = countStates(source);
			return one(alive + suspect);
		},
	},
	{
		name: 'gossip_pings_total',
		type: 'counter',
		help: 'Ping messages in packets, relayed ones included.',
		labels: ['direction'],
		read: ({ counters }) => bothWays(counters.pingsSent, counters.pingsReceived),
	},
	{
		name: 'gossip_member_state_changes_total',
		type: 'counter',
		help: 'Steps of other members from one state to another, as this node sees it.',
		labels: ['from', 'to'],
		read: ({ counters }) =>
			STATE_CHANGES.map(([from, to]) => ({
				labels: { from, to },
				value: counters.stateChanges[`${from}>${to}`] ?? 0,
			})),
	},
	{
		name: 'gossip_probes_total',
		type: 'counter',
		help: 'Probes that this node began: one member a protocol period.',
		labels: [],
		read: ({ counters }) => one(counters.probes),
	},
	{
		name: 'gossip_probe_failures_total',
		type: 'counter',
		help: 'Probes that got no ack, neither directly nor through helpers.',
		labels: [],
		read: ({ counters }) => one(counters.probeAnswers.none),
	},
	{
		name: 'gossip_packets_total',
		type: 'counter',
		help: 'UDP packets of the protocol.',
		labels: ['direction', 'type'],
		read: ({ counters }) => byTraffic(counters, 'packetsSent', 'packetsReceived'),
	},
	{
		name: 'gossip_packet_bytes_total',
		type: 'counter',
		help: 'Bytes in UDP packets of the protocol, without IP and UDP headers.',
		labels: ['direction', 'type'],
		read: ({ counters }) => byTraffic(counters, 'bytesSent', 'bytesReceived'),
	},
	{
		name: 'gossip_rejected_total',
		type: 'counter',
		help: 'Packets, messages and streams that were refused, by reason.',
		labels: ['reason'],
		read: ({ counters }) => REASONS.map((reason) => ({ labels: { reason }, value: counters.rejected[reason] ?? 0 })),
	},
	{
		name: 'gossip_refutations_total',
		type: 'counter',
		help: 'Times that this node was accused and refuted under a new incarnation.',
		labels: [],
		read: ({ counters }) => one(counters.refutations),
	},
	{
		name: 'gossip_stalls_total',
		type: 'counter',
		help: 'Times that this process was not run for so long that its own suspicions could not be trusted.',
		labels: [],
		read: ({ counters }) => one(counters.stalls),
	},
	{
		name: 'gossip_health_score',
		type: 'gauge',
		help: 'Local health of this node (Lifeguard awareness): 0 is best, a high score means that it is slow itself.',
		labels: [],
		read: ({ health }) => one(health),
	},
];

function one(value: number): readonly Sample[] {
	return [{ labels: {}, value }];
}

/** By direction and by what the packets are for. */
function byTraffic(
	{ traffic }: StatusSource['counters'],
	sent: 'packetsSent' | 'bytesSent',
	received: 'packetsReceived' | 'bytesReceived',
): readonly Sample[] {
	return Object.entries(traffic).flatMap(([type, count]) => [
		{ labels: { direction: 'sent', type }, value: count[sent] },
		{ labels: { direction: 'received', type }, value: count[received] },
	]);
}

function bothWays(sent: number, received: number): readonly Sample[] {
	return [
		{ labels: { direction: 'sent' }, value: sent },
		{ labels: { direction: 'received' }, value: received },
	];
}
