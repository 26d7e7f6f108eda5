// Processes of a test: their output is kept, and none of them outlives the test.

import { type ChildProcess, type ForkOptions, fork, spawn } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { afterEach } from 'vitest';

/** Whatever is still running ends with the test that started it, and with this process in any case. */
const running = new Set<Running>();
afterEach(() => endAll());
process.on('exit', () => {
	for (const each of running) each.signal('SIGKILL');
});

export class Running {
	readonly child: ChildProcess;
	readonly pid: number;
	/** Settles when the process is gone; never rejects. */
	readonly exited: Promise<void>;
	readonly #title: string;
	#output = '';

	private constructor(title: string, child: ChildProcess) {
		if (child.pid === undefined) throw new Error(`${title} could not be started`);
		this.#title = title;
		this.child = child;
		this.pid = child.pid;
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding('utf8');
			stream?.on('data', (text: string) => {
				this.#output += text;
			});
		}
		running.add(this);
		this.exited = new Promise((resolve) => {
			child.once('exit', () => {
				running.delete(this);
				resolve();
			});
		});
	}

	static spawn(title: string, command: string, args: readonly string[]): Running {
		return new Running(title, spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
	}

	/** A Node program that talks to us by messages. */
	static fork(title: string, program: string, args: readonly string[], options: ForkOptions = {}): Running {
		return new Running(title, fork(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }));
	}

	/** Complete lines of output so far, both streams together. */
	get lines(): readonly string[] {
		return this.#output.split('\n').slice(0, -1);
	}

	/** All output, for the message of a failure. */
	get output(): string {
		return `--- ${this.#title} (${this.pid})\n${this.#output}`;
	}

	/** SIGKILL is a crash, SIGSTOP a stall, SIGCONT its end. */
	signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void {
		this.child.kill(signal);
	}

	/** Gets no processor for so long, as on an overloaded host. */
	async stall(ms: number): Promise<void> {
		this.signal('SIGSTOP');
		await setTimeout(ms);
		this.signal('SIGCONT');
	}

	async end(): Promise<void> {
		this.signal('SIGKILL');
		await this.exited;
	}
}

async function endAll(): Promise<void> {
	await Promise.all([...running].map((each) => each.end()));
}
