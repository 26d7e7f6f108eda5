// Claim: after a partition of any length all views, digests and rings are equal within two reconnect intervals, and nothing is lost.

import { parseArgs } from 'node:util';
import { quantile } from '../src/sim/index.ts';
import { DEFAULTS } from '../src/swim/index.ts';
import { type HealOutcome, type PartitionOptions, partitionAndHeal } from './support/partition.ts';
import { Report, type Row } from './support/report.ts';

type Length = Pick<PartitionOptions, 'lastsMs' | 'timesScale'>;

const LENGTHS: Readonly<Record<string, Length>> = {
	'1s': { lastsMs: 1_000 },
	'10s': { lastsMs: 10_000 },
	'1m': { lastsMs: 60_000 },
	'1h': { lastsMs: 3_600_000 },
	'30d': { lastsMs: 30 * 86_400_000, timesScale: 300 },
};

const { values } = parseArgs({
	options: {
		lengths: { type: 'string', default: '1s,10s,1m' },
		minorities: { type: 'string', default: '50,10' },
		transports: { type: 'string', default: 'udp,streams' },
		nodes: { type: 'string', default: '100' },
		seeds: { type: 'string', default: '20' },
		from: { type: 'string', default: '1' },
		loss: { type: 'string', default: '0' },
		json: { type: 'boolean', default: false },
	},
});
const [nodes, seeds, from, loss] = [values.nodes, values.seeds, values.from, values.loss].map(Number) as [
	number,
	number,
	number,
	number,
];

const report = new Report(
	'A partition in which both sides set tags, and one joins, one leaves and one crashes on each: after the heal all views, digests and rings are equal within two reconnect intervals (p99), and nothing is lost.',
	values.json,
);
for (const name of values.lengths.split(',')) {
	const length = LENGTHS[name];
	if (!length) throw new RangeError(`--lengths: ${name} is none of ${Object.keys(LENGTHS).join(', ')}`);
	for (const minority of values.minorities.split(',').map(Number)) {
		for (const transport of values.transports.split(',')) measure(name, length, minority, transport);
	}
}
report.print();

function measure(name: string, length: Length, minority: number, transport: string): void {
	const outcomes: HealOutcome[] = [];
	const what = `${name}, ${nodes - minority}|${minority}, ${transport}`;
	for (let seed = from; seed < from + seeds; seed++) {
		report.progress(`${what}: seed ${seed}`);
		const began = performance.now();
		const outcome = partitionAndHeal({ seed, nodes, minority, streams: transport === 'streams', loss, ...length });
		outcomes.push(outcome);
		// A run of an hour or of thirty days takes its time, so each is told at once to whoever keeps the output.
		const seconds = Math.round((performance.now() - began) / 100) / 10;
		if (!process.stderr.isTTY) process.stderr.write(`${JSON.stringify({ what, seed, seconds, ...outcome })}\n`);
	}
	report.add(row(what, outcomes, DEFAULTS.reconnectIntervalMs * (length.timesScale ?? 1)));
}

function row(what: string, outcomes: readonly HealOutcome[], intervalMs: number): Row {
	const took = outcomes.map(({ tookMs }) => tookMs ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
	const intervals = (share: number): number => Math.round(((quantile(took, share) ?? 0) / intervalMs) * 100) / 100;
	const count = (of: (outcome: HealOutcome) => number): number => outcomes.filter((outcome) => of(outcome) > 0).length;
	return {
		'partition, split': what,
		seeds: outcomes.length,
		'p50, intervals': intervals(0.5),
		p99: intervals(0.99),
		worst: intervals(1),
		'over 2': took.filter((ms) => ms > 2 * intervalMs).length,
		'lost something': count(({ lost }) => lost.length),
		'own side declared dead': count(({ deathsBefore, deathsAfter }) => deathsBefore.length + deathsAfter.length),
		'changed afterwards': count(({ disturbances }) => disturbances),
		'bytes a node': Math.round(outcomes.reduce((sum, { bytesPerNode }) => sum + bytesPerNode, 0) / outcomes.length),
	};
}
