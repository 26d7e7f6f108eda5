// Runs TypeScript programs of a folder under Node 20: `run-ts.mjs bench` runs each of them, `run-ts.mjs bench detect …` one.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [folder, name, ...args] = process.argv.slice(2);

function programs() {
	const all = readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
	if (name === undefined) return all;
	if (existsSync(join(root, folder, `${name}.ts`))) return [`${name}.ts`];
	console.error(`error: no ${folder}/${name}.ts\n  there is: ${all.map((file) => basename(file, '.ts')).join(', ')}`);
	process.exit(2);
}

/** Examples import the package by its name, as its users do: that is what has been built here. */
function ownDoors() {
	const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const doors = Object.entries(exports).filter(([, door]) => door.default !== undefined);
	return Object.fromEntries(doors.map(([path, door]) => [name + path.slice(1), join(root, door.default)]));
}

/** Our own files become one file; packages stay where they are. */
async function compile(file) {
	const outfile = join(root, 'node_modules/.cache/run-ts', folder, file.replace(/\.ts$/, '.mjs'));
	await build({
		absWorkingDir: root,
		entryPoints: [join(folder, file)],
		outfile,
		bundle: true,
		alias: ownDoors(),
		packages: 'external',
		format: 'esm',
		platform: 'node',
		target: 'node20.19',
		sourcemap: 'inline',
		logLevel: 'warning',
	});
	return outfile;
}

for (const file of programs()) {
	const flags = ['--enable-source-maps', '--expose-gc'];
	const { status } = spawnSync(process.execPath, [...flags, await compile(file), ...args], {
		cwd: root,
		stdio: 'inherit',
	});
	if (status !== 0) process.exitCode = status ?? 1;
}
