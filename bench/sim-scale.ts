// Claim: one core simulates 10,000 nodes for 60 s within 8 GiB, at most 60 bytes a view of a member; what a node sends at rest is the same at any size.

import { parseArgs } from 'node:util';
import { CALM, Cluster, type LinkWeather } from '../src/sim/index.ts';
import { Report, type Row, round } from './support/report.ts';

interface Run {
	readonly nodes: number;
	readonly seconds: number;
	readonly weather: LinkWeather;
	/** One process ends without a word when everything has settled. */
	readonly crash: boolean;
}

/** News of the start are repeated for a while; what is measured begins when they have faded. */
const SETTLE_MS = 10_000;
/** Small clusters run longer, so that each size sends some 600,000 packets at least. */
const LEAST_SECONDS = 60;
const LEAST_NODE_SECONDS = 60_000;
const GIB = 2 ** 30;

/** Wall and processor seconds since the last call: on a machine that others use as well, they differ. */
class Stopwatch {
	#wall = performance.now();
	#cpu = process.cpuUsage();

	lap(): { readonly wallS: number; readonly cpuS: number } {
		const [wall, { user, system }] = [performance.now(), process.cpuUsage(this.#cpu)];
		const lap = { wallS: (wall - this.#wall) / 1e3, cpuS: (user + system) / 1e6 };
		this.#wall = wall;
		this.#cpu = process.cpuUsage();
		return lap;
	}
}

function measure(report: Report, { nodes, seconds, weather, crash }: Run): Row {
	const watch = new Stopwatch();
	const before = heldBytes();
	const cluster = new Cluster({ seed: 1, weather, host: { streams: false } });
	let bytes = 0;
	let dead = 0;
	cluster.observe({
		packet: (_from, _to, packet) => {
			bytes += packet.length;
		},
		event: (_host, event) => {
			if (event.type === 'state' && event.to === 'dead') dead++;
		},
	});
	// They have known each other for long: joining is measured by sim-join.
	const hosts = cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => `n${i}`));
	const setUp = watch.lap();
	report.progress(`${nodes} nodes are set up after ${round(setUp.wallS)} s`);
	cluster.run(SETTLE_MS);
	const atRest = { packets: cluster.packets, bytes };
	if (crash) cluster.kill(hosts[0]!);
	cluster.run(seconds * 1_000 - SETTLE_MS);
	const run = watch.lap();
	if (crash && dead !== nodes - 1) throw new Error(`${dead} of ${nodes - 1} views hold the crashed member dead`);
	const nodeSeconds = nodes * (seconds - SETTLE_MS / 1_000);
	return {
		nodes,
		weather: `${weather.loss === 0 ? 'calm' : `${weather.loss * 100} % loss`}${crash ? ', one crash' : ''}`,
		'set-up s': round(setUp.wallS),
		'run s': round(run.wallS),
		'CPU s': round(setUp.cpuS + run.cpuS),
		'simulated packets a CPU s': Math.round(cluster.packets / run.cpuS),
		'packets/s a node': round((cluster.packets - atRest.packets) / nodeSeconds),
		'bytes/s a node': round((bytes - atRest.bytes) / nodeSeconds),
		'bytes a view': round((heldBytes() - before) / nodes ** 2),
		'largest RSS GiB': round((process.resourceUsage().maxRSS * 1_024) / GIB),
	};
}

/** What is reachable, on the heap and in typed arrays. */
function heldBytes(): number {
	gc?.();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return heapUsed + arrayBuffers;
}

const { values } = parseArgs({
	options: {
		nodes: { type: 'string', default: '10,100,1000' },
		seconds: { type: 'string' },
		loss: { type: 'string', default: '0' },
		crash: { type: 'boolean', default: false },
		json: { type: 'boolean', default: false },
	},
});
const report = new Report(
	'One process simulates 10,000 nodes for 60 s within 8 GiB, at most 60 bytes a view of a member; a node at rest sends the same at any size, at most 1 KB/s at 200 ms. Packets alone, the defaults otherwise; the first 10 s are not measured.',
	values.json,
);
const weather = { ...CALM, loss: Number(values.loss) };
// What has run for a while is compiled: the simulator is measured here, not the compiler.
measure(report, { nodes: 30, seconds: 600, weather, crash: false });
for (const nodes of values.nodes.split(',').map(Number)) {
	const seconds = Number(values.seconds ?? Math.max(LEAST_SECONDS, LEAST_NODE_SECONDS / nodes));
	report.add(measure(report, { nodes, seconds, weather, crash: values.crash }));
}
report.print();
