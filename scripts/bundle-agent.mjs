// Bundles the daemon and its commands, third-party packages included, into dist/agent, and writes THIRD-PARTY.md for what came along.

import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages, notices } from './third-party.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const entry = 'src/agent/longbow-mesh.ts';
const outdir = 'dist/agent';
const binary = join(root, outdir, 'longbow-mesh.js');

// These packages read .proto files that lie beside their code, so the files have to travel with it.
const PROTO_FOLDERS = { '@grpc/reflection': 'build/proto', 'grpc-health-check': 'proto' };

// CommonJS code inside an ES module needs `require`; its `__dirname` is given by the plugin below.
// Every output file lies directly in dist/agent, so one expression serves all of them.
const BANNER = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __thirdParty = import.meta.dirname + '/third-party/';`;

/** Gives third-party CommonJS files that ask for `__dirname` a place under dist/agent/third-party instead of node_modules. */
const relocateDirname = {
	name: 'relocate-dirname',
	setup(esbuild) {
		esbuild.onLoad({ filter: /[\\/]node_modules[\\/].*\.c?js$/ }, ({ path }) => {
			const contents = readFileSync(path, 'utf8');
			if (!/\b__dirname\b/.test(contents)) return undefined;
			const place = dirname(path.slice(path.lastIndexOf('node_modules') + 'node_modules/'.length)).replaceAll(
				'\\',
				'/',
			);
			return { contents: `const __dirname = __thirdParty + ${JSON.stringify(place)};${contents}`, loader: 'js' };
		});
	},
};

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
		plugins: [relocateDirname],
		metafile: true,
		logLevel: 'warning',
	});
	return metafile;
}

rmSync(join(root, outdir), { recursive: true, force: true });
if (!existsSync(join(root, entry))) {
	console.log(`bundle-agent: ${entry} does not exist, nothing to bundle`);
	process.exit(0);
}
const packages = bundledPackages(root, await bundle());
for (const { name, folder } of packages) {
	const protos = PROTO_FOLDERS[name];
	if (protos !== undefined)
		cpSync(join(folder, protos), join(root, outdir, 'third-party', name, protos), { recursive: true });
}
const code = readFileSync(binary, 'utf8').replace(/^#!.*\n/, '');
writeFileSync(binary, `#!/usr/bin/env node\n${code}`);
chmodSync(binary, 0o755);
writeFileSync(join(root, 'THIRD-PARTY.md'), notices(packages));
console.log(`bundle-agent: ${outdir}, with ${packages.length} third-party packages`);
