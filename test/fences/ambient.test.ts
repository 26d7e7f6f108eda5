// The lint rule against ambient time and chance bites where it must, and only there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository, toolReport, withTree } from './tree.ts';

interface Report {
	readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

const AMBIENT = [
	'Date.now()',
	'Date.now',
	'new Date()',
	'Math.random()',
	'performance.now()',
	'process.hrtime.bigint()',
] as const;
const HARMLESS = ['new Date(1_700_000_000_000)', 'Math.floor(1.5)', 'Date.UTC(2020, 0)'] as const;
const PURE_FOLDERS = ['swim', 'wire', 'ring', 'sim', 'status'] as const;

/** One file for each expression, so that a report names the expression by its file. */
function files(folder: string, expressions: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		expressions.map((text, i) => [`src/${folder}/${i}.ts`, `export const value: unknown = ${text};\n`]),
	);
}

function reportedFiles(tree: Readonly<Record<string, string>>): string[] {
	const rules = ['biome.json', 'scripts/no-ambient.grit'];
	const configuration = Object.fromEntries(rules.map((path) => [path, readFileSync(join(repository, path), 'utf8')]));
	return withTree({ ...configuration, ...tree }, (folder) => {
		const report = toolReport(
			'@biomejs/biome/bin/biome',
			['lint', '--reporter=json', '--max-diagnostics=none', '.'],
			folder,
		);
		const found = (report as Report).diagnostics.filter(({ category }) => category === 'plugin');
		return found.map(({ location }) => location.path).sort();
	});
}

it.each(PURE_FOLDERS)('src/%s may not read a clock or throw dice', (folder) => {
	const tree = files(folder, AMBIENT);
	expect(reportedFiles(tree)).toEqual(Object.keys(tree).sort());
});

it('instants that were given are harmless', () => {
	expect(reportedFiles(files('swim', HARMLESS))).toEqual([]);
});

it('the folders of the real world may read the clock', () => {
	expect(reportedFiles({ ...files('mesh', AMBIENT), ...files('agent', AMBIENT) })).toEqual([]);
});
