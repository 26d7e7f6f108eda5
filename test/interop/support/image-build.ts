// The image as its Dockerfile makes it, without a registry: the base image is put together from this machine's Node.

import { execFile, spawnSync } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONTEXT = fileURLToPath(new URL('../../..', import.meta.url));
const BASE = 'docker.io/library/node:20-bookworm-slim';
const TAG = 'longbow:test';
const BUSYBOX = '/bin/busybox';

/** Programs and the Debian package of each. */
const TOOLS = { buildah: 'buildah', umoci: 'umoci', runc: 'runc', dnsmasq: 'dnsmasq-base' };

export interface Image {
	/** Folder with the unpacked root file system. */
	readonly rootfs: string;
	/** The OCI runtime configuration that the image's own one becomes. */
	readonly runtimeConfig: string;
	/** The image's configuration in Docker's format, the only one that has a health check. */
	// biome-ignore lint/suspicious/noExplicitAny: a document of Docker's
	readonly config: any;
	/** What the image adds to its base. */
	readonly ownBytes: number;
}

/** Whether images can be built and run here. @throws {Error} on CI when they cannot. */
export function imageToolsPresent(): boolean {
	const missing = Object.entries(TOOLS).filter(([tool]) => spawnSync(tool, ['--version']).error !== undefined);
	const packages = missing.map(([, debianPackage]) => debianPackage);
	if (!existsSync(BUSYBOX)) packages.push('busybox-static');
	if (packages.length === 0) return true;
	const complaint = `the image needs Debian's ${packages.join(', ')}`;
	if (process.env.CI === 'true') throw new Error(complaint);
	console.warn(`NOT CHECKED: ${complaint}`);
	return false;
}

/** Builds deploy/image/Dockerfile and unpacks the result; all of it stays below `folder`. Aborted, it ends what it runs. */
export async function buildImage(folder: string, signal: AbortSignal): Promise<Image> {
	const path = (name: string): string => join(folder, name);
	const buildah = (...args: readonly string[]): Promise<string> =>
		program('buildah', ['--root', path('storage'), '--runroot', path('run'), ...args], signal);
	const build = (...args: readonly string[]): Promise<string> =>
		buildah('bud', '--quiet', '--pull=never', '--format', 'docker', ...args);
	makeBase(path('base'));
	writeFileSync(path('Dockerfile.base'), 'FROM scratch\nCOPY base /\nENV PATH=/usr/local/bin:/usr/bin:/bin\n');
	await build('--tag', BASE, '--file', path('Dockerfile.base'), folder);
	// With npm's own cache, a build after `npm ci` needs no network.
	const cache = `${npmSetting('cache')}:/npm-cache`;
	await build('--volume', cache, '--tag', TAG, '--file', join(CONTEXT, 'deploy/image/Dockerfile'), CONTEXT);
	const { Docker } = JSON.parse(await buildah('inspect', '--type', 'image', TAG));
	await buildah('push', '--quiet', '--disable-compression', TAG, `oci:${path('layout')}:test`);
	await program('umoci', ['unpack', '--image', `${path('layout')}:test`, path('bundle')], signal);
	return {
		rootfs: path('bundle/rootfs'),
		runtimeConfig: readFileSync(path('bundle/config.json'), 'utf8'),
		config: Docker.config,
		ownBytes: Number.parseInt(output('du', ['--summarize', '--bytes', path('bundle/rootfs/opt')]), 10),
	};
}

/** Removes what a build has left, one that was aborted too. */
export function removeBuild(folder: string): void {
	// Only an aborted build leaves its storage mounted; after any other one this finds nothing to do.
	spawnSync('umount', [join(folder, 'storage/overlay')]);
	rmSync(folder, { recursive: true, force: true });
}

/** Node with npm, the libraries that it needs, a shell, and the user "node", where the official image has them. */
function makeBase(folder: string): void {
	for (const path of [
		'etc/ssl/certs',
		'usr/local/bin',
		'usr/local/etc',
		'usr/local/lib/node_modules',
		'bin',
		'usr/bin',
		'tmp',
		'root',
	]) {
		mkdirSync(join(folder, path), { recursive: true });
	}
	const put = (source: string, target = source): void =>
		cpSync(realpathSync(source), join(folder, target), { recursive: true });
	put(process.execPath, 'usr/local/bin/node');
	put(join(output('npm', ['root', '--global']).trim(), 'npm'), 'usr/local/lib/node_modules/npm');
	symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'));
	// Node's own libraries, and those of the native code that bundles the dashboard.
	const bundler = join(CONTEXT, 'node_modules/@rolldown');
	const bindings = readdirSync(bundler, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.node'));
	const native = bindings.map((path) => join(bundler, path));
	for (const [library] of output('ldd', [process.execPath, ...native]).matchAll(/(?<=\s)\/\S+(?=\s\()/g)) {
		mkdirSync(join(folder, dirname(library)), { recursive: true });
		put(library);
	}
	put(BUSYBOX);
	for (const applet of output(BUSYBOX, ['--list']).split('\n').filter(Boolean)) {
		const path = join(folder, applet === 'env' ? 'usr/bin' : 'bin', applet);
		if (!existsSync(path)) symlinkSync('/bin/busybox', path);
	}
	writeFileSync(join(folder, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n');
	writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
	writeFileSync(join(folder, 'usr/local/etc/npmrc'), npmSettings(folder));
}

/** Where this machine gets its packages from, also behind a proxy with certificates of its own. */
function npmSettings(base: string): string {
	const certificates = npmSetting('cafile');
	if (existsSync(certificates)) cpSync(certificates, join(base, 'etc/ssl/certs/npm.crt'));
	const cafile = existsSync(certificates) ? ['cafile=/etc/ssl/certs/npm.crt'] : [];
	return ['cache=/npm-cache', 'prefer-offline=true', `registry=${npmSetting('registry')}`, ...cafile, ''].join('\n');
}

function npmSetting(name: string): string {
	return output('npm', ['config', 'get', name]).trim();
}

function output(command: string, args: readonly string[]): string {
	const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
	if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr}`);
	return stdout;
}

function program(command: string, args: readonly string[], signal: AbortSignal): Promise<string> {
	const env = { ...process.env, BUILDAH_ISOLATION: 'chroot', STORAGE_DRIVER: 'vfs' };
	return new Promise((resolve, reject) => {
		execFile(command, args, { env, signal, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
			if (error) reject(new Error(`${command} ${args.join(' ')}\n${stderr.slice(-8_000)}`, { cause: error }));
			else resolve(stdout);
		});
	});
}
