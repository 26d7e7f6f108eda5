// Nobody is ill, packets get lost, and there are no streams to help: who is accused, who dies of it, and what it costs.

import { setTimeout } from 'node:timers/promises';
import { type Bench, inTurns, startAtRest } from './bench.ts';
import { Comparison } from './comparison.ts';
import type { Contender } from './contender.ts';
import type { Traffic } from './protocol.ts';

const HEADER_BYTES = 28;

export async function loss({ report, sides, quick, nodes, runs }: Bench): Promise<void> {
	const seconds = quick ? 20 : 60;
	const beside = new Comparison(report, 'loss', sides);
	for (const size of nodes ?? [100]) {
		for (const rate of quick ? [0.2] : [0, 0.05, 0.2]) {
			const what = `${rate * 100} % lost`;
			const harms = await inTurns(sides, runs ?? 1, `loss, ${size} nodes, ${what}`, (contender) =>
				measure(contender, size, rate, seconds),
			);
			const perNode = (total: number): number => total / size / seconds;
			beside.add(size, harms, {
				[`${what}: suspicions in ${seconds} s`]: ({ suspicions }) => suspicions,
				[`${what}: members declared dead`]: ({ deadMembers }) => deadMembers,
				[`${what}: views of a death`]: ({ deadViews }) => deadViews,
				[`${what}: packets/s a node`]: ({ packets }) => perNode(packets),
				[`${what}: bytes/s a node, with headers`]: ({ bytes, packets }) => perNode(bytes + HEADER_BYTES * packets),
			});
		}
	}
}

/** What a time of loss adds. */
async function measure(contender: Contender, nodes: number, rate: number, seconds: number): Promise<Traffic> {
	await startAtRest([contender], nodes, false);
	const before = await contender.ask('traffic', {});
	await contender.ask('loss', { rate });
	await setTimeout(seconds * 1_000);
	const after = await contender.ask('traffic', {});
	return { ...after, packets: after.packets - before.packets, bytes: after.bytes - before.bytes };
}
