// `version`: of this binary, and of the agent that it would ask.

import type { InfoObject } from '../../status/index.ts';
import { VERSION } from '../version.ts';
import { agentClient } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { CliError, warn } from './errors.ts';
import { printable } from './terminal.ts';

/** Where no agent is, nobody should feel that it was looked for. */
const LOOK_TIMEOUT = '300ms';

export const version: Command = {
	name: 'version',
	group: 'other',
	summary: 'the version of this binary, and of the agent',
	examples: [
		['longbow-mesh version', 'with Node and the platform, and the agent where one answers in 300ms'],
		['longbow-mesh --version', 'the number alone'],
	],
	exitOne: 'does not happen',
	async run(invocation) {
		const { json, terminal } = invocation;
		const { platform, arch, versions } = process;
		const agent = await agentVersion(invocation);
		if (json) {
			const own = { version: VERSION, node: versions.node, platform, arch };
			terminal.out(JSON.stringify({ schema: 1, ...own, agent: agent ?? null }));
			return 0;
		}
		terminal.out(`longbow-mesh ${VERSION} (Node ${versions.node}, ${platform} ${arch})`);
		if (agent === undefined) return 0;
		terminal.out(`agent at ${agent.addr}: ${printable(agent.version)}, protocol ${agent.protocol}`);
		if (agent.version !== VERSION)
			warn([`the agent is ${printable(agent.version)}, this command is ${VERSION}`], terminal);
		return 0;
	},
};

/** `undefined` where none answers soon, or something else does. */
async function agentVersion(
	invocation: Invocation,
): Promise<{ readonly addr: string; readonly version: string; readonly protocol: number } | undefined> {
	const client = await agentClient({ ...invocation, options: { timeout: LOOK_TIMEOUT, ...invocation.options } });
	const info = await client.call<InfoObject>('MeshInfo').catch((error: unknown) => {
		if (error instanceof CliError) return undefined;
		throw error;
	});
	const about = info?.node?.version;
	return about && { addr: client.addr, version: about.agent, protocol: about.protocol };
}
