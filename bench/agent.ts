// Claim: an agent with all its surfaces is ready 400 ms after exec and rests in 90 MB; the library alone rests in 55 MB; and what is installed is one small package.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../test/support/agent-process.ts';
import { Report, type Row, round, spread } from './support/report.ts';

/** Benches are run from the root of the repository. */
const BINARY = 'dist/agent/longbow-mesh.js';
const LIBRARY = resolve('dist/doors/mesh.js');
const MB = 1e6;

/** One start: a program that prints a line when it is ready and then rests. */
interface Start {
	/** From exec to the line. */
	readonly readyMs: number;
	/** Processor time until then: what a busy machine does not add to. */
	readonly cpuMs: number;
	/** Resident memory at rest. */
	readonly restBytes: number;
	/** The same when every surface has been looked at; 0 where there is none. */
	readonly usedBytes: number;
}

interface Program {
	readonly what: string;
	readonly args: readonly string[];
	/** Is this line of its output the one that says it is ready? */
	readonly isReady: (line: string) => boolean;
	/** Looks at every surface once. */
	readonly look?: (line: string) => Promise<void>;
}

const NODE: Program = {
	what: 'Node alone',
	args: ['-e', 'console.log("ready"); setInterval(() => {}, 1e6)'],
	isReady: () => true,
};
const LIBRARY_ALONE: Program = {
	what: 'library',
	args: [
		'--input-type=module',
		'-e',
		`import { createMesh } from ${JSON.stringify(LIBRARY)}; await createMesh({ name: 'bench', bindHost: '127.0.0.1', port: 0 }); console.log('ready');`,
	],
	isReady: () => true,
};
const AGENT: Program = {
	what: 'agent',
	args: [BINARY, 'agent', '--log', 'json'],
	isReady: (line) => JSON.parse(line).event === 'ready',
	async look(line) {
		const { metrics, status } = JSON.parse(line);
		for (const path of ['/metrics', '/', '/api/v1/members']) await (await fetch(new URL(path, metrics))).text();
		execFileSync(process.execPath, [BINARY, 'members', '--addr', status], { stdio: 'ignore' });
	},
};

async function start({ args, isReady, look }: Program, restMs: number): Promise<Start> {
	const env = {
		PATH: process.env.PATH,
		LONGBOW_NODE_ID: 'bench',
		LONGBOW_GOSSIP_BIND_ADDR: '127.0.0.1',
		LONGBOW_GOSSIP_PORT: '0',
		LONGBOW_META_ADDR: `127.0.0.1:${await freePort()}`,
		LONGBOW_METRICS_ADDR: '127.0.0.1:0',
	};
	const startedAt = performance.now();
	const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
	try {
		const line = await readyLine(child, isReady);
		const [readyMs, cpuMs] = [performance.now() - startedAt, cpuMsOf(child)];
		await setTimeout(restMs);
		const restBytes = residentBytes(child);
		if (!look) return { readyMs, cpuMs, restBytes, usedBytes: 0 };
		await look(line);
		await setTimeout(restMs);
		return { readyMs, cpuMs, restBytes, usedBytes: residentBytes(child) };
	} finally {
		const ended = once(child, 'exit');
		child.kill('SIGKILL');
		await ended;
	}
}

async function readyLine(child: ChildProcess, isReady: (line: string) => boolean): Promise<string> {
	const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
	for await (const line of lines) if (isReady(line)) return line;
	throw new Error(`${child.spawnargs.join(' ')} ended before it was ready`);
}

/** Processor time of all its threads, which the kernel counts in nanoseconds. */
function cpuMsOf({ pid }: ChildProcess): number {
	const times = readdirSync(`/proc/${pid}/task`).map((thread) => {
		const [nanoseconds] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
		return Number(nanoseconds);
	});
	return times.reduce((sum, time) => sum + time, 0) / 1e6;
}

function residentBytes({ pid }: ChildProcess): number {
	const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return 1_024 * Number(kib);
}

function rowOf(what: string, starts: readonly Start[]): Row {
	const of = (value: (start: Start) => number): ReturnType<typeof spread> => spread(starts.map(value));
	const ready = of(({ readyMs }) => readyMs);
	const used = of(({ usedBytes }) => usedBytes).median / MB;
	return {
		what,
		runs: starts.length,
		'ready ms': round(ready.median),
		'min–max': `${round(ready.min)}–${round(ready.max)}`,
		'CPU ms': round(of(({ cpuMs }) => cpuMs).median),
		'at rest MB': round(of(({ restBytes }) => restBytes).median / MB),
		'when looked at MB': used === 0 ? '–' : round(used),
	};
}

/** What npm sends, and what lies on the disk when it is installed, in bytes. */
function installSize(): { readonly tarball: number; readonly installed: number } {
	const folder = mkdtempSync(join(tmpdir(), 'longbow-size-'));
	const npm = (args: readonly string[], cwd: string): string => execFileSync('npm', args, { cwd, encoding: 'utf8' });
	try {
		const [{ filename, size }] = JSON.parse(
			npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], process.cwd()),
		);
		writeFileSync(join(folder, 'package.json'), '{ "private": true }');
		npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], folder);
		const modules = join(folder, 'node_modules');
		const files = readdirSync(modules, { recursive: true, encoding: 'utf8' }).map((path) =>
			statSync(join(modules, path)),
		);
		return { tarball: size, installed: files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const { values } = parseArgs({
	options: {
		runs: { type: 'string', default: '5' },
		/** How long it rests before its memory is read, in seconds. */
		rest: { type: 'string', default: '10' },
		json: { type: 'boolean', default: false },
	},
});
const report = new Report(
	'An agent with all its surfaces: ready 400 ms after exec, at most 90 MB at rest; the library alone: 55 MB. Medians; MB are 10⁶ bytes, resident.',
	values.json,
);
const programs = [NODE, LIBRARY_ALONE, AGENT];
const starts = programs.map((): Start[] => []);
for (let run = 0; run < Number(values.runs); run++) {
	for (const [at, program] of programs.entries()) {
		report.progress(`${program.what}: ${run + 1} of ${values.runs}`);
		starts[at]?.push(await start(program, 1_000 * Number(values.rest)));
	}
}
for (const [at, { what }] of programs.entries()) report.add(rowOf(what, starts[at] as Start[]));
const { tarball, installed } = installSize();
report.note('npm pack, kB', Math.round(tarball / 1_000));
report.note('installed, kB', Math.round(installed / 1_000));
report.print();
