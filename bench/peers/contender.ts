// A program that is measured, in a process of its own: driven by commands, looked at from outside.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Commands } from './protocol.ts';
import { cpuSeconds, rssBytes } from './usage.ts';

export interface Program {
	readonly command: string;
	readonly args: readonly string[];
	readonly env?: NodeJS.ProcessEnv;
}

const running = new Set<ChildProcess>();
const folders: string[] = [];
// Nothing outlives the bench, however it ends.
process.once('exit', () => {
	for (const child of running) child.kill('SIGKILL');
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

/** A folder that goes with the bench. */
export function scratchFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'));
	folders.push(folder);
	return folder;
}

/** Starts a process that ends with the bench; stdin and stdout are pipes, what it complains of goes to stderr. */
export function start({ command, args, env = process.env }: Program): ChildProcess {
	const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
	running.add(child);
	child.once('exit', () => running.delete(child));
	return child;
}

/** SIGKILL, and until the process is gone. */
export async function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill('SIGKILL');
	await once(child, 'exit');
}

/** Whoever does the work. */
export interface Side {
	readonly name: string;
	readonly program: Program;
}

export class Contender implements AsyncDisposable {
	readonly name: string;
	readonly #child: ChildProcess;
	readonly #lines: AsyncIterator<string>;

	constructor({ name, program }: Side) {
		this.name = name;
		this.#child = start(program);
		this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
	}

	/** One question at a time. @throws {Error} when the process has ended. */
	async ask<K extends keyof Commands>(what: K, asked: Commands[K]['asks']): Promise<Commands[K]['answers']> {
		this.#child.stdin!.write(`${JSON.stringify({ do: what, ...asked })}\n`);
		const { value, done } = await this.#lines.next();
		if (done) throw new Error(`${this.#child.spawnfile} ended without an answer to ${what}`);
		return JSON.parse(value);
	}

	get cpuSeconds(): number {
		return cpuSeconds(this.#child.pid!);
	}

	get rssBytes(): number {
		return rssBytes(this.#child.pid!);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await stop(this.#child);
	}
}
