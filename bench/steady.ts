// Claim: a node at rest costs the same traffic at any cluster size, at most 400 bytes a second, and 0.05 % of a core.

import { once } from 'node:events';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { totalTraffic } from '../src/swim/index.ts';
import { Cluster } from './support/cluster.ts';
import { type Echo, startEcho } from './support/echo.ts';
import { forkRole, role, tell } from './support/fork.ts';
import { Report, type Row, round, spread } from './support/report.ts';
import { warmEcho, warmMesh } from './support/warm.ts';

interface NodesRole extends Echo {
	readonly kind: 'mesh' | 'echo';
	readonly seconds: number;
}

/** What the process used while it was measured. */
interface Used {
	readonly seconds: number;
	readonly cpuSeconds: number;
	/** How the heap has grown: all that was allocated while nothing was collected. */
	readonly heapBytes: number;
	readonly collections: number;
}

/** A second of a node. */
interface Load {
	readonly packetsPerS: number;
	readonly bytesPerS: number;
	/** Percent of one core, user and system. */
	readonly cpu: number;
	/** Events that say a member was accused, in all nodes. */
	readonly accusations: number;
	readonly heapBytesPerPacket: number;
	readonly collections: number;
}

/** News of the start are repeated for a while; what is measured begins when they have faded. */
const FADE_MS = 15_000;
/** No collection in the time that allocations are counted: room for all that is allocated meanwhile. */
const NO_COLLECTION = ['--min-semi-space-size=512', '--max-semi-space-size=512'];
const ALLOCATION_SECONDS = 5;

async function runMesh({ nodes, seconds }: NodesRole): Promise<void> {
	await warmMesh();
	const cluster = new Cluster({});
	await cluster.start(nodes);
	await cluster.complete(nodes);
	await setTimeout(FADE_MS);
	await clean();
	let accusations = 0;
	for (const mesh of cluster.nodes) mesh.on('suspect', () => accusations++);
	const sent = (key: 'packetsSent' | 'bytesSent'): number =>
		cluster.nodes.reduce((sum, mesh) => sum + totalTraffic(mesh.status.counters, key), 0);
	const before = { packets: sent('packetsSent'), bytes: sent('bytesSent') };
	const used = await usedDuring(seconds);
	const packets = sent('packetsSent') - before.packets;
	tell(loadOf(nodes, used, packets, sent('bytesSent') - before.bytes, accusations));
}

async function runEcho({ nodes, seconds, packetsPerS, packetBytes }: NodesRole): Promise<void> {
	await warmEcho(packetBytes);
	const echo = await startEcho({ nodes, packetsPerS, packetBytes });
	await setTimeout(FADE_MS);
	await clean();
	const before = echo.packets;
	const used = await usedDuring(seconds);
	const packets = echo.packets - before;
	tell(loadOf(nodes, used, packets, packets * packetBytes, 0));
}

/** Collects all garbage, and waits: a collection goes on in other threads after it has returned. */
async function clean(): Promise<void> {
	gc?.();
	await setTimeout(2_000);
}

async function usedDuring(seconds: number): Promise<Used> {
	let collections = 0;
	const observer = new PerformanceObserver((list) => {
		collections += list.getEntries().length;
	});
	observer.observe({ entryTypes: ['gc'] });
	const { heapUsed } = process.memoryUsage();
	const [startedAt, before] = [performance.now(), process.cpuUsage()];
	await setTimeout(seconds * 1_000);
	const { user, system } = process.cpuUsage(before);
	return {
		seconds: (performance.now() - startedAt) / 1_000,
		cpuSeconds: (user + system) / 1e6,
		heapBytes: process.memoryUsage().heapUsed - heapUsed,
		collections,
	};
}

function loadOf(nodes: number, used: Used, packets: number, bytes: number, accusations: number): Load {
	const nodeSeconds = nodes * used.seconds;
	return {
		packetsPerS: packets / nodeSeconds,
		bytesPerS: bytes / nodeSeconds,
		cpu: (100 * used.cpuSeconds) / nodeSeconds,
		accusations,
		heapBytesPerPacket: used.heapBytes / packets,
		collections: used.collections,
	};
}

