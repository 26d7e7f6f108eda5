// A simulator with a bug in it: the sources are bundled with some text replaced, and loaded beside the right ones.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { simulate } from '../../src/sim/index.ts';
import type { Mutant } from './mutant-list.ts';

const source = fileURLToPath(new URL('../../src/', import.meta.url));

/** @throws {Error} when a text to replace is not there exactly once: the source has changed, and the mutant must follow. */
export async function mutatedSimulate(mutant: Mutant): Promise<typeof simulate> {
	const folder = mkdtempSync(join(tmpdir(), 'longbow-mutant-'));
	try {
		const outfile = join(folder, 'simulate.mjs');
		await build({
			entryPoints: [join(source, 'sim/simulate.ts')],
			outfile,
			bundle: true,
			format: 'esm',
			platform: 'node',
			logLevel: 'silent',
			plugins: [mutation(mutant)],
		});
		const module: { simulate: typeof simulate } = await import(pathToFileURL(outfile).href);
		return module.simulate;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function mutation({ name, file, edits }: Mutant): Plugin {
	const path = join(source, 'swim', file);
	return {
		name: 'mutation',
		setup(esbuild) {
			esbuild.onLoad({ filter: /\.ts$/ }, (load) => {
				if (load.path !== path) return undefined;
				let contents = readFileSync(path, 'utf8');
				for (const [find, replace] of edits) {
					const count = contents.split(find).length - 1;
					if (count !== 1) throw new Error(`mutant "${name}": ${file} has ${count} times: ${find}`);
					contents = contents.replace(find, () => replace);
				}
				return { contents, loader: 'ts' };
			});
		},
	};
}
