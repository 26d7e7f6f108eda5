// Claim: a node at rest costs the same traffic at any cluster size, at most 400 bytes a second, and 0.05 % of a core.

import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { totalTraffic } from '../src/swim/index.ts';
import { Cluster } from './support/cluster.ts';
import { type Echo, startEcho } from './support/echo.ts';
import { forkRole, role, tell } from './support/fork.ts';
import { Report, type Row, round, spread } from './support/report.ts';

interface NodesRole extends Echo {
	readonly kind: 'mesh' | 'echo';
	readonly seconds: number;
}

/** A second of a node. */
interface Load {
	readonly packetsPerS: number;
	readonly bytesPerS: number;
	/** Percent of one core, user and system. */
	readonly cpu: number;
	/** Events that say a member was accused, in all nodes. */
	readonly accusations: number;
}

/** News of the start are repeated for a while; what is measured begins when they have faded. */
const FADE_MS = 15_000;

async function runMesh({ nodes, seconds }: NodesRole): Promise<void> {
	const cluster = new Cluster({});
	await cluster.start(nodes);
	await cluster.complete(nodes);
	await setTimeout(FADE_MS);
	let accusations = 0;
	for (const mesh of cluster.nodes) mesh.on('suspect', () => accusations++);
	const sent = (key: 'packetsSent' | 'bytesSent'): number =>
		cluster.nodes.reduce((sum, mesh) => sum + totalTraffic(mesh.status.counters, key), 0);
	const before = { packets: sent('packetsSent'), bytes: sent('bytesSent') };
	const used = await cpuDuring(seconds);
	const a = nodes * used.seconds;
	tell({
		packetsPerS: (sent('packetsSent') - before.packets) / a,
		bytesPerS: (sent('bytesSent') - before.bytes) / a,
		cpu: (100 * used.cpuSeconds) / a,
		accusations,
	} satisfies Load);
}

/** The floor: sockets that send each other such packets, and send back what they are sent, and do nothing else. */
async function runEcho({ nodes, seconds, packetsPerS, packetBytes }: NodesRole): Promise<void> {
	const echo = await startEcho({ nodes, packetsPerS, packetBytes });
	await setTimeout(FADE_MS);
	const before = echo.packets;
	const used = await cpuDuring(seconds);
	const a = nodes * used.seconds;
	const [perS, cpu] = [(echo.packets - before) / a, (100 * used.cpuSeconds) / a];
	tell({ packetsPerS: perS, bytesPerS: perS * packetBytes, cpu, accusations: 0 } satisfies Load);
}

async function cpuDuring(seconds: number): Promise<{ seconds: number; cpuSeconds: number }> {
	gc?.();
	const [startedAt, before] = [performance.now(), process.cpuUsage()];
	await setTimeout(seconds * 1_000);
	const { user, system } = process.cpuUsage(before);
	return { seconds: (performance.now() - startedAt) / 1_000, cpuSeconds: (user + system) / 1e6 };
}

/** Each in a fresh process: neither warm code nor garbage of the one before. */
async function measure(given: NodesRole): Promise<Load> {
	let told: Load | undefined;
	const child = forkRole(given, (load: Load) => {
		told = load;
		child.disconnect();
	});
	await once(child, 'exit', { signal: AbortSignal.timeout(FADE_MS + given.seconds * 1_000 + 60_000) });
	if (told === undefined) throw new Error(`${given.kind} of ${given.nodes} ended before it had measured`);
	return told;
}

interface Pair {
	readonly mesh: Load;
	readonly echo: Load;
}

/** A mesh, and then the floor under as many packets of that size. */
async function measurePair(nodes: number, seconds: number): Promise<Pair> {
	const mesh = await measure({ kind: 'mesh', nodes, seconds, packetsPerS: 0, packetBytes: 0 });
	const packetBytes = Math.round(mesh.bytesPerS / mesh.packetsPerS);
	const echo = await measure({ kind: 'echo', nodes, seconds, packetsPerS: mesh.packetsPerS, packetBytes });
	return { mesh, echo };
}

function rowOf(nodes: number, pairs: readonly Pair[]): Row {
	const median = (of: (pair: Pair) => number): number => round(spread(pairs.map(of)).median);
	const range = (of: (pair: Pair) => number): string => {
		const { min, max } = spread(pairs.map(of));
		return `${round(min)}–${round(max)}`;
	};
	const perPacket = ({ cpu, packetsPerS }: Load): number => (1e4 * cpu) / packetsPerS;
	return {
		nodes,
		'packets/s': median(({ mesh }) => mesh.packetsPerS),
		'bytes/s': median(({ mesh }) => mesh.bytesPerS),
		'CPU %': median(({ mesh }) => mesh.cpu),
		'min–max': range(({ mesh }) => mesh.cpu),
		'echo CPU %': median(({ echo }) => echo.cpu),
		'echo min–max': range(({ echo }) => echo.cpu),
		'µs a packet above echo': median(({ mesh, echo }) => perPacket(mesh) - perPacket(echo)),
	};
}

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: {
			runs: { type: 'string', default: '3' },
			seconds: { type: 'string', default: '20' },
			nodes: { type: 'string', default: '5,10,50,100' },
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
		accusations += pairs.reduce((sum, { mesh }) => sum + mesh.accusations, 0);
		report.add(rowOf(nodes, pairs));
	}
	report.note('members accused', accusations);
	report.print();
}

async function runRole(given: NodesRole): Promise<void> {
	await (given.kind === 'mesh' ? runMesh(given) : runEcho(given));
}

const given = role<NodesRole>();
await (given === undefined ? runBench() : runRole(given));
