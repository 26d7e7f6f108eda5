// Bundles the daemon and its commands, third-party packages included, into dist/agent, and writes THIRD-PARTY.md for what came along.

import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages, notices } from './third-party.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const entry = 'src/agent/longbow-mesh.ts';
const outdir = 'dist/agent';
const binary = join(root, outdir, 'longbow-mesh.js');

// CommonJS code inside an ES module needs a `require`.
const BANNER = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);`;

async function bundle() {
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

rmSync(join(root, outdir), { recursive: true, force: true });
const packages = bundledPackages(root, await bundle());
const code = readFileSync(binary, 'utf8').replace(/^#!.*\n/, '');
writeFileSync(binary, `#!/usr/bin/env node\n${code}`);
chmodSync(binary, 0o755);
writeFileSync(join(root, 'THIRD-PARTY.md'), notices(packages));
console.log(`bundle-agent: ${outdir}, with ${packages.length} third-party packages`);
