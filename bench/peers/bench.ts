// What every scenario is given, and how it takes turns with the sides.

import { setTimeout } from 'node:timers/promises';
import type { Report } from '../support/report.ts';
import { Contender, type Side } from './contender.ts';

/** The report, the sides, and how long it may take. */
export interface Bench {
	readonly report: Report;
	/** We are the first one, a peer the second one, if it is installed. */
	readonly sides: readonly Side[];
	readonly quick: boolean;
	/** Sizes of the cluster, where they are not the scenario's own. */
	readonly nodes: readonly number[] | undefined;
	readonly runs: number | undefined;
}

/** A burst of joins is a scenario of its own; so far apart they come without one. */
const GAP_MS = 20;
/** News of the start are repeated for a while, the longer the more nodes have started; what is measured begins when they have faded. */
const FADE_MS_A_NODE = 150;
const LEAST_FADE_MS = 10_000;

/** Measures each side in turns, each time in a new process; a list for each side. */
export async function inTurns<T>(
	sides: readonly Side[],
	runs: number,
	what: string,
	measure: (contender: Contender, side: Side) => Promise<T>,
): Promise<T[][]> {
	const measured = sides.map((): T[] => []);
	for (let run = 0; run < runs; run++) {
		for (const [i, side] of sides.entries()) {
			tellProgress(`${what}: ${run + 1} of ${runs}, ${side.name}`);
			await using contender = new Contender(side);
			measured[i]!.push(await measure(contender, side));
		}
	}
	return measured;
}

/** Runs each side's program for as long as they are used. */
export async function withAll(
	sides: readonly Side[],
	use: (contenders: readonly Contender[]) => Promise<void>,
): Promise<void> {
	const contenders = sides.map((side) => new Contender(side));
	try {
		await use(contenders);
	} finally {
		await Promise.all(contenders.map((contender) => contender[Symbol.asyncDispose]()));
	}
}

/** Starts clusters of so many nodes, and waits until they are at rest. */
export async function startAtRest(contenders: readonly Contender[], nodes: number, streams: boolean): Promise<void> {
	for (const contender of contenders) {
		const { ms, views } = await contender.ask('start', { nodes, gapMs: GAP_MS, streams });
		if (ms === null) tellProgress(`${contender.name}: only ${views} of ${nodes} views are complete`);
	}
	await setTimeout(Math.max(LEAST_FADE_MS, nodes * FADE_MS_A_NODE));
}

/** Asks each side in turns, all of them running: for what is waiting rather than work. */
export async function askInTurns<T>(
	contenders: readonly Contender[],
	runs: number,
	what: string,
	ask: (contender: Contender) => Promise<T>,
): Promise<T[][]> {
	const answers = contenders.map((): T[] => []);
	for (let run = 0; run < runs; run++) {
		tellProgress(`${what}: ${run + 1} of ${runs}`);
		for (const [i, contender] of contenders.entries()) answers[i]!.push(await ask(contender));
	}
	return answers;
}

/** A line on stderr: a run takes minutes, and somebody waits for it. */
export function tellProgress(text: string): void {
	console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);
}
