// Programs that a test needs beside Node: where one is missing, the test says so and is skipped.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether all of them are in the path; if not, says what is not checked without them. */
export function hasTools(what: string, ...names: readonly string[]): boolean {
	const missing = names.filter((name) => !isInPath(name));
	if (missing.length > 0) console.warn(`NOT CHECKED: ${what}: not installed: ${missing.join(', ')}`);
	return missing.length === 0;
}

function isInPath(name: string): boolean {
	return (process.env.PATH ?? '').split(delimiter).some((folder) => {
		try {
			accessSync(join(folder, name), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}
