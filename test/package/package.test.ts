// What npm would publish: one package, every door opens and is typed, the binary runs.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doors, type InstalledPackage, installPackage, manifest, repository } from './installed.ts';

let installed: InstalledPackage;

beforeAll(() => {
	installed = installPackage();
});

afterAll(() => installed?.[Symbol.dispose]());

describe('npm install longbow-mesh', () => {
	it('adds exactly one package', () => {
		const lock = JSON.parse(readFileSync(join(installed.project, 'package-lock.json'), 'utf8'));
		expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/longbow-mesh']);
		const folders = readdirSync(join(installed.project, 'node_modules')).filter((name) => !name.startsWith('.'));
		expect(folders).toEqual(['longbow-mesh']);
	});

	it('runs no code of ours on the way', () => {
		const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
		expect(Object.keys(manifest.scripts ?? {}).filter((name) => hooks.includes(name))).toEqual([]);
	});

	it('puts the binary into the path', () => {
		const binary = join(installed.project, 'node_modules/.bin/longbow-mesh');
		expect(execFileSync(binary, ['version'], { encoding: 'utf8' })).toContain(manifest.version);
	});
});

describe('the tarball', () => {
	it('holds the built tree, the licence and the documents, and nothing else', () => {
		const outside = installed.files.filter((path) => !path.startsWith('dist/')).sort();
		expect(outside).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY.md', 'package.json']);
		expect(installed.files.filter((path) => /\.tsbuildinfo$|\.test\./.test(path))).toEqual([]);
	});

	it('has the types of every source, and no types whose source is gone', () => {
		const types = installed.files.filter((path) => path.endsWith('.d.ts'));
		const source = (path: string) => path.replace(/^dist\//, 'src/').replace(/\.d\.ts$/, '.ts');
		expect(types.length).toBeGreaterThan(30);
		expect(types.filter((path) => !existsSync(join(repository, source(path))))).toEqual([]);
	});

	it('has the code of the library in a few files, each of which some door loads', () => {
		const files = installed.files.filter((path) => path.startsWith('dist/doors/'));
		expect(files.length).toBeLessThanOrEqual(2 * doors.length);
		const code = files.map((path) => readFileSync(join(installed.project, 'node_modules/longbow-mesh', path), 'utf8'));
		const shared = files.map((path) => basename(path)).filter((name) => name.startsWith('shared-'));
		for (const name of shared) expect(code.some((text) => text.includes(`"./${name}"`))).toBe(true);
	});

	it('pleases publint', async () => {
		const tarball = new Uint8Array(readFileSync(installed.tarball)).buffer;
		const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
		expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
	});
});

describe('every door', () => {
	it.each(doors)('%s can be imported', (door) => {
		const printed = installed.run('open.js', `import * as door from '${door}'; console.log(typeof door);`);
		expect(printed).toBe('object\n');
	});

	it.each(doors)('%s can be required', (door) => {
		const code = `console.log(Object.keys(require('${door}')).length > 0);`;
		expect(installed.run('open.cjs', code)).toBe('true\n');
	});

	// A mesh is everything, and the simulator more than that.
	const light = doors.filter((door) => door !== manifest.name && !door.endsWith('/sim'));
	it.each(light)('%s is at most 60 KB, all that it needs included', (door) => {
		const { outputFiles } = buildSync({
			stdin: { contents: `export * from '${door}';`, resolveDir: installed.project },
			external: Object.keys(manifest.peerDependencies ?? {}),
			bundle: true,
			minify: true,
			write: false,
			format: 'esm',
			platform: 'node',
		});
		expect(gzipSync(outputFiles[0]!.contents).length).toBeLessThanOrEqual(60_000);
	});

	it('is typed for a strict consumer that checks declaration files too', () => {
		const consumer = doors.map((door, i) => `import * as door${i} from '${door}';\nexport { door${i} };\n`).join('');
		expect(installed.compile({ 'consumer.ts': consumer })).toBe('');
	}, 120_000);
});
