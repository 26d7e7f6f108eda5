// The observer: reads the HTTP pages of all agents of a network, from a process beside its bridge.

import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Network } from './namespaces.ts';

interface Reply {
	readonly id: number;
	readonly text?: string;
	readonly error?: string;
}

const PROGRAM = fileURLToPath(new URL('./observer-program.mjs', import.meta.url));

export class Observer {
	readonly #child: ChildProcess;
	readonly #waiting = new Map<number, (reply: Reply) => void>();
	#requests = 0;

	/** It ends with the network. */
	constructor({ hub }: Network) {
		const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
		this.#child = spawn('ip', ['netns', 'exec', hub, process.execPath, PROGRAM], { stdio: [...stdio] });
		this.#child.on('message', (reply: Reply) => {
			this.#waiting.get(reply.id)?.(reply);
			this.#waiting.delete(reply.id);
		});
		this.#child.once('exit', (code, signal) => {
			for (const [id, answer] of this.#waiting) answer({ id, error: `the observer ended with ${code ?? signal}` });
			this.#waiting.clear();
		});
	}

	/** The body of a page. @throws {Error} when nobody answers. */
	page(url: string): Promise<string> {
		const id = ++this.#requests;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, ({ text, error }) => (text === undefined ? reject(new Error(error)) : resolve(text)));
			this.#child.send({ id, url }, (error) => {
				if (error) reject(error);
			});
		});
	}
}
