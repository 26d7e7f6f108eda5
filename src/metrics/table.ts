// Every metric that a node shows, in the order of the page and of docs/metrics.md.

import { DISCOVERY_METRICS } from './discovery.ts';
import { MEMBER_METRICS } from './members.ts';
import type { Metric } from './metric.ts';
import { PROBE_METRICS } from './probes.ts';
import { TRAFFIC_METRICS } from './traffic.ts';

export const METRICS: readonly Metric[] = [
	...MEMBER_METRICS,
	...PROBE_METRICS,
	...TRAFFIC_METRICS,
	...DISCOVERY_METRICS,
];
