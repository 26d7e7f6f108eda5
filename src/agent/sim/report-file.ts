// How runs and sweeps end alike: a report in a file, an exit code.

import { writeFile } from 'node:fs/promises';
import { CliError } from '../cli/errors.ts';

/** What a shell says of a process that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** @throws {CliError} when the file cannot be written. */
export async function writeReport(path: string, html: string): Promise<void> {
	try {
		await writeFile(path, html);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new CliError(`--html ${path}: cannot be written`, { code: 'NOT_WRITTEN', cause: error, why });
	}
}
