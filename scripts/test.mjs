// Runs every layer of tests, the real-time ones one file at a time, and ends with one line: `N passed, N failed`.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYERS } from '../test/layers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, 'node_modules/.cache/test-reports');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** Runs the given layers in one vitest process; returns its exit code and what its JSON report says of each file. */
function run(title, layers, flags) {
	const report = join(reports, `${title}.json`);
	const projects = layers.flatMap(({ name }) => ['--project', name]);
	const output = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	const args = [vitest, 'run', ...projects, ...flags, ...output];
	const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
	const files = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
	return { status, files };
}

/** Adds up one layer. A file that did not load counts as one failure: its tests are not in the report. */
function tally(layer, files) {
	const count = { name: layer.name, passed: 0, failed: 0, skipped: 0 };
	for (const file of files) {
		if (!relative(root, file.name).replaceAll('\\', '/').startsWith(`${layer.folder}/`)) continue;
		const failedBefore = count.failed;
		for (const { status } of file.assertionResults) {
			count[status === 'passed' || status === 'failed' ? status : 'skipped']++;
		}
		if (file.status === 'failed' && count.failed === failedBefore) count.failed++;
	}
	return count;
}

/**
 * What the counts do not show. A layer that ran nothing proves nothing: always wrong when it holds no test at all,
 * and wrong on CI, where everything that the tests need is installed, when all its tests were skipped.
 */
function complaints(counts, runs) {
	const found = [];
	for (const { name, passed, failed, skipped } of counts) {
		if (passed + failed > 0 || (skipped > 0 && !process.env.CI)) continue;
		found.push(`${name}: no test ran`);
	}
	if (runs.some(({ status }) => status !== 0) && counts.every(({ failed }) => failed === 0)) {
		found.push('vitest ended with an error outside of any test, see above');
	}
	return found;
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const present = LAYERS.filter(({ folder }) => existsSync(join(root, folder)));
const runs = [
	run(
		'deterministic',
		present.filter((layer) => !layer.realTime),
		[],
	),
	run(
		'real-time',
		present.filter((layer) => layer.realTime),
		['--no-file-parallelism'],
	),
];
const counts = present.map((layer) =>
	tally(
		layer,
		runs.flatMap(({ files }) => files),
	),
);
const wrong = complaints(counts, runs);

console.log('');
for (const { name, passed, failed, skipped } of counts) {
	console.log(`${name.padEnd(12)}${passed} passed, ${failed} failed, ${skipped} skipped`);
}
for (const sentence of wrong) console.log(`failed: ${sentence}`);
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
const failed = sum('failed') + wrong.length;
console.log(`\n${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
