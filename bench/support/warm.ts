// Warm code for benches of nodes at rest: who has been up for minutes runs what V8 has compiled, and ten nodes would take minutes to get there.

import { setTimeout } from 'node:timers/promises';
import { Cluster } from './cluster.ts';
import { startEcho } from './echo.ts';

/** V8 throws away what it has compiled for objects that are gone, so these stay. */
const kept: object[] = [];
const NODES = 20;
const MS = 6_000;
/** Between two probes of a node, or two requests. */
const PERIOD_MS = 10;

/** Some 10,000 probes, each with its ack, of nodes that are gone when it returns. */
export async function warmMesh(): Promise<void> {
	const cluster = new Cluster({ protocolPeriodMs: PERIOD_MS, ackTimeoutMs: PERIOD_MS / 2 });
	await cluster.start(NODES);
	await setTimeout(MS);
	kept.push(...cluster.nodes);
	await cluster.close();
}

/** As many packets of the floor. */
export async function warmEcho(packetBytes: number): Promise<void> {
	const echo = await startEcho({ nodes: NODES, packetsPerS: 2_000 / PERIOD_MS, packetBytes });
	await setTimeout(MS);
	kept.push(echo);
	echo.close();
}
