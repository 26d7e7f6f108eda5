// Runs every layer of tests, the real-time ones one file at a time, and ends with one line: `N passed, N failed`.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYERS } from '../test/layers.mjs';
import { complaints, tally } from './test-report.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = join(root, 'node_modules/.cache/test-reports');
const present = LAYERS.filter(({ folder }) => existsSync(join(root, folder)));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');

/** Runs one half of the layers in one vitest process; returns its exit code and what its JSON report says of each file. */
function run(title, realTime, flags) {
	const report = join(reports, `${title}.json`);
	const layers = present.filter((layer) => layer.realTime === realTime);
	const projects = layers.flatMap(({ name }) => ['--project', name]);
	const output = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	const args = [vitest, 'run', ...projects, ...flags, ...output];
	const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
	const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : [];
	const files = results.map((file) => ({ ...file, name: relative(root, file.name).replaceAll('\\', '/') }));
	return { status, files };
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const asked = process.argv.slice(2); // for example `npm test -- -t "seed 09"`
const runs = [run('deterministic', false, asked), run('real-time', true, ['--no-file-parallelism', ...asked])];
const files = runs.flatMap((result) => result.files);
const exitCodes = runs.map(({ status }) => status);
const counts = present.map((layer) => tally(layer, files));
const wrong = complaints(counts, exitCodes, Boolean(process.env.CI));

console.log('');
for (const { name, passed, failed, skipped } of counts) {
	console.log(`${name.padEnd(12)}${passed} passed, ${failed} failed, ${skipped} skipped`);
}
for (const sentence of wrong) console.log(`failed: ${sentence}`);
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
const failed = sum('failed') + wrong.length;
console.log(`\n${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
