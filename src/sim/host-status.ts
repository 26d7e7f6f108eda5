// The read model over a simulated host: what its views would show, in simulated time.

import { NodeStatus } from '../status/index.ts';
import type { Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';

/** Make it before the host takes its first input, and hand it each event of the host. */
export function hostStatus(cluster: Cluster, host: SimHost): NodeStatus {
	const epochMs = cluster.wallMs - cluster.now;
	return new NodeStatus({
		machine: host.machine,
		now: () => host.clock(cluster.now),
		wallMs: (instant) => epochMs + host.timeOf(instant),
	});
}
