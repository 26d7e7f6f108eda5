// The read model over simulated hosts: what the views would show of them.

import type { SimHost } from '../../src/sim/index.ts';
import { NodeStatus, type StatusSource } from '../../src/status/index.ts';
import type { Host, World } from './world.ts';

/** Wall-clock time of the simulated hosts when a run begins, as in src/sim/cluster.ts. */
const WALL_MS: number = Date.UTC(2020, 0, 1) + 200_000_000_000;

/** Call it before the first host starts; it gives the source of each host from then on. */
export function followStatus(world: World): (host: Host) => StatusSource {
	const statuses = new Map<SimHost, NodeStatus>();
	world.sim.observe({
		started(host) {
			const status = new NodeStatus({
				machine: host.machine,
				now: () => host.clock(world.now),
				wallMs: (instant) => WALL_MS + host.startedAt + instant,
			});
			statuses.set(host, status);
		},
		event: (host, event) => statuses.get(host)?.note(event),
	});
	return (host) => statuses.get(host.sim)!.source;
}
