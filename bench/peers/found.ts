// Which peers are installed on this machine, and what brings those that are not.

import { spawnSync } from 'node:child_process';

/** A peer that is installed, or what would install it. */
export type Found = { readonly version: string } | { readonly missing: string };

/** Of a Debian package; undefined: it is not installed. */
export function packageVersion(name: string): string | undefined {
	// A line of name, tab and version.
	const asked = spawnSync('dpkg-query', ['--show', name], { encoding: 'utf8' });
	return asked.status === 0 ? asked.stdout.trim().split('\t')[1] : undefined;
}
