// The admin token: a secret comes by file, never by flag.

import { readFile } from 'node:fs/promises';
import { CliError } from './errors.ts';

/** @throws {CliError} naming `label`, the flag or variable that named the file, when there is no token in it. */
export async function readToken(label: string, path: string): Promise<string> {
	let token: string;
	try {
		token = (await readFile(path, 'utf8')).trim();
	} catch (cause) {
		throw new CliError(`${label} ${JSON.stringify(path)} cannot be read`, {
			code: 'TOKEN_FILE',
			cause,
			why: cause instanceof Error ? cause.message : String(cause),
			exitCode: 2,
		});
	}
	if (token !== '') return token;
	throw new CliError(`${label} ${JSON.stringify(path)} is empty`, { code: 'TOKEN_FILE', exitCode: 2 });
}
