// Claim: half an hour of kills, starts, leaves and new tags among 20 processes leaves nothing behind; `--plot docs/soak.svg` draws it.

import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { role } from './support/fork.ts';
import { Report, round } from './support/report.ts';
import { Churn } from './support/soak-churn.ts';
import { slopePerMinute, soakPlot } from './support/soak-curves.ts';
import { runSoakNode, type SoakNodeRole } from './support/soak-node.ts';

const MIB = 1024 * 1024;
/** What the warm-up of the code and of the heap takes is no leak. */
const WARM_UP_PART = 0.3;

async function runBench(): Promise<void> {
	const { values } = parseArgs({
		options: {
			minutes: { type: 'string', default: '30' },
			nodes: { type: 'string', default: '20' },
			plot: { type: 'string' },
			json: { type: 'boolean', default: false },
		},
	});
	const minutes = Number(values.minutes);
	const report = new Report(
		'20 processes, every 2 s one is killed, leaves or starts, every 5 s one has new tags: memory, handles, timers and queues stay where they are, no promise is rejected unheard, all views agree in the end.',
		values.json,
	);
	const churn = new Churn(Number(values.nodes));
	await churn.start();
	const endAt = performance.now() + minutes * 60_000;
	while (performance.now() < endAt) {
		await churn.turn();
		report.progress(`${Math.ceil((endAt - performance.now()) / 60_000)} minutes left, ${churn.summary}`);
		await setTimeout(2_000);
	}
	const disagreement = await churn.settle();
	addRows(report, churn);
	for (const [what, count] of Object.entries(churn.counts)) report.note(what, count);
	report.note('views that disagree in the end', disagreement.length);
	report.note('faults', churn.faults.length);
	report.print();
	for (const line of [...churn.faults, ...disagreement].slice(0, 20)) console.error(line);
	if (values.plot) writeFileSync(values.plot, soakPlot(churn.stayers, churn.agent));
	if (churn.faults.length > 0 || disagreement.length > 0) process.exitCode = 1;
	await churn.close();
}

function addRows(report: Report, { stayers, agent }: Churn): void {
	for (const { name, samples } of stayers) {
		const settled = samples.slice(Math.floor(samples.length * WARM_UP_PART));
		const of = (key: keyof (typeof samples)[number]['sample']): number[] => settled.map(({ sample }) => sample[key]);
		report.add({
			process: name,
			'RSS MiB': round((of('rss').at(-1) ?? 0) / MIB),
			'slope KiB/min': round(slopePerMinute(settled.map(({ at, sample }) => [at, sample.rss / 1024]))),
			'heap slope': round(slopePerMinute(settled.map(({ at, sample }) => [at, sample.heap / 1024]))),
			handles: range(of('handles')),
			timers: range(of('timers')),
			updates: range(of('updates')),
			streams: range(of('streams')),
			relays: range(of('relays')),
			members: range(of('members')),
			tombstones: range(of('tombstones')),
			book: range(of('book')),
		});
	}
	const settled = agent.samples.slice(Math.floor(agent.samples.length * WARM_UP_PART));
	report.add({
		process: 'agent (whole daemon, scraped)',
		'RSS MiB': round((settled.at(-1)?.rss ?? 0) / MIB),
		'slope KiB/min': round(slopePerMinute(settled.map(({ at, rss }) => [at, rss / 1024]))),
		handles: range(settled.map(({ files }) => files)),
	});
}

function range(values: readonly number[]): string {
	const [low, high] = [Math.min(...values), Math.max(...values)];
	return low === high ? String(low) : `${low}–${high}`;
}

const given = role<SoakNodeRole>();
await (given === undefined ? runBench() : runSoakNode(given));
