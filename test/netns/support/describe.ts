// Which suites need namespaces, and what becomes of them on a machine that has none.

import { spawnSync } from 'node:child_process';
import { describe, it } from 'vitest';

let complained = false;

/** A suite in network namespaces. Where they cannot be had it is skipped with one loud line; on CI it fails. */
export function describeInNamespaces(title: string, body: () => void): void {
	const complaint = missing();
	if (complaint === undefined) {
		describe(title, body);
		return;
	}
	if (process.env.CI === 'true') {
		it(title, () => {
			throw new Error(complaint);
		});
		return;
	}
	if (!complained) console.warn(`SKIPPED: ${complaint}`);
	complained = true;
	describe.skipIf(true)(title, body);
}

function missing(): string | undefined {
	if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need root on Linux';
	for (const [program, debianPackage] of [
		['ip', 'iproute2'],
		['nft', 'nftables'],
	] as const) {
		const { error } = spawnSync(program, ['-V']);
		if (error) return `${program} is not installed: apt-get install -y --no-install-recommends ${debianPackage}`;
	}
	return refused();
}

/** Root of a container may be no root at all: only trying tells. */
function refused(): string | undefined {
	const name = `longbow-${process.pid}-trial`;
	const { status, stderr } = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
	spawnSync('ip', ['netns', 'delete', name]);
	return status === 0 ? undefined : `network namespaces cannot be made here: ${stderr.trim()}`;
}
