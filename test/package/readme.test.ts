// The first code block of the README is a program: it compiles, and it does what its comments say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledPackage, installPackage, repository } from './installed.ts';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code as string);

/** Replaces what must occur exactly once: the example may be reworded, but not slip away from its test. */
function replaceOnce(code: string, from: string, to: string): string {
	expect(code.split(from)).toHaveLength(2);
	return code.replace(from, to);
}

describe('README.md', () => {
	let installed: InstalledPackage;

	beforeAll(() => {
		installed = installPackage();
	});

	afterAll(() => installed?.[Symbol.dispose]());

	it('names the two commands that a checkout needs', () => {
		expect(readme).toContain('npm ci && npm start');
		expect(readme).toContain('npm ci && npm test');
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
		expect(printed).toContain('api-1 and api-2 own keys');
		expect(printed).toContain('api-2 saw api-1 leave');
		expect(printed).not.toContain('is gone');
	});

	it('shows a ring that answers', () => {
		const printed = installed.run('ring.mjs', `${blocks[1]}\nconsole.log(ring.owners('user:4711', 2).length);`);
		expect(printed).toBe('2\n');
	});
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
	return mesh.ring.owner(key)
}
`;
