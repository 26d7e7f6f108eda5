// Processes of a bench: the bench itself, forked, so that one program has both halves of a measurement.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const ROLE = 'LONGBOW_BENCH_ROLE';

/** What this process is to do, in a fork; undefined in the bench itself. */
export function role<T>(): T | undefined {
	const text = process.env[ROLE];
	if (text === undefined) return undefined;
	// The parent is gone: nobody would end this process.
	process.once('disconnect', () => process.exit());
	return JSON.parse(text) as T;
}

/** In this environment the program is a process with that role. */
export function roleEnvironment(given: object): NodeJS.ProcessEnv {
	return { ...process.env, [ROLE]: JSON.stringify(given) };
}

/** Sends a message of a fork to the bench. */
export function tell(message: object): void {
	process.send?.(message);
}

const forks = new Set<ChildProcess>();
process.once('exit', () => {
	for (const child of forks) child.kill('SIGKILL');
});

/** Starts this program once more, in a process of its own that knows its role; `flags` are more of Node's. */
export function forkRole<Told extends object>(
	given: object,
	receive: (told: Told) => void,
	flags: readonly string[] = [],
): ChildProcess {
	const execArgv = [...process.execArgv, ...flags];
	const child = fork(process.argv[1] as string, { env: roleEnvironment(given), execArgv });
	forks.add(child);
	child.once('exit', () => forks.delete(child));
	child.on('message', (message) => receive(message as Told));
	return child;
}

/** SIGKILL, and until the process is gone. */
export async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	child.kill('SIGKILL');
	await once(child, 'exit');
}

/** Milliseconds of the machine's monotonic clock: the same in all processes, to be compared between them. */
export function machineMs(): number {
	return Number(process.hrtime.bigint()) / 1e6;
}
