// The read model over simulated hosts: what the views would show of them.

import { hostStatus, type SimHost } from '../../src/sim/index.ts';
import type { NodeStatus, StatusSource } from '../../src/status/index.ts';
import type { Host, World } from './world.ts';

/** Call it before the first host starts; it gives the source of each host from then on. */
export function followStatus(world: World): (host: Host) => StatusSource {
	const statuses = new Map<SimHost, NodeStatus>();
	world.sim.observe({
		started(host) {
			statuses.set(host, hostStatus(world.sim, host));
		},
		event: (host, event) => statuses.get(host)?.note(event),
	});
	return (host) => statuses.get(host.sim)!.source;
}
