// `why`: the likely cause of a member's state, the evidence for it, and what to do next.

import { duration } from '../../config/index.ts';
import type { WhyDocument } from '../../status/index.ts';
import { agentClient, flagValue } from './client.ts';
import type { Command } from './command.ts';
import { CliError } from './errors.ts';
import { noMember } from './no-member.ts';
import { newest, whyLines } from './why-lines.ts';

export const why: Command = {
	name: 'why',
	group: 'look',
	summary: 'why a member is what it is: likely cause, evidence, next step',
	args: '<member>',
	argValues: 'member',
	examples: [
		['longbow-mesh why longbow-2', 'the likely cause, and the evidence, oldest first'],
		['longbow-mesh why longbow-2 --since 10m', 'only what happened in the last 10 minutes'],
		['longbow-mesh why longbow-2 --json', 'the same for scripts'],
	],
	options: [
		{ flags: '--since <duration>', about: 'only evidence that is not older' },
		{ flags: '--all', about: 'all evidence, not the newest lines alone' },
	],
	exitOne: 'no agent answers, or the member is not known',
	async run(invocation) {
		const { args, json, options, terminal } = invocation;
		const name = args[0] ?? '';
		const sinceMs = flagValue(invocation, 'since', duration(1, 365 * 86_400_000));
		const client = await agentClient(invocation);
		const document = await client.call<WhyDocument>('MeshWhy', { member: name }).catch(async (error: unknown) => {
			if (!(error instanceof CliError) || error.code !== 'NOT_FOUND') throw error;
			const members = await client.members();
			throw noMember(
				name,
				members.map(({ ID }) => ID),
				'why',
			);
		});
		const shown = newest(document, { sinceMs, all: options.all === true || sinceMs !== undefined });
		if (json) terminal.out(JSON.stringify(shown));
		else for (const line of whyLines(shown, terminal)) terminal.out(line);
		return 0;
	},
};
