// A burst: all nodes start at once and know one seed alone; until every view is complete.

import { type Bench, inTurns } from './bench.ts';
import { Comparison } from './comparison.ts';

export async function join({ report, sides, quick, nodes, runs }: Bench): Promise<void> {
	const beside = new Comparison(report, 'join', sides);
	for (const size of nodes ?? (quick ? [100] : [10, 100, 200, 300])) {
		const times = runs ?? (quick ? 3 : 20);
		const took = await inTurns(sides, times, `join, ${size} nodes`, (contender) =>
			contender.ask('start', { nodes: size, gapMs: 0, streams: true }),
		);
		beside.addWithTails(size, took, { 'complete, ms': ({ ms }) => ms });
	}
}
