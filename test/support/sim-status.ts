// The read model over simulated hosts: what the views would show of them.

import { createRingFollower } from '../../src/ring/index.ts';
import type { SimHost } from '../../src/sim/index.ts';
import { Evidence, machineSource, type StatusSource } from '../../src/status/index.ts';
import type { Host, World } from './world.ts';

/** Wall-clock time of the simulated hosts when a run begins, as in src/sim/cluster.ts. */
const WALL_MS: number = Date.UTC(2020, 0, 1) + 200_000_000_000;

/** Call it before the first host starts; it gives the source of each host from then on. */
export function followStatus(world: World): (host: Host) => StatusSource {
	const sources = new Map<SimHost, StatusSource>();
	const folds = new Map<SimHost, (event: Parameters<Evidence['note']>[0]) => void>();
	world.sim.observe({
		started(host) {
			const evidence = new Evidence();
			const follower = createRingFollower();
			folds.set(host, (event) => {
				evidence.note(event);
				follower.follow(event);
			});
			const source = machineSource({
				machine: host.machine,
				ring: follower.ring,
				evidence,
				now: () => host.clock(world.now),
				wallMs: (instant) => WALL_MS + host.startedAt + instant,
				onEvent: () => () => undefined,
			});
			sources.set(host, source);
		},
		event: (host, event) => folds.get(host)?.(event),
	});
	return (host) => sources.get(host.sim)!;
}
