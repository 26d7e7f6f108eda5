// Runs a TypeScript program of a folder under Node 20: `run-ts.mjs bench ring …`; without a name it says which there are.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [folder, name, ...args] = process.argv.slice(2);

const all = readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

/** Names, each with the sentence that opens its file. */
function list() {
	for (const file of all) {
		const [sentence] = readFileSync(join(root, folder, file), 'utf8').split('\n');
		console.log(`${basename(file, '.ts').padEnd(20)} ${sentence.replace(/^\/\/ /, '')}`);
	}
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

if (name === undefined) list();
else if (!all.includes(`${name}.ts`)) {
	console.error(`error: no ${folder}/${name}.ts\n  there is: ${all.map((file) => basename(file, '.ts')).join(', ')}`);
	process.exitCode = 2;
} else {
	const flags = ['--enable-source-maps', '--expose-gc'];
	const { status } = spawnSync(process.execPath, [...flags, await compile(`${name}.ts`), ...args], {
		cwd: root,
		stdio: 'inherit',
	});
	process.exitCode = status ?? 1;
}
