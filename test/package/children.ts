// Child processes of a test, none of which outlives it.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export class Children {
	readonly #running: ChildProcess[] = [];

	add<C extends ChildProcess>(child: C): C {
		this.#running.push(child);
		process.once('exit', () => child.kill('SIGKILL'));
		return child;
	}

	/** Ends those that still run; for `afterEach`. */
	async end(): Promise<void> {
		const gone = this.#running.splice(0).map(async (child) => {
			if (child.exitCode !== null || child.signalCode !== null) return;
			child.kill('SIGKILL');
			await once(child, 'exit');
		});
		await Promise.all(gone);
	}
}
