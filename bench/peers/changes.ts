// What happens to one node in a cluster at rest, and when the others know: a crash, a goodbye, a new tag. Both sides run, and are asked in turns.

import { setTimeout } from 'node:timers/promises';
import { askInTurns, type Bench, startAtRest, tellProgress, withAll } from './bench.ts';
import { Comparison } from './comparison.ts';
import type { Contender } from './contender.ts';
import { MOST_MS, type Took } from './protocol.ts';

/** A few news are repeated for so long, and a drawn part of a period more. */
const SETTLE_MS = 3_000;
const PERIOD_MS = 200;

export async function crash(bench: Bench): Promise<void> {
	const beside = new Comparison(bench.report, 'crash', bench.sides);
	for (const nodes of bench.nodes ?? (bench.quick ? [100] : [10, 100, 300])) {
		const times = bench.runs ?? (bench.quick ? 5 : nodes === 100 ? 20 : 10);
		await inClusters(bench, nodes, async (clusters) => {
			const took = await askInTurns(clusters, times, `crash, ${nodes} nodes`, (cluster) =>
				awayAndBack(cluster, 'kill'),
			);
			beside.addWithTails(nodes, took, {
				'first suspicion, ms': ({ suspectMs }) => suspectMs || null,
				'first dead, ms': ({ firstMs }) => firstMs || null,
				'all dead, ms': ({ ms }) => ms,
				'first dead to all dead, ms': ({ ms, firstMs }) => ms && ms - firstMs,
			});
		});
	}
}

export async function news(bench: Bench): Promise<void> {
	const beside = new Comparison(bench.report, 'news', bench.sides);
	for (const nodes of bench.nodes ?? [100]) {
		const times = bench.runs ?? (bench.quick ? 5 : 20);
		await inClusters(bench, nodes, async (clusters) => {
			const tags = await askInTurns(clusters, times, `tag, ${nodes} nodes`, async (cluster) => {
				await settle();
				return cluster.ask('tag', {});
			});
			const goodbyes = await askInTurns(clusters, times, `leave, ${nodes} nodes`, (cluster) =>
				awayAndBack(cluster, 'leave'),
			);
			beside.addWithTails(nodes, tags, { 'new tag, ms': ({ ms }) => ms });
			beside.addWithTails(nodes, goodbyes, { 'goodbye, ms': ({ ms }) => ms });
		});
	}
}

async function awayAndBack(cluster: Contender, how: 'kill' | 'leave'): Promise<Took> {
	await settle();
	const took = await cluster.ask(how, {});
	const { ms } = await cluster.ask('return', {});
	if (ms === null) tellProgress(`${cluster.name}: who was away is not back in all views after ${MOST_MS / 1_000} s`);
	return took;
}

/** What is asked next falls somewhere in the period. */
function settle(): Promise<void> {
	return setTimeout(SETTLE_MS + Math.random() * PERIOD_MS);
}

/** A cluster of each side, at rest. */
function inClusters(
	{ sides }: Bench,
	nodes: number,
	use: (clusters: readonly Contender[]) => Promise<void>,
): Promise<void> {
	return withAll(sides, async (clusters) => {
		tellProgress(`${nodes} nodes of each side start`);
		await startAtRest(clusters, nodes, true);
		await use(clusters);
	});
}
