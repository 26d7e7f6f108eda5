// Claim: N nodes that start at once through three seeds hold complete views within 2 s (N = 64), 3 s (200), 5 s (1,000 and 2,000) at the 99th percentile, and no seed has a tail.

import { parseArgs } from 'node:util';
import { Cluster, quantile } from '../src/sim/index.ts';
import { Report, round } from './support/report.ts';

interface Join {
	/** From the start to the last complete view. */
	readonly tookMs: number;
	readonly packets: number;
	readonly bytes: number;
	readonly cpuS: number;
}

const MOST_MS = 60_000;

/** Every host counts whom it holds alive by the events that it tells, so that completeness costs nothing to check. */
function burstJoin(nodes: number, through: number, seed: number): Join {
	const before = process.cpuUsage();
	const cluster = new Cluster({ seed, host: { streams: false } });
	const alive = new Uint32Array(nodes);
	let complete = 0;
	let bytes = 0;
	cluster.observe({
		event: ({ index }, event) => {
			if (event.type !== 'state') return;
			const held = alive[index]!;
			alive[index] = held + (event.to === 'alive' ? 1 : 0) - (event.from === 'alive' ? 1 : 0);
			if (held === nodes) complete--;
			if (alive[index] === nodes) complete++;
		},
		packet: (_from, _to, packet) => {
			bytes += packet.length;
		},
	});
	const hosts = Array.from({ length: nodes }, (_, i) => cluster.add(`n${i}`));
	const seeds = hosts.slice(0, through);
	for (const host of hosts) cluster.discover(host, seeds);
	const tookMs = cluster.runUntil(() => complete === nodes, MOST_MS);
	if (tookMs === undefined) throw new Error(`${nodes} nodes, seed ${seed}: not complete within ${MOST_MS} ms`);
	const { user, system } = process.cpuUsage(before);
	return { tookMs, packets: cluster.packets / nodes, bytes: bytes / nodes, cpuS: (user + system) / 1e6 };
}

function rowOf(nodes: number, joins: readonly Join[]): Record<string, number> {
	const sorted = (of: (join: Join) => number): number[] => joins.map(of).sort((a, b) => a - b);
	const at = (share: number, of: (join: Join) => number): number => round(quantile(sorted(of), share)!);
	return {
		nodes,
		runs: joins.length,
		'p50 ms': at(0.5, ({ tookMs }) => tookMs),
		'p99 ms': at(0.99, ({ tookMs }) => tookMs),
		'worst ms': at(1, ({ tookMs }) => tookMs),
		'packets a node': at(0.5, ({ packets }) => packets),
		'kB a node': at(0.5, ({ bytes }) => bytes / 1_000),
		'CPU s a run': at(0.5, ({ cpuS }) => cpuS),
	};
}

const { values } = parseArgs({
	options: {
		nodes: { type: 'string', default: '64,200' },
		runs: { type: 'string', default: '50' },
		/** How many of them all others know. */
		through: { type: 'string', default: '3' },
		/** The first seed: large sizes can be shared among processes. */
		from: { type: 'string', default: '1' },
		/** Prints each run as it ends: large ones take long. */
		each: { type: 'boolean', default: false },
		json: { type: 'boolean', default: false },
	},
});
const report = new Report(
	`All start at once and know ${values.through} of them; packets alone, calm weather, the defaults otherwise. Complete at the 99th percentile within 2 s (64 nodes), 3 s (200), 5 s (1,000 and 2,000), and no tail.`,
	values.json,
);
const [runs, from, through] = [Number(values.runs), Number(values.from), Number(values.through)];
for (const nodes of values.nodes.split(',').map(Number)) {
	const joins: Join[] = [];
	for (let seed = from; seed < from + runs; seed++) {
		report.progress(`${nodes} nodes: ${seed - from + 1} of ${runs}`);
		const join = burstJoin(nodes, through, seed);
		const computing = `${round(join.cpuS)} s of computing`;
		if (values.each) console.error(`${nodes} nodes, seed ${seed}: ${round(join.tookMs)} ms, ${computing}`);
		joins.push(join);
	}
	report.add(rowOf(nodes, joins));
}
report.print();
