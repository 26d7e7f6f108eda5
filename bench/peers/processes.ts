// A process a node, as it is deployed: ours beside Alertmanagers. What is asked of both is how many members they hold alive.

import { setTimeout } from 'node:timers/promises';
import { startAlertmanager } from './alertmanager.ts';
import { type Bench, tellProgress } from './bench.ts';
import { Comparison, type Figures } from './comparison.ts';
import { Contender } from './contender.ts';
import type { Found } from './found.ts';
import type { OneNode } from './one-node.ts';
import { ourProgram } from './ours.ts';
import { MOST_MS } from './protocol.ts';

type Start = (name: string, seeds: readonly string[]) => Promise<OneNode>;

interface Run {
	/** From the start of all until all answer: what it takes to start a program. */
	readonly upMs: number | null;
	readonly joinMs: number | null;
	readonly cpu: number;
	readonly rssMiB: number;
	/** From each kill until the first and until the last of the others holds one member less. */
	readonly firstMs: readonly (number | null)[];
	readonly allMs: readonly (number | null)[];
}

const ROWS: Figures<Run> = {
	'CPU % a node': ({ cpu }) => cpu,
	'RSS MiB a node': ({ rssMiB }) => rssMiB,
	'all start at once: all answer, ms': ({ upMs }) => upMs,
	'all start at once: complete, ms': ({ joinMs }) => joinMs,
	'crash: gone from the first view, ms': ({ firstMs }) => firstMs,
	'crash: gone from all views, ms': ({ allMs }) => allMs,
};
/** Asking costs both of them, so it is not done more often: the times are as exact as this. */
const LOOK_MS = 50;
const SETTLE_MS = 10_000;
const MIB = 2 ** 20;

export async function processes({ report, quick, nodes, runs }: Bench, alertmanager: Found): Promise<void> {
	const kinds = [{ name: 'longbow-mesh', start: startOurs }];
	if ('version' in alertmanager) kinds.push({ name: 'Alertmanager', start: startAlertmanager });
	const beside = new Comparison(report, 'processes', kinds);
	for (const size of nodes ?? [quick ? 5 : 10]) {
		const measured = kinds.map((): Run[] => []);
		for (let run = 0; run < (runs ?? (quick ? 1 : 3)); run++) {
			for (const [i, { name, start }] of kinds.entries()) {
				tellProgress(`processes, ${size} nodes: run ${run + 1}, ${name}`);
				measured[i]!.push(await measure(start, size, quick));
			}
		}
		beside.add(size, measured, ROWS);
	}
}

async function measure(start: Start, size: number, quick: boolean): Promise<Run> {
	const seconds = quick ? 10 : 20;
	const nodes: OneNode[] = [];
	try {
		const seed = await start('node-0', []);
		nodes.push(seed);
		await eachHolds(nodes, 1);
		const began = performance.now();
		const starts = Array.from({ length: size - 1 }, (_, i) => start(`node-${i + 1}`, [seed.address]));
		nodes.push(...(await Promise.all(starts)));
		const { upMs, allMs: joinMs } = await eachHolds(nodes, size, began);
		await setTimeout(SETTLE_MS);
		const used = (): number => nodes.reduce((sum, node) => sum + node.cpuSeconds, 0);
		const before = used();
		await setTimeout(seconds * 1_000);
		const cpu = (100 * (used() - before)) / seconds / size;
		const rssMiB = nodes.reduce((sum, node) => sum + node.rssBytes, 0) / size / MIB;
		const kills: Awaited<ReturnType<typeof eachHolds>>[] = [];
		for (let i = 1; i <= (quick ? 2 : 5); i++) {
			const [victim] = nodes.splice(1, 1);
			const killedAt = performance.now();
			await victim![Symbol.asyncDispose]();
			kills.push(await eachHolds(nodes, size - 1, killedAt));
			nodes.push(await start(`again-${i}`, [seed.address]));
			await eachHolds(nodes, size);
			await setTimeout(SETTLE_MS / 5);
		}
		return {
			upMs,
			joinMs,
			cpu,
			rssMiB,
			firstMs: kills.map(({ firstMs }) => firstMs),
			allMs: kills.map(({ allMs }) => allMs),
		};
	} finally {
		await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
	}
}

/** Looks until each holds so many members: when all answered, when the first one did, and when all did. */
async function eachHolds(
	nodes: readonly OneNode[],
	count: number,
	began: number = performance.now(),
): Promise<Pick<Run, 'upMs'> & { readonly firstMs: number | null; readonly allMs: number | null }> {
	let upMs: number | null = null;
	let firstMs: number | null = null;
	while (performance.now() - began < MOST_MS) {
		const held = await Promise.all(nodes.map((node) => node.members()));
		const elapsed = performance.now() - began;
		if (!held.includes(0)) upMs ??= elapsed;
		if (held.includes(count)) firstMs ??= elapsed;
		if (held.every((members) => members === count)) return { upMs, firstMs, allMs: elapsed };
		await setTimeout(LOOK_MS);
	}
	return { upMs, firstMs, allMs: null };
}

async function startOurs(name: string, seeds: readonly string[]): Promise<OneNode> {
	const contender = new Contender({ name, program: ourProgram({ kind: 'nodes' }) });
	const { address } = await contender.ask('member', { name, seeds });
	return {
		address,
		get cpuSeconds() {
			return contender.cpuSeconds;
		},
		get rssBytes() {
			return contender.rssBytes;
		},
		members: async () => (await contender.ask('members', {})).count,
		[Symbol.asyncDispose]: () => contender[Symbol.asyncDispose](),
	};
}
