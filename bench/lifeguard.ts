// Claim: where processes stall, all parts together get at least 50 times fewer healthy members declared dead than plain SWIM, and none because of one stalled process.

import { parseArgs } from 'node:util';
import { type Cluster, type HostOptions, hostName, type SimHost } from '../src/sim/index.ts';
import { seededRandom, shuffle } from '../src/swim/index.ts';
import { Report, type Row, round, spread } from './support/report.ts';
import { clusterWith } from './support/without.ts';
import { editsOf, VARIANTS, type Variant } from './support/without-list.ts';

type ClusterClass = typeof Cluster;

/** `stopped`: the process runs nothing. `blocked`: its timers run, but what it sends and receives waits for the end. */
type Anomaly = 'stopped' | 'blocked';

/** One experiment: some processes are ill and well in turns, all at the same times (Lifeguard §V). */
interface Stress {
	readonly anomaly: Anomaly;
	readonly host: HostOptions;
	readonly seed: number;
	/** C, D and I of the paper. */
	readonly stalled: number;
	readonly stallMs: number;
	readonly betweenMs: number;
}

/** What became of members that were never ill. A view counts each time it changes so. */
interface Harm {
	/** Deaths of healthy members in views of healthy members: the paper's FP-. */
	readonly atHealthy: number;
	/** In anybody's view: FP. */
	readonly anywhere: number;
	/** Suspicions of healthy members in views of healthy members. */
	readonly suspicions: number;
	/** Packets that a node sends in a second. */
	readonly packetsPerS: number;
}

const NODES = 128;
const SETTLE_MS = 2_000;
const STRESS_MS = 120_000;

const PROFILES: Readonly<Record<string, HostOptions>> = {
	default: { suspicionTimeoutMs: 'auto' },
	lan: { suspicionTimeoutMs: 'auto', protocolPeriodMs: 1_000, ackTimeoutMs: 500 },
};

function acquainted(Kind: ClusterClass, host: HostOptions, seed: number): { cluster: Cluster; hosts: SimHost[] } {
	const cluster = new Kind({ seed, host });
	const hosts = cluster.addAcquainted(Array.from({ length: NODES }, (_, i) => hostName(i)));
	cluster.run(SETTLE_MS);
	return { cluster, hosts };
}

/** Returns what makes the ill ones ill for so long, from now on. */
function illness(cluster: Cluster, ill: readonly SimHost[], anomaly: Anomaly): (forMs: number) => void {
	if (anomaly === 'stopped') {
		return (forMs) => {
			for (const host of ill) cluster.stall(host, forMs);
		};
	}
	const isIll = new Set(ill.map(({ name }) => name));
	let until = 0;
	const { network } = cluster;
	const deliver = network.deliveries.bind(network);
	network.deliveries = (from, to, bytes) => {
		const restMs = until - cluster.now;
		const delays = deliver(from, to, bytes);
		if (restMs <= 0) return delays;
		if (isIll.has(from.name)) return delays.map((delay) => restMs + delay);
		return isIll.has(to.name) ? delays.map((delay) => Math.max(restMs, delay)) : delays;
	};
	network.impose({
		applies: (from, to) => cluster.now < until && (isIll.has(from.name) || isIll.has(to.name)),
		packetLoss: 0,
		streams: false,
	});
	return (forMs) => {
		until = cluster.now + forMs;
	};
}

function stress(Kind: ClusterClass, { anomaly, host, seed, stalled, stallMs, betweenMs }: Stress): Harm {
	const { cluster, hosts } = acquainted(Kind, host, seed);
	const order = hosts.map((_, i) => i);
	shuffle(seededRandom(seed), order, order.length);
	const ill = order.slice(0, stalled).map((i) => hosts[i]!);
	const isIll = new Set(ill.map(({ name }) => name));
	const harm = { atHealthy: 0, anywhere: 0, suspicions: 0 };
	cluster.observe({
		event(by, event) {
			if (event.type !== 'state' || isIll.has(event.member.name)) return;
			const isHealthyView = !isIll.has(by.name);
			if (event.to === 'suspect' && isHealthyView) harm.suspicions++;
			if (event.to !== 'dead') return;
			harm.anywhere++;
			if (isHealthyView) harm.atHealthy++;
		},
	});
	const fallIll = illness(cluster, ill, anomaly);
	const [packets, beganAt] = [cluster.packets, cluster.now];
	while (cluster.now < beganAt + STRESS_MS) {
		fallIll(stallMs);
		cluster.run(stallMs + betweenMs);
	}
	return { ...harm, packetsPerS: (1_000 * (cluster.packets - packets)) / (cluster.now - beganAt) / NODES };
}

/** What a part costs where nothing is wrong: how long a crash takes to be noticed, milliseconds. */
interface Noticed {
	readonly suspectMs: number;
	readonly deadMs: number;
	readonly deadEverywhereMs: number;
}

function crashes(Kind: ClusterClass, host: HostOptions, seed: number, count: number): Noticed[] {
	const { cluster, hosts } = acquainted(Kind, host, seed);
	return hosts.slice(0, count).map((victim) => {
		const crashedAt = cluster.now;
		const at = { suspect: Number.NaN, dead: Number.NaN, lastDead: Number.NaN };
		let holders = cluster.hosts.size - 1;
		cluster.observe({
			event(_by, event) {
				if (event.type !== 'state' || event.member.name !== victim.name || holders === 0) return;
				if (event.to === 'suspect' && Number.isNaN(at.suspect)) at.suspect = cluster.now;
				if (event.to !== 'dead') return;
				holders--;
				if (Number.isNaN(at.dead)) at.dead = cluster.now;
				at.lastDead = cluster.now;
			},
		});
		cluster.kill(victim);
		if (cluster.runUntil(() => holders === 0, CRASH_MS_MAX) === undefined)
			throw new Error(`${victim.name} is not dead everywhere after ${CRASH_MS_MAX} ms`);
		// At another phase of the others' probes than the one before.
		cluster.run(1_000 + 37 * (Number(victim.name.slice(1)) + 1));
		return {
			suspectMs: at.suspect - crashedAt,
			deadMs: at.dead - crashedAt,
			deadEverywhereMs: at.lastDead - crashedAt,
		};
	});
}

