// The first code block of the README is a program, and so is that of docs/library.md: they do what is said beside them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/agent-process.ts';
import { until } from '../support/until.ts';
import { Children } from './children.ts';
import { type InstalledPackage, installPackage, repository } from './installed.ts';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code as string);

/** Replaces what must occur exactly once: the example may be reworded, but not slip away from its test. */
function replaceOnce(code: string, from: string, to: string): string {
	expect(code.split(from)).toHaveLength(2);
	return code.replace(from, to);
}

let installed: InstalledPackage;

beforeAll(() => {
	installed = installPackage();
});

afterAll(() => installed?.[Symbol.dispose]());

describe('README.md', () => {
	it('names the two commands that a checkout needs', () => {
		expect(readme).toContain('npm ci && npm start');
		expect(readme).toContain('npm ci && npm test');
	});

	it('names the file that npm pack makes', () => {
		expect(readme).toContain(`\`${basename(installed.tarball)}\``);
	});

	it('has examples that compile for a strict consumer', () => {
		expect(blocks.length).toBeGreaterThan(1);
		const files = Object.fromEntries(blocks.map((code, i) => [`example-${i}.ts`, code]));
		expect(installed.compile(files)).toBe('');
	}, 120_000);

	it('embeds a mesh that joins its seed, owns keys with it and says goodbye', () => {
		let example = blocks[0] as string;
		example = replaceOnce(example, "['10.0.0.2:7946']", 'await startSeed()');
		example = replaceOnce(example, 'createMesh({', "createMesh({ bindHost: '127.0.0.1', port: 0,");
		example = replaceOnce(example, 'mesh.ring.owner(', 'await printOwner(mesh, ');
		const printed = installed.run('example.mjs', `${example}${SEED}`);
		expect(printed).toContain('api-2 joined');
		expect(printed).toContain('api-1 and api-2 own keys');
		expect(printed).toMatch(/^api-[12]$/m);
		expect(printed).toContain('api-2 saw api-1 leave');
		expect(printed).not.toContain('is gone');
	});

	it('shows a ring that answers', () => {
		const printed = installed.run('ring.mjs', `${blocks[1]}\nconsole.log(ring.owners('user:4711', 2).length);`);
		expect(printed).toBe('2\n');
	});
});

describe('docs/library.md', () => {
	const children = new Children();
	afterEach(() => children.end());

	/** Its process, and all that it has printed so far. */
	function start(...args: readonly string[]): { readonly child: ChildProcess; readonly printed: () => string } {
		const child = children.add(spawn(process.execPath, ['try.mjs', ...args], { cwd: installed.project }));
		let text = '';
		for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
		return { child, printed: () => text };
	}

	it('shows three processes on one machine that see each other come and go, and a conflict', async () => {
		const page = readFileSync(join(repository, 'docs/library.md'), 'utf8');
		const code = /^```js\n(.*?)^```$/ms.exec(page)?.[1] as string;
		writeFileSync(join(installed.project, 'try.mjs'), code);
		const port = await freePort();
		const seed = `127.0.0.1:${port}`;
		const first = start('api-1', String(port));
		const second = start('api-2', '0', seed);
		const third = start('api-3', '0', seed);
		await until(
			'the first knows both',
			() => /join api-2 /.test(first.printed()) && /join api-3 /.test(first.printed()),
		);
		// Each of the two that meet through the first: who leaves tells those whom it knows.
		await until('the second knows the third', () => /join api-3 /.test(second.printed()));
		await until('the third knows the second', () => /join api-2 /.test(third.printed()));
		third.child.kill('SIGINT');
		expect(await once(third.child, 'exit')).toEqual([0, null]);
		await until('the goodbye is heard', () => /^leave api-3 /m.test(second.printed()));
		start('api-2', '0', seed);
		await until('the conflict is told', () => second.printed().includes('another process has my name: api-2'));
	}, 60_000);
});

/** The other half of the conversation. Function declarations are hoisted above the example that calls them. */
const SEED = `
import { setTimeout as wait } from 'node:timers/promises'

async function startSeed() {
	const seed = await createMesh({ name: 'api-2', bindHost: '127.0.0.1', port: 0 })
	seed.on('leave', async (member) => {
		console.log('api-2 saw', member.name, 'leave')
		await seed.close()
	})
	const { host, port } = seed.address
	return [host + ':' + port]
}

async function printOwner(mesh, key) {
	for (const end = Date.now() + 10_000; mesh.ring.size < 2 && Date.now() < end; ) await wait(20)
	console.log(mesh.ring.owners(key, 2).sort().join(' and '), 'own keys')
	// Ctrl-C, once the example listens for it.
	setImmediate(() => process.kill(process.pid, 'SIGINT'))
	return mesh.ring.owner(key)
}
`;
