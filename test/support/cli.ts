// The built binary as a user runs it: a command line in, exit code and both streams out.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BINARY: string = fileURLToPath(new URL('../../dist/agent/longbow-mesh.js', import.meta.url));

export interface CliResult {
	readonly code: number | null;
	readonly out: string;
	readonly err: string;
}

/** Runs the binary to its end; `input` goes to stdin. */
export function cli(
	args: readonly string[],
	options: { readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<CliResult> {
	const child = spawn(process.execPath, [BINARY, ...args], {
		env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...options.env },
	});
	let [out, err] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (text: string) => {
		out += text;
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		err += text;
	});
	child.stdin.end(options.input ?? '');
	return new Promise((resolve, reject) => {
		child.once('error', reject).once('close', (code) => resolve({ code, out, err }));
	});
}

/** Looks until there is an answer. @throws {Error} naming what was waited for. */
export async function eventually<T>(
	what: string,
	look: () => T | undefined | Promise<T | undefined>,
	withinMs = 20_000,
): Promise<T> {
	const end = performance.now() + withinMs;
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

/** Whether the process still exists. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
		throw error;
	}
}
