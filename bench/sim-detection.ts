// Claim: at any size a crash is first suspected after about what SWIM expects, e / (e - 1) periods and the probe's own time, and never later than the round-robin bound.

import { parseArgs } from 'node:util';
import { Cluster, quantile, type SimHost } from '../src/sim/index.ts';
import { type Random, randomBelow, seededRandom } from '../src/swim/index.ts';
import { Report, type Row, round } from './support/report.ts';

const PERIOD_MS = 200;
/** A probe that nobody answers has its verdict when its period ends. */
const PROBE_MS = PERIOD_MS;
/** SWIM §3.1, with a probe of a random member a period: in so many periods somebody is expected to probe the crashed member. */
const SWIM_PERIODS = Math.E / (Math.E - 1);
/** News of the start have faded, and every node is somewhere in its round. */
const SETTLE_MS = 5_000;
/** Of a hundred members one may crash in a run, or the cluster would not be of that size any more. */
const MEMBERS_A_CRASH = 100;

interface Detection {
	/** From the crash until the probe began that led to the first suspicion; below 0 when its ping was on its way. */
	readonly waitedMs: number;
	/** From the crash to the first suspicion in any view. */
	readonly suspectedMs: number;
}

/** One member after the other crashes, each at an instant of its own in the period. */
function crashes(nodes: number, most: number, seed: number): Detection[] {
	const cluster = new Cluster({ seed, host: { streams: false } });
	const random = seededRandom(seed);
	const hosts = cluster.addAcquainted(Array.from({ length: nodes }, (_, i) => `n${i}`));
	const seen: Detection[] = [];
	let victim: { readonly host: SimHost; readonly at: number } | undefined;
	cluster.observe({
		event: (_host, event, at) => {
			if (event.type !== 'state' || event.to !== 'suspect' || event.member.name !== victim?.host.name) return;
			if (event.why.code !== 'probe-failed') throw new Error(`${victim.host.name}: suspected by ${event.why.code}`);
			seen.push({ waitedMs: event.why.sentAt - victim.at, suspectedMs: at - victim.at });
			victim = undefined;
		},
	});
	cluster.run(SETTLE_MS);
	for (let i = 0; i < most; i++) {
		cluster.run(2 * PERIOD_MS + drawnPart(random, PERIOD_MS));
		const [host] = hosts.splice(randomBelow(random, hosts.length), 1);
		victim = { host: host!, at: cluster.now };
		cluster.kill(host!);
		cluster.runUntil(() => victim === undefined, boundMs(nodes));
		if (victim) throw new Error(`${nodes} nodes, seed ${seed}: ${host!.name} was not suspected within the bound`);
	}
	return seen;
}

/** A member comes up once in each round of a prober, so at most 2 n - 1 of its probes lie between two of one member. */
function boundMs(nodes: number): number {
	return (2 * nodes - 1) * PERIOD_MS + PROBE_MS;
}

function drawnPart(random: Random, of: number): number {
	return (randomBelow(random, 1_000) / 1_000) * of;
}

function rowOf(nodes: number, seen: readonly Detection[]): Row {
	const mean = (of: (detection: Detection) => number): number =>
		seen.reduce((sum, detection) => sum + of(detection), 0) / seen.length;
	const times = seen.map(({ suspectedMs }) => suspectedMs).sort((a, b) => a - b);
	const expectedMs = SWIM_PERIODS * PERIOD_MS + PROBE_MS;
	const meanMs = mean(({ suspectedMs }) => suspectedMs);
	return {
		nodes,
		crashes: seen.length,
		'a probe begins, mean ms': round(mean(({ waitedMs }) => waitedMs)),
		'suspected, mean ms': round(meanMs),
		p50: round(quantile(times, 0.5)!),
		p99: round(quantile(times, 0.99)!),
		worst: round(times.at(-1)!),
		'SWIM expects': round(expectedMs),
		ratio: round(meanMs / expectedMs),
		'bound ms': boundMs(nodes),
	};
}

const { values } = parseArgs({
	options: {
		nodes: { type: 'string', default: '10,100,1000' },
		crashes: { type: 'string', default: '200' },
		json: { type: 'boolean', default: false },
	},
});
const report = new Report(
	'A process crashes in a cluster at rest: the mean time to the first suspicion against e / (e - 1) periods and one period for the probe, the worst against 2 n - 1 periods and one for the probe. Packets alone, calm weather, the defaults otherwise (200 ms).',
	values.json,
);
for (const nodes of values.nodes.split(',').map(Number)) {
	const seen: Detection[] = [];
	const perRun = Math.max(1, Math.floor(nodes / MEMBERS_A_CRASH));
	for (let seed = 1; seen.length < Number(values.crashes); seed++) {
		report.progress(`${nodes} nodes: ${seen.length} of ${values.crashes} crashes`);
		seen.push(...crashes(nodes, Math.min(perRun, Number(values.crashes) - seen.length), seed));
	}
	report.add(rowOf(nodes, seen));
}
report.print();
