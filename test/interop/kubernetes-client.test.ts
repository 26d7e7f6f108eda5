// Where the official client is not installed: nothing is loaded before it is needed, and then the command is named that installs it.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'longbow-no-client-'));
	await build({
		absWorkingDir: root,
		entryPoints: ['src/discovery/index.ts'],
		outfile: join(folder, 'discovery.mjs'),
		bundle: true,
		packages: 'external',
		format: 'esm',
		platform: 'node',
		target: 'node20.19',
	});
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const PROGRAM = `
import { createKubernetesDiscovery } from './discovery.mjs';
const discovery = createKubernetesDiscovery({ labelSelector: 'a=b', defaultPort: 7946 });
const before = discovery.health.problem ?? null;
const reading = discovery.watch(AbortSignal.timeout(200))[Symbol.asyncIterator]().next();
const { done } = await reading;
console.log(JSON.stringify({ before, done, after: discovery.health.problem }));
`;

describe('without @kubernetes/client-node', () => {
	it('a provider can be made; when it starts, its problem is the command to run, and nothing throws', async () => {
		await writeFile(join(folder, 'program.mjs'), PROGRAM);
		const { stdout } = await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: folder, timeout: 20_000 });
		expect(JSON.parse(stdout)).toEqual({
			before: null,
			done: true,
			after: {
				code: 'failed',
				text: 'discovery by k8s needs the official client, which is not installed: npm install @kubernetes/client-node',
			},
		});
	});
});
