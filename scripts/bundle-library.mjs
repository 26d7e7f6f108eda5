// Bundles the library into dist/doors: one file a door of package.json, and what several of them share in chunks.

import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const outdir = 'dist/doors';

/** @param {string} root the repository */
export async function bundleLibrary(root) {
	const { exports, peerDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const doors = Object.values(exports).flatMap((door) => (door.default ? [basename(door.default, '.js')] : []));
	rmSync(join(root, outdir), { recursive: true, force: true });
	await build({
		absWorkingDir: root,
		entryPoints: Object.fromEntries(doors.map((door) => [door, `src/${door}/index.ts`])),
		outdir,
		bundle: true,
		splitting: true, // what two doors use is the same to both
		format: 'esm',
		platform: 'node',
		target: 'node20.19',
		external: Object.keys(peerDependencies),
		chunkNames: 'shared-[hash]',
		logLevel: 'warning',
	});
}
