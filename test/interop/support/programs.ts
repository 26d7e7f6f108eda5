// Which foreign programs are installed, and what a suite does without the one it needs.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

/** The Debian package that brings each program. */
const PACKAGES = {
	serf: 'serf',
	'prometheus-alertmanager': 'prometheus-alertmanager',
	named: 'bind9',
	nsupdate: 'dnsutils',
	promtool: 'prometheus',
} as const;

export type Program = keyof typeof PACKAGES;

const complained = new Set<Program>();

/**
 * A suite that needs a real program. Where that is missing, the suite is skipped with one loud line;
 * on CI, where everything must be installed, it fails.
 */
export function describeWith(program: Program, title: string, body: () => void): void {
	if (isInstalled(program)) {
		describe(title, body);
		return;
	}
	const complaint = `${program} is not installed: apt-get install -y --no-install-recommends ${PACKAGES[program]}`;
	if (process.env.CI === 'true') {
		it(title, () => {
			throw new Error(complaint);
		});
		return;
	}
	if (!complained.has(program)) console.warn(`SKIPPED: ${complaint}`);
	complained.add(program);
	describe.skipIf(true)(title, body);
}

function isInstalled(program: Program): boolean {
	return (process.env.PATH ?? '').split(delimiter).some((folder) => {
		try {
			accessSync(join(folder, program), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}
