// The built files of the dashboard: read once, when somebody asks for the first time, and served from memory.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Context } from 'hono';

interface BuiltFile {
	readonly type: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** As the build compressed it; undefined for what does not shrink. */
	readonly gzip: Uint8Array<ArrayBuffer> | undefined;
	readonly tag: string;
}

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.woff2': 'font/woff2',
	'.txt': 'text/plain; charset=utf-8',
	'.json': 'application/json',
};
const COMPRESSED = '.gz';
/** What vite writes into a name stands for the content, so such a file never changes. */
const HASHED = /-[\w-]{8}\.\w+$/;

/** A directory as it was at the first question; no path from outside ever touches the disk. */
export class BuiltFiles {
	readonly #directory: string;
	#files: Promise<ReadonlyMap<string, BuiltFile>> | undefined;

	constructor(directory: string) {
		this.#directory = directory;
	}

	/** The file of a path that begins with a slash; undefined when there is none. */
	async serve(context: Context, path: string): Promise<Response | undefined> {
		this.#files ??= readAll(this.#directory);
		const file = (await this.#files).get(path);
		return file && answer(context, path, file);
	}
}

function answer(context: Context, path: string, { type, bytes, gzip, tag }: BuiltFile): Response {
	context.header('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
	context.header('ETag', tag);
	context.header('Vary', 'Accept, Accept-Encoding');
	if (context.req.header('If-None-Match') === tag) return context.body(null, 304);
	context.header('Content-Type', type);
	if (!gzip || !acceptsGzip(context.req.header('Accept-Encoding'))) return context.body(bytes);
	context.header('Content-Encoding', 'gzip');
	return context.body(gzip);
}

function acceptsGzip(accepted = ''): boolean {
	return accepted.split(',').some((each) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(each));
}

/** Empty when the dashboard is not built. */
async function readAll(directory: string): Promise<ReadonlyMap<string, BuiltFile>> {
	const files = new Map<string, Uint8Array<ArrayBuffer>>();
	for (const path of await list(directory)) {
		files.set(`/${relative(directory, path).split(sep).join('/')}`, new Uint8Array(await readFile(path)));
	}
	const built = new Map<string, BuiltFile>();
	for (const [path, bytes] of files) {
		const type = TYPES[extname(path)];
		if (type === undefined) continue;
		const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
		built.set(path, { type, bytes, gzip: files.get(path + COMPRESSED), tag });
	}
	return built;
}

async function list(directory: string): Promise<string[]> {
	try {
		const entries = await readdir(directory, { recursive: true, withFileTypes: true });
		return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}
