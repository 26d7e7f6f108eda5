// Bundles the daemon and its commands, third-party packages included, into dist/agent.

import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { narrowChunks } from './bundle-plugins.mjs';
import { packageFolders } from './third-party.mjs';

const entry = 'src/agent/longbow-mesh.ts';
const outdir = 'dist/agent';

// CommonJS code inside an ES module needs a `require`.
const BANNER = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

/**
 * @param {string} root the repository
 * @returns {Promise<string[]>} folders of the packages that came along
 */
export async function bundleAgent(root) {
	const binary = join(root, outdir, 'longbow-mesh.js');
	rmSync(join(root, outdir), { recursive: true, force: true });
	const { outputs } = await bundle(root);
	const code = readFileSync(binary, 'utf8').replace(/^#!.*\n/, '');
	writeFileSync(binary, `#!/usr/bin/env node\n${code}`);
	chmodSync(binary, 0o755);
	const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
	return packageFolders(
		root,
		inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
	);
}

async function bundle(root) {
	const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const { metafile } = await build({
		absWorkingDir: root,
		entryPoints: [entry],
		outdir,
		bundle: true,
		splitting: true, // a command loads only what it imports
		format: 'esm',
		platform: 'node',
		target: 'node20.19',
		plugins: [narrowChunks(root, 'src/agent/cli/main.ts', 'COMMANDS')],
		external: Object.keys(manifest.peerDependencies ?? {}),
		entryNames: '[name]',
		chunkNames: '[name]-[hash]',
		banner: { js: BANNER },
		define: { __LONGBOW_VERSION__: JSON.stringify(manifest.version) },
		metafile: true,
		logLevel: 'warning',
	});
	return metafile;
}
