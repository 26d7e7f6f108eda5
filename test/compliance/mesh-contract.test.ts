// What a mesh promises to the program around it: errors by code, and an end that leaves nothing behind.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMesh, type MeshOptions } from '../../src/mesh/index.ts';
import { agree, at, names, start } from '../support/mesh.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);

describe('errors', () => {
	it('MESH_JOIN_FAILED names every peer and why', async () => {
		const a = await start('a', { streams: false });
		const nobody = await start('nobody');
		const gone = at(nobody);
		await nobody.close();
		const failure = a.join([gone, 'no-such-host.invalid']);
		await expect(failure).rejects.toMatchObject({ code: 'MESH_JOIN_FAILED' });
		await expect(failure).rejects.toThrow(gone);
		await expect(failure).rejects.toThrow('no-such-host.invalid:7946');
		await expect(a.join([])).rejects.toMatchObject({ code: 'MESH_JOIN_FAILED' });
		await expect(a.join(['bad:port'])).rejects.toThrow(
			new RangeError('join: peer "bad:port": the port is not a number from 1 to 65535'),
		);
	});

	it('a join that is given no peers at all says what it takes', async () => {
		const a = await start('a');
		const join = a.join.bind(a) as (peers: unknown) => Promise<unknown>;
		const example = "for example ['10.0.0.2:7946']";
		await expect(join('10.0.0.2:7946')).rejects.toThrow(
			new TypeError(`join: "10.0.0.2:7946" is not an array of peers, ${example}`),
		);
		await expect(join(undefined)).rejects.toThrow(
			new TypeError(`join: undefined is not an array of peers, ${example}`),
		);
		await expect(join([7])).rejects.toThrow(new TypeError("join: 7 is not a string, for example '10.0.0.2:7946'"));
	});

	it('a join tells how each peer answered', async () => {
		const a = await start('a');
		const b = await start('b');
		const answers = await b.join([at(a), 'no-such-host.invalid']);
		expect(answers.map((answer) => answer.ok)).toEqual([true, false]);
		expect(answers[0]).toMatchObject({ address: a.address, members: 2 });
		await agree([a, b], 'a b');
	});

	it('labels keep meshes apart', async () => {
		const a = await start('a', { label: 'blue' });
		const b = await start('b', { label: 'green' });
		await expect(b.join([at(a)])).rejects.toMatchObject({ code: 'MESH_JOIN_FAILED' });
		expect([names(a), names(b)]).toEqual(['a', 'b']);
	});

	it('MESH_START_FAILED when the port is taken, and nothing is left open', async () => {
		const a = await start('a');
		const options = { port: a.address.port };
		await expect(start('b', options)).rejects.toMatchObject({
			code: 'MESH_START_FAILED',
			cause: { code: 'NET_ADDRESS_IN_USE' },
		});
		await a.close();
		expect((await start('b', options)).address.port).toBe(options.port);
	});

	it('MESH_TAGS_TOO_LARGE leaves the tags as they were', async () => {
		const large = { text: 'x'.repeat(600) };
		await expect(start('a', { tags: large })).rejects.toMatchObject({ code: 'MESH_TAGS_TOO_LARGE' });
		const a = await start('a', { tags: { fits: 'yes' } });
		await expect(a.setTags(large)).rejects.toMatchObject({ code: 'MESH_TAGS_TOO_LARGE' });
		await expect(a.setTags({ lb: '2' })).rejects.toThrow(TypeError);
		expect(a.self.tags).toMatchObject({ fits: 'yes' });
	});

	it('MESH_STOPPED for what is under way, and for what comes after', async () => {
		const a = await start('a');
		const under = [a.join(['192.0.2.1:7946']), a.join(['no-such-host.invalid'])];
		const stopped = Promise.all(under.map((each) => expect(each).rejects.toMatchObject({ code: 'MESH_STOPPED' })));
		await a.close();
		await stopped;
		await expect(a.setTags({})).rejects.toMatchObject({ code: 'MESH_STOPPED' });
		await expect(a.leave()).rejects.toMatchObject({ code: 'MESH_STOPPED' });
		await a.close();
		expect(names(a)).toBe('a');
	});

	it('options are refused before anything is bound', async () => {
		await expect(createMesh({ port: 70_000 })).rejects.toThrow(RangeError);
		await expect(createMesh({ prot: 7946 } as MeshOptions)).rejects.toThrow('prot: no such option; did you mean port?');
	});
});

describe('the end', () => {
	it('comes with the abort of the signal, without a goodbye', async () => {
		const abort = new AbortController();
		const a = await start('a', { signal: abort.signal });
		const events = a.events();
		abort.abort();
		for await (const event of events) expect(event.type).not.toBe('leaving');
		await expect(a.setTags({})).rejects.toMatchObject({ code: 'MESH_STOPPED' });
		await expect(start('b', { signal: AbortSignal.abort() })).rejects.toThrow();
	});

	it('comes with `await using`, which leaves', async () => {
		const a = await start('a');
		{
			await using b = await start('b', { seeds: [at(a)] });
			await agree([a, b], 'a b');
		}
		await until('b has left', () => a.member('b')?.state === 'left');
		{
			await using closed = await start('closed');
			await closed.close();
		}
	});

	it('comes to readers of events, after the last event', async () => {
		const a = await start('a');
		const b = await start('b', { seeds: [at(a)] });
		await agree([a, b], 'a b');
		const events = a.events();
		await a.leave();
		const types: string[] = [];
		for await (const event of events) types.push(event.type);
		expect(types).toContain('leaving');
		for await (const event of a.events()) throw new Error(`an event after the end: ${event.type}`);
	});

	it('leaves nothing behind: the process exits by itself', async () => {
		const script = await bundle(`
			import { createMesh } from './src/mesh/index.ts';
			const options = { bindHost: '127.0.0.1', port: 0, protocolPeriodMs: 100, ackTimeoutMs: 50 };
			const a = await createMesh({ ...options, name: 'a' });
			const b = await createMesh({ ...options, name: 'b', seeds: ['127.0.0.1:' + a.address.port, 'no-such-host.invalid'] });
			while (a.members.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
			console.log((await b.leave()).told);
			await a.close();
		`);
		const { stdout } = await run(process.execPath, [script], { timeout: 30_000 });
		expect(stdout).toBe('1\n');
	});
});

/** A program that imports sources, as one file that Node runs. */
async function bundle(contents: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'mesh-'));
	onTestFinished(() => rm(folder, { recursive: true }));
	const outfile = join(folder, 'program.mjs');
	const resolveDir = fileURLToPath(new URL('../..', import.meta.url));
	await build({
		stdin: { contents, resolveDir, loader: 'ts' },
		bundle: true,
		platform: 'node',
		format: 'esm',
		outfile,
	});
	return outfile;
}
