// Runs a tool of the repository on a small tree of files that is made for one test.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** Writes the files below a new folder, calls `use` with it, and removes it again. */
export function withTree<T>(files: Readonly<Record<string, string>>, use: (folder: string) => T): T {
	const folder = mkdtempSync(join(tmpdir(), 'longbow-fences-'));
	try {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		return use(folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Runs the tool, whatever it thinks of the tree, and returns the JSON that it prints. */
export function toolReport(script: string, args: readonly string[], cwd: string): unknown {
	const { stdout, stderr } = spawnSync(process.execPath, [join(repository, 'node_modules', script), ...args], {
		cwd,
		encoding: 'utf8',
		maxBuffer: 64 * 1024 * 1024,
	});
	try {
		return JSON.parse(stdout);
	} catch (cause) {
		throw new Error(`${script} printed no JSON: ${stdout.slice(0, 400)} ${stderr.slice(0, 400)}`, { cause });
	}
}
