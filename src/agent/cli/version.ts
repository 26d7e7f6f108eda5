// `version`: of this binary.

import { VERSION } from '../version.ts';
import type { Command } from './command.ts';

export const version: Command = {
	name: 'version',
	group: 'other',
	summary: 'the version of this binary',
	examples: [
		['longbow-mesh version', 'with the version of Node and the platform'],
		['longbow-mesh --version', 'the number alone'],
	],
	exitOne: 'does not happen',
	async run({ json, terminal }) {
		const { platform, arch, versions } = process;
		if (json) terminal.out(JSON.stringify({ schema: 1, version: VERSION, node: versions.node, platform, arch }));
		else terminal.out(`longbow-mesh ${VERSION} (Node ${versions.node}, ${platform} ${arch})`);
		return 0;
	},
};
