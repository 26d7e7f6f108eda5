// At rest: what a node costs in processor time, packets, bytes and memory, with a bare echo of as many packets as the floor.

import { setTimeout } from 'node:timers/promises';
import { type Bench, inTurns, tellProgress } from './bench.ts';
import { Comparison } from './comparison.ts';
import { Contender } from './contender.ts';
import { ourProgram } from './ours.ts';

/** A second of a node, and its share of the process's memory. */
interface Load {
	/** Percent of one core, user and system. */
	readonly cpu: number;
	readonly packetsPerS: number;
	readonly bytesPerS: number;
	/** What the process has grown by since it began with no node. */
	readonly rssKiB: number;
	readonly processMiB: number;
}

const KIB = 1_024;
/** A burst of joins would be another scenario; so close to each other they come without one. */
const GAP_MS = 20;

/** News of the start are repeated for a while; what is measured begins when they have faded. */
export function fadeMs(nodes: number): number {
	return Math.max(15_000, nodes * 150);
}

export async function steady({ report, sides, quick, nodes, runs }: Bench): Promise<void> {
	const seconds = quick ? 10 : 20;
	const beside = new Comparison(report, 'steady', sides);
	const above = new Comparison(report, 'steady', [sides[0]!, { name: 'bare echo' }]);
	for (const size of nodes ?? (quick ? [10, 100] : [10, 100, 300])) {
		const times = runs ?? (quick ? 1 : 5);
		const loads = await inTurns(sides, times, `steady, ${size} nodes`, (contender) =>
			measure(contender, size, seconds),
		);
		const of = (key: keyof Load): number[][] => loads.map((side) => side.map((load) => load[key]));
		beside.add(size, 'CPU % a node', of('cpu'));
		beside.add(size, 'packets/s a node', of('packetsPerS'));
		beside.add(size, 'bytes/s a node', of('bytesPerS'));
		beside.add(size, 'RSS KiB a node', of('rssKiB'));
		beside.add(size, 'RSS MiB, process', of('processMiB'));
		const ours = loads[0]!;
		const echoes: number[] = [];
		for (const [run, load] of ours.entries()) {
			tellProgress(`steady, ${size} nodes: ${run + 1} of ${times}, bare echo`);
			echoes.push(await echo(size, load, seconds));
		}
		above.add(size, 'CPU % a node', [of('cpu')[0]!, echoes]);
		const perPacket = ours.map(({ cpu, packetsPerS }, i) => (1e4 * (cpu - echoes[i]!)) / packetsPerS);
		new Comparison(report, 'steady', sides.slice(0, 1)).add(size, 'µs a packet above the echo', [perPacket]);
	}
}

async function measure(contender: Contender, nodes: number, seconds: number): Promise<Load> {
	// It answers when it runs: what it holds then is what it begins with.
	await contender.ask('traffic', {});
	const empty = contender.rssBytes;
	const started = await contender.ask('start', { nodes, gapMs: GAP_MS, streams: true });
	if (started.ms === null) tellProgress(`only ${started.views} of ${nodes} views are complete`);
	await setTimeout(fadeMs(nodes));
	const used = await during(contender, nodes, seconds);
	return { ...used, rssKiB: (contender.rssBytes - empty) / nodes / KIB, processMiB: contender.rssBytes / KIB / KIB };
}

/** What a node uses and sends while nothing is asked of it. */
async function during(
	contender: Contender,
	nodes: number,
	seconds: number,
): Promise<Pick<Load, 'cpu' | 'packetsPerS' | 'bytesPerS'>> {
	const before = { cpu: contender.cpuSeconds, at: performance.now(), ...(await contender.ask('traffic', {})) };
	await setTimeout(seconds * 1_000);
	const nodeSeconds = (nodes * (performance.now() - before.at)) / 1_000;
	const cpu = (100 * (contender.cpuSeconds - before.cpu)) / nodeSeconds;
	const { packets, bytes } = await contender.ask('traffic', {});
	return {
		cpu,
		packetsPerS: (packets - before.packets) / nodeSeconds,
		bytesPerS: (bytes - before.bytes) / nodeSeconds,
	};
}

async function echo(nodes: number, { packetsPerS, bytesPerS }: Load, seconds: number): Promise<number> {
	const packetBytes = Math.round(bytesPerS / packetsPerS);
	await using floor = new Contender(ourProgram({ kind: 'echo', nodes, packetsPerS, packetBytes }));
	await floor.ask('traffic', {});
	await setTimeout(fadeMs(0));
	return (await during(floor, nodes, seconds)).cpu;
}
