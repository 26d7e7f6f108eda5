// Burst join: N nodes start at once with three seeds; how long until every view is complete.
import { Cluster, type SimHost } from '../src/sim/index.ts';

const sizes = (process.argv[2] ?? '64,200').split(',').map(Number);
const seeds = Number(process.argv[3] ?? 10);
const MOST_MS = 60_000;

interface Run {
	readonly tookMs: number | undefined;
	readonly packets: number;
	readonly bytes: number;
	readonly wallMs: number;
}

/** Every host counts whom it holds alive by the events that it tells, so that completeness costs nothing to check. */
function burstJoin(nodes: number, seed: number): Run {
	const started = performance.now();
	const cluster = new Cluster({ seed, host: { streams: false } });
	const alive = new Map<SimHost, number>();
	let complete = 0;
	let bytes = 0;
	cluster.observe({
		event: (host, event) => {
			if (event.type !== 'state') return;
			const before = alive.get(host) ?? 0;
			const change = (event.to === 'alive' ? 1 : 0) - (event.from === 'alive' ? 1 : 0);
			alive.set(host, before + change);
			if (before === nodes) complete--;
			if (before + change === nodes) complete++;
		},
		packet: (_from, _to, packet) => {
			bytes += packet.length;
		},
	});
	const hosts = Array.from({ length: nodes }, (_, i) => cluster.add(`n${i}`));
	const first = hosts.slice(0, 3);
	for (const host of hosts) cluster.discover(host, first);
	const tookMs = cluster.runUntil(() => complete === nodes, MOST_MS);
	return { tookMs, packets: cluster.packets / nodes, bytes: bytes / nodes, wallMs: performance.now() - started };
}

function quantile(values: readonly number[], q: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;
}

for (const nodes of sizes) {
	const runs = Array.from({ length: seeds }, (_, i) => burstJoin(nodes, i + 1));
	const took = runs.map((run) => run.tookMs ?? Number.POSITIVE_INFINITY);
	const median = (of: (run: Run) => number): number => quantile(runs.map(of), 0.5);
	const joined = `complete after p50 ${quantile(took, 0.5).toFixed(0)} ms, p99 ${quantile(took, 0.99).toFixed(0)} ms`;
	const load = `${median((run) => run.packets).toFixed(0)} packets and ${(median((run) => run.bytes) / 1000).toFixed(1)} kB a node`;
	const wall = `${(median((run) => run.wallMs) / 1000).toFixed(1)} s of computing`;
	console.log(`${nodes} nodes, ${seeds} seeds: ${joined}; ${load}; ${wall}`);
}
