// How runs and sweeps end alike: what was asked for in files, an exit code.

import { writeFile } from 'node:fs/promises';
import { CliError } from '../cli/errors.ts';

/** What a shell says of a process that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** Writes what a flag asked for. @throws {CliError} when the file cannot be written. */
export async function writeOutput(
	flag: '--html' | '--out',
	path: string,
	contents: string | Uint8Array,
): Promise<void> {
	try {
		await writeFile(path, contents);
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		throw new CliError(`${flag} ${path}: cannot be written`, { code: 'NOT_WRITTEN', cause: error, why });
	}
}
