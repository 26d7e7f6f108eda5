// `info`: one member in detail, by default the agent's own node.

import type { InfoObject } from '../../status/index.ts';
import { agentClient } from './client.ts';
import type { Command } from './command.ts';
import { CliError } from './errors.ts';
import { infoLines } from './info-lines.ts';
import { noMember } from './no-member.ts';

export const info: Command = {
	name: 'info',
	group: 'look',
	summary: 'this node, or another member, in detail',
	args: '[member]',
	argValues: 'member',
	examples: [
		['longbow-mesh info', 'the node of the agent on this machine'],
		['longbow-mesh info longbow-2', 'what this agent knows of another member'],
		['longbow-mesh info --json', 'the same for scripts'],
	],
	exitOne: 'no agent answers, or the member is not known',
	async run(invocation) {
		const { args, json, terminal } = invocation;
		const [name] = args;
		const client = await agentClient(invocation);
		const body = name === undefined ? undefined : { member: name };
		const found = await client.call<InfoObject>('MeshInfo', body).catch(async (error: unknown) => {
			if (name === undefined || !(error instanceof CliError) || error.code !== 'NOT_FOUND') throw error;
			const names = (await client.members()).map(({ ID }) => ID);
			throw noMember(name, names, 'info');
		});
		if (json) terminal.out(JSON.stringify(found));
		else for (const line of infoLines(found, terminal)) terminal.out(line);
		return 0;
	},
};
