// A simulator without some part of the machine: the sources are bundled with some text replaced, and loaded beside the right ones.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Cluster } from '../../src/sim/index.ts';

/** One exact replacement in a file of `src`; `find` must be there exactly once. */
export interface Edit {
	/** Path below `src`. */
	readonly file: string;
	readonly find: string;
	readonly replace: string;
}

/** Benches and tests run in the root of the checkout. */
const SOURCE = resolve('src');

/** The simulated cluster with these edits in its sources. @throws {Error} as `importEdited` does. */
export async function clusterWith(edits: readonly Edit[]): Promise<typeof Cluster> {
	const module = await importEdited<{ Cluster: typeof Cluster }>('sim/cluster.ts', edits);
	return module.Cluster;
}

/**
 * A module of `src` with all that it imports, edited, beside the right ones.
 * @throws {Error} when a text to replace is not there exactly once: the source has changed, and the edit must follow.
 */
export async function importEdited<Module>(entry: string, edits: readonly Edit[]): Promise<Module> {
	const folder = mkdtempSync(join(tmpdir(), 'longbow-edited-'));
	try {
		const outfile = join(folder, 'edited.mjs');
		await build({
			entryPoints: [join(SOURCE, entry)],
			outfile,
			bundle: true,
			format: 'esm',
			platform: 'node',
			logLevel: 'silent',
			plugins: [editing(edits)],
		});
		return (await import(pathToFileURL(outfile).href)) as Module;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function editing(edits: readonly Edit[]): Plugin {
	const contents = new Map<string, string>();
	for (const { file, find, replace } of edits) {
		const path = join(SOURCE, file);
		const text = contents.get(path) ?? readFileSync(path, 'utf8');
		const count = text.split(find).length - 1;
		if (count !== 1) throw new Error(`${file} has ${count} times: ${find}`);
		contents.set(
			path,
			text.replace(find, () => replace),
		);
	}
	return {
		name: 'editing',
		setup(esbuild) {
			esbuild.onLoad({ filter: /\.ts$/ }, ({ path }) => {
				const edited = contents.get(path);
				return edited === undefined ? undefined : { contents: edited, loader: 'ts' };
			});
		},
	};
}
