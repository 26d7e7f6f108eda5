// `sim --out`: the journal of one host of the run, from its first start to its end or that of the run.

import { JournalWriter } from '../../journal/index.ts';
import type { Observer, SimulateOptions } from '../../sim/index.ts';
import { CliError } from '../cli/errors.ts';
import { writeOutput } from './report-file.ts';

/** As of an agent's. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Gathered in memory, so that the same run makes the same file. */
export class ViewJournal {
	readonly view: string;
	readonly record: NonNullable<SimulateOptions['record']>;
	readonly observer: Observer;
	readonly #writer: JournalWriter;
	readonly #parts: Uint8Array[] = [];
	#full = false;

	constructor(view: string) {
		this.view = view;
		this.#writer = new JournalWriter({
			maxBytes: MAX_BYTES,
			write: (bytes) => this.#parts.push(bytes) > 0,
			ended: (reason) => {
				this.#full = reason.startsWith('full');
			},
		});
		this.record = { host: view, sink: this.#writer };
		this.observer = {
			stopped: ({ name }) => {
				if (name === view) this.#end(`closed: ${view} has stopped`);
			},
		};
	}

	/**
	 * Writes the file, and returns what to say of it.
	 * @throws {CliError} when the host has never started, or the file cannot be written.
	 */
	async write(path: string): Promise<string> {
		if (this.#parts.length === 0)
			throw new CliError(`--view ${this.view}: did not start before the end of the run`, { code: 'NEVER_STARTED' });
		this.#end('closed: the run is over');
		await writeOutput('--out', path, Buffer.concat(this.#parts));
		const upTo = this.#full ? `, its first ${MAX_BYTES / 1024 / 1024} MiB` : '';
		return `journal  ${path}, the view of ${this.view}${upTo}: longbow-mesh replay ${path} --why <member>`;
	}

	#end(reason: string): void {
		this.#writer.checkpoint();
		this.#writer.end(reason);
	}
}
