// Draws docs/performance/*.svg, each a figure against the number of nodes, from what benches print: `npm run bench -- plots FILE.json…`. Prints the tables that belong beside them.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type Curve, type Panel, plotSvg } from './support/plot.ts';
import { type Row, table } from './support/report.ts';

const FOLDER = 'docs/performance';

/** Rows of all files, by the name of the bench that printed them. */
type Printed = ReadonlyMap<string, readonly Row[]>;

interface Drawing {
	readonly name: string;
	readonly isLogarithmic?: boolean;
	readonly panels: (printed: Printed) => readonly Panel[];
}

const DRAWINGS: readonly Drawing[] = [
	{
		name: 'cpu',
		panels: (printed) => [
			beside(printed, 'steady', 'CPU % a node', 'At rest', 'processor time of a node, % of one core'),
		],
	},
	{
		name: 'bytes',
		panels: (printed) => [
			beside(printed, 'steady', 'bytes/s a node', 'At rest', 'bytes that a node sends in a second, UDP payload'),
		],
	},
	{
		name: 'join',
		panels: (printed) => [
			beside(printed, 'join', 'complete, ms', 'All start at once and know one', 'ms until every view is complete'),
		],
	},
	{
		name: 'detection',
		panels: (printed) => [
			beside(printed, 'crash', 'first suspicion, ms', 'Crash: the first suspicion', 'ms from the crash'),
			beside(printed, 'crash', 'all dead, ms', 'Crash: dead in every view', 'ms from the crash'),
		],
	},
	{
		name: 'simulator',
		isLogarithmic: true,
		panels: (printed) => [
			{
				title: 'The simulator, codec included',
				yTitle: 'simulated packets a second of processor time',
				curves: [curve('one core', printed.get('sim-scale') ?? [], 'nodes', 'simulated packets a CPU s')].filter(
					hasPoints,
				),
			},
		],
	},
];

/** Ours, and whoever stands beside it in that scenario, in medians. */
function beside(printed: Printed, scenario: string, what: string, title: string, yTitle: string): Panel {
	const rows = (printed.get('peers') ?? []).filter((row) => row.scenario === scenario && row.what === what);
	const peers = [...new Set(rows.map((row) => String(row.beside ?? '')))].filter((peer) => peer !== '');
	const curves = peers.map((peer) =>
		curve(
			peer,
			rows.filter((row) => row.beside === peer),
			'nodes',
			'theirs',
		),
	);
	const ours = curve(
		'longbow-mesh',
		peers[0] === undefined ? rows : rows.filter((row) => row.beside === peers[0]),
		'nodes',
		'ours',
	);
	return { title, yTitle, curves: [ours, ...curves].filter(hasPoints) };
}

/** Leaves out what was never reached. What was measured again counts as it was measured last. */
function curve(label: string, rows: readonly Row[], x: string, y: string): Curve {
	const points = new Map<number, number>();
	for (const { [x]: at, [y]: value } of rows) {
		if (typeof at === 'number' && typeof value === 'number') points.set(at, value);
	}
	return { label, points: [...points].sort(([one], [other]) => one - other) };
}

function hasPoints({ points }: Curve): boolean {
	return points.length > 0;
}

function read(files: readonly string[]): Printed {
	const printed = new Map<string, Row[]>();
	for (const file of files) {
		const { command, rows } = JSON.parse(readFileSync(file, 'utf8')) as { command: string; rows: Row[] };
		const [, name = ''] = /bench(?::| -- )([\w-]+)/.exec(command) ?? [];
		printed.set(name, [...(printed.get(name) ?? []), ...rows]);
	}
	return printed;
}

/** Markdown, a table for each scenario of a bench that has several. */
function printTables(printed: Printed): void {
	for (const [name, rows] of printed) {
		for (const scenario of new Set(rows.map((row) => row.scenario))) {
			console.log(`\n${name}${scenario === undefined ? '' : `, ${scenario}`}\n`);
			const each = rows.filter((row) => row.scenario === scenario);
			for (const line of table(each.map(({ scenario: _, ...row }) => row as Row))) console.log(line);
		}
	}
}

const files = process.argv.slice(2);
if (files.length === 0) {
	console.error(
		'error: which files?\n  npm run -s bench:peers -- --json > peers.json && npm run bench -- plots peers.json',
	);
	process.exit(2);
}
const printed = read(files);
mkdirSync(FOLDER, { recursive: true });
for (const { name, panels, isLogarithmic = false } of DRAWINGS) {
	const drawn = panels(printed);
	// What was not measured this time stays as it was drawn before.
	if (drawn.some(({ curves }) => curves.length === 0)) continue;
	writeFileSync(`${FOLDER}/${name}.svg`, plotSvg({ xTitle: 'nodes', isLogarithmic, hasDots: true, panels: drawn }));
	console.log(`${FOLDER}/${name}.svg`);
}
printTables(printed);
