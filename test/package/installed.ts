// Packs the built tree as npm would publish it and installs the tarball into an empty project.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

export interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly exports: Readonly<Record<string, unknown>>;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly peerDependencies?: Readonly<Record<string, string>>;
	readonly scripts?: Readonly<Record<string, string>>;
}

export const manifest: Manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

/** What a user imports: `longbow-mesh`, `longbow-mesh/ring`, … */
export const doors: readonly string[] = Object.keys(manifest.exports)
	.filter((path) => path !== './package.json')
	.map((path) => `${manifest.name}${path.slice(1)}`);

export interface InstalledPackage extends Disposable {
	/** The project that has only this package. */
	readonly project: string;
	readonly tarball: string;
	/** Paths inside the tarball. */
	readonly files: readonly string[];
	/** Writes a file into the project and runs it with Node; returns what it prints. */
	run(fileName: string, code: string): string;
	/** Writes TypeScript files into the project and returns what a strict compiler, declaration files included, says of them. */
	compile(files: Readonly<Record<string, string>>): string;
}

/** Packs what is built (`npm run build` comes first) and installs it without a registry. */
export function installPackage(): InstalledPackage {
	const folder = mkdtempSync(join(tmpdir(), 'longbow-package-'));
	const project = join(folder, 'project');
	mkdirSync(project);
	writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
	const packed = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], repository);
	const [{ filename, files }] = JSON.parse(packed);
	const tarball = join(folder, filename);
	npm(['install', '--offline', '--no-audit', '--no-fund', tarball], project);
	return {
		project,
		tarball,
		files: files.map(({ path }: { path: string }) => path),
		run(fileName, code) {
			writeFileSync(join(project, fileName), code);
			return execFileSync(process.execPath, [fileName], { cwd: project, encoding: 'utf8', timeout: 30_000 });
		},
		compile(sources) {
			for (const [name, code] of Object.entries(sources)) writeFileSync(join(project, name), code);
			borrowNodeTypes(folder);
			const args = [join(repository, 'node_modules/typescript/bin/tsc'), ...STRICT, ...Object.keys(sources)];
			return spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' }).stdout;
		},
		[Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
	};
}

const STRICT =
	'--strict --noEmit --skipLibCheck false --skipDefaultLibCheck --module nodenext --target es2022 --types node'.split(
		' ',
	);

/** A Node project has Node's types. Nothing is downloaded here, so they are those of this repository, beside the project. */
function borrowNodeTypes(folder: string): void {
	const types = join(folder, 'node_modules');
	mkdirSync(types, { recursive: true });
	for (const name of ['@types', 'undici-types']) {
		rmSync(join(types, name), { force: true });
		symlinkSync(join(repository, 'node_modules', name), join(types, name));
	}
}

function npm(args: readonly string[], cwd: string): string {
	return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
