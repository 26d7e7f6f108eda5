// The examples as a user runs them, against the installed package: each compiles, ends by itself and prints what it claims.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { transformSync } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { Children } from './children.ts';
import { type InstalledPackage, installPackage, repository } from './installed.ts';

const folder = join(repository, 'examples');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
const source = (name: string): string => readFileSync(join(folder, `${name}.ts`), 'utf8');
const asModule = (name: string): string => transformSync(source(name), { loader: 'ts', target: 'node20.19' }).code;

let installed: InstalledPackage;

beforeAll(() => {
	installed = installPackage();
});

afterAll(() => installed?.[Symbol.dispose]());

/** What the lines of a finished example look like. */
const CLAIMS: Readonly<Record<string, readonly RegExp[]>> = {
	'http-service': [/^600 requests through api-1: \d+ answered there, \d+ with one hop, though api-3 died$/],
	'sharded-cache': [
		/^three members, all keys read: 3000 loaded; cache-1 \d+, cache-2 \d+, cache-3 \d+$/,
		/^read again: 0 loaded; /,
		/^a fourth joined: (\d+) loaded; cache-1 \d+, cache-2 \d+, cache-3 \d+, cache-4 \1$/,
		/^the fourth left: \d+ loaded; cache-1 \d+, cache-2 \d+, cache-3 \d+$/,
	],
	scheduler: [
		...['backup', 'invoices', 'mail', 'reports', 'sync', 'thumbnails'].map(
			(job) => new RegExp(`^${job} runs on node-\\d$`),
		),
		/^node-\d dies$/,
		/^backup runs on node-\d, [\d.]+ s later$/,
		/^since then \d+ runs, 0 of them of a job that ran on two members$/,
	],
	'custom-discovery': [
		/^no file yet: ENOENT: no such file or directory; 1 member$/,
		/^the file names one peer: joined known; 2 members$/,
	],
	simulate: [
		/^LAN \(ackTimeout 100 ms\): \d+ wrong suspicions in three runs, a crash is dead in every view after [\d.]+ s, /,
		/^WAN \(ackTimeout 250 ms\): \d+ wrong suspicions in three runs, a crash is dead in every view after [\d.]+ s, /,
	],
};

describe('examples', () => {
	it('compile for a strict consumer', () => {
		const sources = files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
		expect(installed.compile(Object.fromEntries(sources))).toBe('');
	}, 120_000);

	it('are all run here, and listed in docs/README.md', () => {
		expect(Object.keys(CLAIMS).sort()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).sort());
		const index = readFileSync(join(repository, 'docs/README.md'), 'utf8');
		expect(files.filter((file) => !index.includes(`(../examples/${file})`))).toEqual([]);
	});

	it.each(Object.entries(CLAIMS))(
		'%s ends by itself, and prints what it claims',
		(name, claims) => {
			const lines = installed.run(`${name}.mjs`, asModule(name)).trimEnd().split('\n');
			expect(lines).toHaveLength(claims.length);
			for (const [i, claim] of claims.entries()) expect(lines[i]).toMatch(claim);
		},
		120_000,
	);
});

interface Started {
	readonly process: ChildProcess;
	readonly name: string;
	readonly url: string;
	readonly gossip: string;
}

interface Answer {
	readonly by: string;
	readonly hops: number;
	readonly ring: string;
}

describe('http-service in processes of its own', () => {
	const children = new Children();
	afterEach(() => children.end());

	async function start(name: string, seeds: readonly string[]): Promise<Started> {
		writeFileSync(join(installed.project, 'service.mjs'), asModule('http-service'));
		const child = children.add(
			spawn(process.execPath, ['service.mjs', name, ...seeds], {
				cwd: installed.project,
				stdio: ['ignore', 'pipe', 'inherit'],
			}),
		);
		for await (const line of createInterface(child.stdout)) return { process: child, ...JSON.parse(line) };
		throw new Error(`${name} has said nothing`);
	}

	async function ask(through: Started, key: string): Promise<Answer> {
		const reply = await fetch(`${through.url}/${key}`);
		expect(reply.status).toBe(200);
		return (await reply.json()) as Answer;
	}

	/** Three that know each other: whatever is asked, all three are on the ring of whoever answers. */
	async function startThree(): Promise<readonly [Started, Started, Started]> {
		const first = await start('api-1', []);
		const services = [first, await start('api-2', [first.gossip]), await start('api-3', [first.gossip])] as const;
		const keys = Array.from({ length: 40 }, (_, i) => `probe:${i}`);
		const owners = async (through: Started): Promise<string> =>
			[...new Set((await Promise.all(keys.map((key) => ask(through, key)))).map(({ by }) => by))].sort().join();
		for (const service of services) {
			await until('all own keys', async () => (await owners(service)) === 'api-1,api-2,api-3', 30_000);
		}
		return services;
	}

	it('answers every request with one hop at most, also when a process is killed', async () => {
		const [first, second, third] = await startThree();
		const keys = Array.from({ length: 200 }, (_, i) => `user:${i}`);
		const before = await Promise.all(keys.map((key) => ask(first, key)));
		expect(new Set(before.map(({ hops }) => hops))).toEqual(new Set([0, 1]));
		expect(before.every(({ by, hops }) => (by === 'api-1') === (hops === 0))).toBe(true);
		// The same owner, whoever is asked.
		const elsewhere = await Promise.all(keys.map((key) => ask(second, key)));
		expect(elsewhere.map(({ by }) => by)).toEqual(before.map(({ by }) => by));

		third.process.kill('SIGKILL');
		await once(third.process, 'exit');
		const after = await Promise.all(keys.map((key) => ask(first, key)));
		expect(new Set(after.map(({ hops }) => hops))).toEqual(new Set([0, 1]));
		// Whoever is alive kept what it had; the dead one's keys went to the next in line.
		const kept = after.filter((_, i) => before[i]!.by !== 'api-3').map(({ by }) => by);
		expect(kept).toEqual(before.filter(({ by }) => by !== 'api-3').map(({ by }) => by));
		expect(after.some(({ by }) => by === 'api-3')).toBe(false);
	}, 90_000);

	it('takes a passed-on request only when the fingerprints or its own ring say that the key is its own', async () => {
		const [first, second] = await startThree();
		const rings = await Promise.all([ask(first, 'a'), ask(second, 'a')]);
		expect(rings[0].ring).toBe(rings[1].ring);
		const passedOn = async (key: string, ring: string): Promise<number> =>
			(await fetch(`${first.url}/${key}`, { headers: { 'x-ring': ring } })).status;
		expect(await passedOn('any', rings[0].ring)).toBe(200);
		const statuses = await Promise.all(Array.from({ length: 60 }, (_, i) => passedOn(`key:${i}`, 'another')));
		// Of three members two are in line for a key: api-1 refuses about a third.
		expect(new Set(statuses)).toEqual(new Set([200, 421]));
	}, 90_000);

	it('says goodbye on SIGTERM and ends', async () => {
		const [, , third] = await startThree();
		third.process.kill('SIGTERM');
		expect(await once(third.process, 'exit')).toEqual([0, null]);
	}, 90_000);
});
