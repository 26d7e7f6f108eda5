// Metrics of the failure detector: pings, probes, round trips, local health, stalls.

import { PROPAGATION_BOUNDS_MS, RTT_BOUNDS_MS } from '../swim/index.ts';
import { bothWays, each, type Metric, one } from './metric.ts';

export const PROBE_METRICS: readonly Metric[] = [
	{
		name: 'gossip_pings_total',
		type: 'counter',
		help: 'Ping messages in packets, relayed ones included.',
		labels: ['direction'],
		read: ({ status: { counters } }) => bothWays(counters.pingsSent, counters.pingsReceived),
	},
	{
		name: 'gossip_probes_total',
		type: 'counter',
		help: 'Probes that this node began: one member a protocol period.',
		labels: [],
		read: ({ status }) => one(status.counters.probes),
	},
	{
		name: 'gossip_probe_answers_total',
		type: 'counter',
		help: 'Probes that ended, by who brought the ack: the member itself, in time (direct) or late, a helper, a stream, or none.',
		labels: ['answer'],
		read: ({ status }) => each('answer', status.counters.probeAnswers),
	},
	{
		name: 'gossip_probe_rtt_seconds',
		type: 'histogram',
		help: 'Time from a ping to its direct ack.',
		labels: [],
		read: ({ status }) => ({
			bounds: RTT_BOUNDS_MS.map((boundMs) => boundMs / 1_000),
			classes: status.counters.rtt.classes,
			sum: status.counters.rtt.sumMs / 1_000,
		}),
	},
	{
		name: 'gossip_propagation_seconds',
		type: 'histogram',
		help: 'Time that news takes to get here: age of the beacons of own members, one a minute in the whole mesh, when they came first.',
		labels: [],
		read: ({ status }) => ({
			bounds: PROPAGATION_BOUNDS_MS.map((boundMs) => boundMs / 1_000),
			classes: status.counters.propagation.classes,
			sum: status.counters.propagation.sumMs / 1_000,
		}),
	},
	{
		name: 'gossip_health_score',
		type: 'gauge',
		help: 'Local health of this node (Lifeguard awareness): 0 is best, a high score means that it is slow itself.',
		labels: [],
		read: ({ status }) => one(status.health),
	},
	{
		name: 'gossip_stalls_total',
		type: 'counter',
		help: 'Times that this process was not run for so long that its own suspicions could not be trusted.',
		labels: [],
		read: ({ status }) => one(status.counters.stalls),
	},
	{
		name: 'gossip_event_loop_delay_seconds',
		type: 'gauge',
		help: 'How late the event loop was since the last scrape: 99th percentile and worst.',
		labels: ['stat'],
		read: ({ loop }) => (loop === undefined ? [] : each('stat', { p99: loop.p99Ms / 1_000, max: loop.maxMs / 1_000 })),
	},
];
