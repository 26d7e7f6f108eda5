// What a look command loads: counted in files and bytes, since seconds depend on the machine.

import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/agent-process.ts';
import { BINARY, cli } from '../support/cli.ts';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-startup-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Loaded {
	readonly files: readonly string[];
	readonly bytes: number;
	/** Folders of source and names of packages whose code is in them. */
	readonly origins: ReadonlySet<string>;
}

/** Runs the command with Node's own record of the scripts that were loaded. */
async function loadedBy(line: string): Promise<Loaded> {
	const record = await mkdtemp(join(folder, 'record-'));
	await cli(line.split(' '), { env: { NODE_V8_COVERAGE: record } });
	const urls = readdirSync(record).flatMap((name) => {
		const { result } = JSON.parse(readFileSync(join(record, name), 'utf8')) as { result: { url: string }[] };
		return result.map(({ url }) => url);
	});
	const files = [...new Set(urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url)))];
	const texts = files.map((path) => readFileSync(path, 'utf8'));
	const origins = texts.flatMap((text) => [
		...text.matchAll(/^\/\/ (?:node_modules\/((?:@[^/]+\/)?[^/]+)|(src\/\w+))\//gm),
	]);
	return {
		files: files.map((path) => basename(path)),
		bytes: texts.reduce((sum, text) => sum + text.length, 0),
		origins: new Set(origins.map(([, pkg, source]) => pkg ?? source ?? '')),
	};
}

describe.each(['version', 'members', 'info', 'ring user:4711', 'why a'])('%s', (line) => {
	it('loads no third-party code but the parser of command lines, and little of ours', async () => {
		const { files, bytes, origins } = await loadedBy(`${line} --addr 127.0.0.1:${await freePort()}`);
		expect(files).toContain(basename(BINARY));
		expect([...origins].filter((origin) => !origin.startsWith('src/'))).toEqual(['commander']);
		for (const heavy of ['src/mesh', 'src/net', 'src/sim', 'src/journal', 'src/wire', 'src/http', 'src/metrics'])
			expect(origins).not.toContain(heavy);
		expect(files.length).toBeLessThanOrEqual(8);
		expect(bytes).toBeLessThanOrEqual(360_000);
	});
});

describe('the record', () => {
	it('sees what a heavy command loads', async () => {
		const { origins } = await loadedBy('sim --nodes 2 --for 1s --seed 1');
		expect(origins).toContain('src/sim');
	});
});
