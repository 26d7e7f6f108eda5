// Claim: ours beside memberlist in Go and beside Alertmanagers, in one run, in turns, at the same work: `npm run bench:peers [-- SCENARIO…] [--quick] [--nodes N,…] [--runs N] [--json]`.

import { parseArgs } from 'node:util';
import { role } from '../support/fork.ts';
import { Report } from '../support/report.ts';
import { findAlertmanager } from './alertmanager.ts';
import { type Bench, tellProgress } from './bench.ts';
import { crash, news } from './changes.ts';
import type { Side } from './contender.ts';
import { join } from './join.ts';
import { loss } from './loss.ts';
import { buildMemberlist, findMemberlist } from './memberlist.ts';
import { micro } from './micro.ts';
import { type OurRole, ourProgram, runRole } from './ours.ts';
import { processes } from './processes.ts';
import { steady } from './steady.ts';

const SCENARIOS = {
	micro,
	steady,
	join,
	crash,
	news,
	loss,
	processes: (bench: Bench) => processes(bench, findAlertmanager()),
} as const satisfies Record<string, (bench: Bench) => Promise<void>>;

type Scenario = keyof typeof SCENARIOS;

async function runBench(): Promise<void> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			quick: { type: 'boolean', default: false },
			nodes: { type: 'string' },
			runs: { type: 'string' },
			json: { type: 'boolean', default: false },
		},
	});
	const unknown = positionals.filter((name) => !(name in SCENARIOS));
	if (unknown.length > 0) {
		console.error(`error: no scenario ${unknown.join(', ')}\n  there is: ${Object.keys(SCENARIOS).join(', ')}`);
		process.exit(2);
	}
	const report = new Report(
		'The same work, in turns: nodes of one process on loopback, each with its own sockets, 200 / 100 ms, 32 bytes of metadata, `suspicionTimeout: auto`, memberlist without compression. Medians; a ratio below 1 is less than the peer (of packets/s in micro: above 1 is more).',
		values.json,
	);
	const found = { memberlist: findMemberlist(), Alertmanager: findAlertmanager() };
	for (const [peer, each] of Object.entries(found)) {
		report.note(peer, 'version' in each ? each.version : `missing: ${each.missing}`);
	}
	const sides: Side[] = [{ name: 'longbow-mesh', program: ourProgram({ kind: 'nodes' }) }];
	if ('version' in found.memberlist) sides.push({ name: 'memberlist', program: buildMemberlist() });
	const bench: Bench = {
		report,
		sides,
		quick: values.quick,
		nodes: values.nodes?.split(',').map(Number),
		runs: values.runs === undefined ? undefined : Number(values.runs),
	};
	for (const name of positionals.length > 0 ? (positionals as Scenario[]) : (Object.keys(SCENARIOS) as Scenario[])) {
		tellProgress(`scenario ${name}`);
		// What the others have measured is not lost with one that fails.
		await SCENARIOS[name](bench).catch((error: unknown) => {
			console.error(error);
			process.exitCode = 1;
		});
	}
	report.print();
	process.exit();
}

const given = role<OurRole>();
await (given === undefined ? runBench() : runRole(given));