/** Each in a fresh process: neither warm code nor garbage of the one before. */
async function measure(given: NodesRole, flags: readonly string[] = []): Promise<Load> {
	let told: Load | undefined;
	const receive = (load: Load): void => {
		told = load;
		child.disconnect();
	};
	const child = forkRole(given, receive, flags);
	const mostMs = FADE_MS + given.seconds * 1_000 + 120_000;
	await once(child, 'exit', { signal: AbortSignal.timeout(mostMs) });
	if (told === undefined) throw new Error(`${given.kind} of ${given.nodes} ended before it had measured`);
	return told;
}

interface Pair {
	readonly mesh: Load;
	readonly echo: Load;
}

/** A mesh, and then the floor under as many packets of that size. */
async function measurePair(nodes: number, seconds: number, flags?: readonly string[]): Promise<Pair> {
	const mesh = await measure({ kind: 'mesh', nodes, seconds, packetsPerS: 0, packetBytes: 32 }, flags);
	const packetBytes = Math.round(mesh.bytesPerS / mesh.packetsPerS);
	const { packetsPerS } = mesh;
	const echo = await measure({ kind: 'echo', nodes, seconds, packetsPerS, packetBytes }, flags);
	return { mesh, echo };
}

/** `counted` is the pair in which nothing was collected. */
function rowOf(nodes: number, pairs: readonly Pair[], counted: Pair): Row {
	const median = (of: (pair: Pair) => number): number => round(spread(pairs.map(of)).median);
	const range = (of: (pair: Pair) => number): string => {
		const { min, max } = spread(pairs.map(of));
		return `${round(min)}–${round(max)}`;
	};
	const perPacket = ({ cpu, packetsPerS }: Load): number => (1e4 * cpu) / packetsPerS;
	const heap = ({ heapBytesPerPacket, collections }: Load): number | string =>
		collections === 0 ? Math.round(heapBytesPerPacket) : 'collected';
	return {
		nodes,
		'packets/s': median(({ mesh }) => mesh.packetsPerS),
		'bytes/s': median(({ mesh }) => mesh.bytesPerS),
		'CPU %': median(({ mesh }) => mesh.cpu),
		'min–max': range(({ mesh }) => mesh.cpu),
		'echo CPU %': median(({ echo }) => echo.cpu),
		'echo min–max': range(({ echo }) => echo.cpu),
		'µs a packet': median(({ mesh }) => perPacket(mesh)),
		'above echo': median(({ mesh, echo }) => perPacket(mesh) - perPacket(echo)),
		'heap bytes a packet': heap(counted.mesh),
		'of echo': heap(counted.echo),
	};
}

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: {
			runs: { type: 'string', default: '5' },
			seconds: { type: 'string', default: '20' },
			nodes: { type: 'string', default: '10,100,300' },
			json: { type: 'boolean', default: false },
		},
	});
	const report = new Report(
		'A node at rest, at the defaults (200 ms): the same traffic at any N, at most 400 bytes/s of payload; at N = 100 at most 0.05 % of a core, and 5 µs a packet above a bare UDP echo.',
		values.json,
	);
	let accusations = 0;
	for (const nodes of values.nodes.split(',').map(Number)) {
		const pairs: Pair[] = [];
		for (let run = 0; run < Number(values.runs); run++) {
			report.progress(`${nodes} nodes: ${run + 1} of ${values.runs}`);
			pairs.push(await measurePair(nodes, Number(values.seconds)));
		}
		report.progress(`${nodes} nodes: allocations`);
		const counted = await measurePair(nodes, ALLOCATION_SECONDS, NO_COLLECTION);
		accusations += pairs.reduce((sum, { mesh }) => sum + mesh.accusations, 0);
		report.add(rowOf(nodes, pairs, counted));
	}
	report.note('members accused', accusations);
	report.print();
}

async function runRole(given: NodesRole): Promise<void> {
	await (given.kind === 'mesh' ? runMesh(given) : runEcho(given));
}

const given = role<NodesRole>();
await (given === undefined ? runBench() : runRole(given));
