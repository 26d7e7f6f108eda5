// At rest: what a node costs in processor time, packets, bytes and memory, with a bare echo of as many packets as the floor.

import { setTimeout } from 'node:timers/promises';
import { type Bench, inTurns, startAtRest } from './bench.ts';
import { Comparison } from './comparison.ts';
import type { Contender, Side } from './contender.ts';
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
/** What our nodes send at rest: half of it are echoes. */
const ECHO = { packetsPerS: 10, packetBytes: 32 };

const CPU = 'CPU % a node';

export async function steady({ report, sides, quick, nodes, runs }: Bench): Promise<void> {
	const seconds = quick ? 10 : 15;
	const [us] = sides as [Side];
	for (const size of nodes ?? (quick ? [10, 100] : [10, 100, 300])) {
		const floor = { name: 'bare echo', program: ourProgram({ kind: 'echo', nodes: size, ...ECHO }) };
		const loads = await inTurns([...sides, floor], runs ?? (quick ? 1 : 5), `steady, ${size} nodes`, (contender) =>
			measure(contender, size, seconds),
		);
		new Comparison(report, 'steady', sides).add(size, loads, {
			[CPU]: ({ cpu }) => cpu,
			'packets/s a node': ({ packetsPerS }) => packetsPerS,
			'bytes/s a node': ({ bytesPerS }) => bytesPerS,
			'RSS KiB a node': ({ rssKiB }) => rssKiB,
			'RSS MiB, process': ({ processMiB }) => processMiB,
		});
		const [ours, echoes] = [loads[0]!, loads.at(-1)!];
		new Comparison(report, 'steady', [us, floor]).add(size, [ours, echoes], { [CPU]: ({ cpu }) => cpu });
		const above = ours.map(({ cpu, packetsPerS }, run) => (1e4 * (cpu - echoes[run]!.cpu)) / packetsPerS);
		new Comparison(report, 'steady', [us]).add(size, [above], { 'µs a packet above the echo': (each) => each });
	}
}

async function measure(contender: Contender, nodes: number, seconds: number): Promise<Load> {
	// It answers when it runs: what it holds then is what it begins with.
	await contender.ask('traffic', {});
	const empty = contender.rssBytes;
	await startAtRest([contender], nodes, true);
	const before = { ...(await contender.ask('traffic', {})), cpu: contender.cpuSeconds, at: performance.now() };
	await setTimeout(seconds * 1_000);
	const nodeSeconds = (nodes * (performance.now() - before.at)) / 1_000;
	const cpu = (100 * (contender.cpuSeconds - before.cpu)) / nodeSeconds;
	const { packets, bytes } = await contender.ask('traffic', {});
	return {
		cpu,
		packetsPerS: (packets - before.packets) / nodeSeconds,
		bytesPerS: (bytes - before.bytes) / nodeSeconds,
		rssKiB: (contender.rssBytes - empty) / nodes / KIB,
		processMiB: contender.rssBytes / KIB / KIB,
	};
}