const CRASH_MS_MAX = 300_000;

interface Grid extends Pick<Stress, 'anomaly' | 'host'> {
	readonly stalled: readonly number[];
	readonly stallMs: readonly number[];
	readonly betweenMs: readonly number[];
	readonly seeds: readonly number[];
}

/** Every duration with every interval and seed. */
function stresses(grid: Grid, stalled: number): Stress[] {
	const { anomaly, host } = grid;
	return grid.stallMs.flatMap((stallMs) =>
		grid.betweenMs.flatMap((betweenMs) =>
			grid.seeds.map((seed) => ({ anomaly, host, seed, stalled, stallMs, betweenMs })),
		),
	);
}

/** For each number of stalled processes: deaths and suspicions of all runs together, packets on average. */
function stressAll(Kind: ClusterClass, grid: Grid, progress: (stress: Stress) => void): Map<number, Harm> {
	return new Map(
		grid.stalled.map((stalled) => {
			const runs = stresses(grid, stalled).map((each) => {
				progress(each);
				return stress(Kind, each);
			});
			const sum = (of: (harm: Harm) => number): number => runs.reduce((total, harm) => total + of(harm), 0);
			const harm: Harm = {
				atHealthy: sum(({ atHealthy }) => atHealthy),
				anywhere: sum(({ anywhere }) => anywhere),
				suspicions: sum(({ suspicions }) => suspicions),
				packetsPerS: sum(({ packetsPerS }) => packetsPerS) / runs.length,
			};
			return [stalled, harm];
		}),
	);
}

const COUNTS: readonly (readonly [heading: string, key: keyof Harm])[] = [
	['false deaths at healthy', 'atHealthy'],
	['false deaths anywhere', 'anywhere'],
	['false suspicions at healthy', 'suspicions'],
	['packets/s', 'packetsPerS'],
];

function addRows(report: Report, results: ReadonlyMap<string, ReadonlyMap<number, Harm>>): void {
	for (const [heading, key] of COUNTS) {
		for (const [variant, sums] of results) {
			const cells = [...sums].map(([stalled, harm]) => [`C = ${stalled}`, round(harm[key])] as const);
			const row: Row = { counted: heading, variant, ...Object.fromEntries(cells) };
			const all = [...sums.values()].reduce((sum, harm) => sum + harm[key], 0);
			report.add(key === 'packetsPerS' ? row : { ...row, all });
		}
	}
}

async function addCrashRows(
	report: Report,
	variants: readonly Variant[],
	host: HostOptions,
	count: number,
): Promise<void> {
	for (const variant of variants) {
		report.progress(`${variant.name}: crashes`);
		const noticed = crashes(await clusterWith(editsOf(variant)), host, 1, count);
		const median = (of: (one: Noticed) => number): number => round(spread(noticed.map(of)).median);
		report.add({
			variant: variant.name,
			crashes: count,
			'suspected, ms': median(({ suspectMs }) => suspectMs),
			'declared dead, ms': median(({ deadMs }) => deadMs),
			'dead in every view, ms': median(({ deadEverywhereMs }) => deadEverywhereMs),
			'latest, ms': round(spread(noticed.map(({ deadEverywhereMs }) => deadEverywhereMs)).max),
		});
	}
}

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: {
			profile: { type: 'string', default: 'lan' },
			anomaly: { type: 'string', default: 'blocked' },
			stalled: { type: 'string', default: '1,8' },
			for: { type: 'string', default: '2048,32768' },
			between: { type: 'string', default: '4096' },
			seeds: { type: 'string', default: '1' },
			variants: { type: 'string', default: VARIANTS.map(({ name }) => name).join() },
			crashes: { type: 'string', default: '0' },
			json: { type: 'boolean', default: false },
		},
	});
	const numbers = (list: string): number[] => list.split(',').map(Number);
	const variants = VARIANTS.filter(({ name }) => values.variants.split(',').includes(name));
	const host = PROFILES[values.profile];
	if (!host || variants.length === 0) throw new RangeError('--profile is default or lan, --variants some of the list');
	const crashCount = Number(values.crashes);
	const report = new Report(
		crashCount > 0
			? `What the parts cost where nothing is wrong: a crash among ${NODES}, profile ${values.profile}.`
			: `${NODES} nodes, profile ${values.profile}; C of them ${values.anomaly} for ${values.for} ms, ${values.between} ms apart, 120 s, seeds ${values.seeds}.`,
		values.json,
	);
	if (crashCount > 0) await addCrashRows(report, variants, host, crashCount);
	else {
		const grid: Grid = {
			anomaly: values.anomaly === 'stopped' ? 'stopped' : 'blocked',
			host,
			stalled: numbers(values.stalled),
			stallMs: numbers(values.for),
			betweenMs: numbers(values.between),
			seeds: numbers(values.seeds),
		};
		const results = new Map<string, Map<number, Harm>>();
		for (const variant of variants) {
			const progress = ({ stalled, stallMs, seed }: Stress): void =>
				report.progress(`${variant.name}: ${stalled} for ${stallMs} ms, seed ${seed}`);
			results.set(variant.name, stressAll(await clusterWith(editsOf(variant)), grid, progress));
		}
		addRows(report, results);
	}
	report.print();
}

await runBench();
