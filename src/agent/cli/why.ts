// `why`: the likely cause of a member's state, the evidence for it, and what to do next.

import { duration } from '../../config/index.ts';
import { rfc3339, type WhyDocument } from '../../status/index.ts';
import { agentClient, flagValue } from './client.ts';
import type { Command } from './command.ts';
import { CliError } from './errors.ts';
import { noMember } from './no-member.ts';
import { pastTime } from './past-time.ts';
import { localTimes, newest, whyLines } from './why-lines.ts';

export const why: Command = {
	name: 'why',
	group: 'look',
	summary: 'why a member is what it is: likely cause, evidence, next step',
	args: '<member>',
	argValues: 'member',
	examples: [
		['longbow-mesh why longbow-2', 'the likely cause, and the evidence, oldest first'],
		['longbow-mesh why longbow-2 --since 10m', 'only what happened in the last 10 minutes'],
		['longbow-mesh why longbow-2 --at 14:02:31', 'the trouble that it was in then, or the latest one before'],
		['longbow-mesh why longbow-2 --json', 'the same for scripts'],
	],
	options: [
		{ flags: '--since <duration>', about: 'only evidence that is not older' },
		{ flags: '--at <time>', about: 'its trouble then: 14:02:31, 2026-11-22T14:02:31Z, or 10m for ten minutes ago' },
		{ flags: '--all', about: 'all evidence, not the newest lines alone' },
	],
	exitOne: 'no agent answers, the member is not known, or nothing of that time is on record',
	async run(invocation) {
		const { args, json, options, terminal } = invocation;
		const name = args[0] ?? '';
		const atMs = flagValue(invocation, 'at', pastTime(Date.now(), terminal.utc));
		const sinceMs = flagValue(invocation, 'since', duration(1, 365 * 86_400_000));
		const client = await agentClient(invocation);
		const asked = { member: name, ...(atMs !== undefined && { at: rfc3339(atMs) }) };
		const document = await client.call<WhyDocument>('MeshWhy', asked).catch(async (error: unknown) => {
			if (!(error instanceof CliError)) throw error;
			if (error.code === 'OUT_OF_RANGE')
				throw notRecorded(name, json ? (error.why ?? '') : localTimes(error.why ?? '', terminal), error);
			if (error.code !== 'NOT_FOUND') throw error;
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

function notRecorded(name: string, text: string, cause: Error): CliError {
	return new CliError(text, {
		code: 'NOT_RECORDED',
		cause,
		why: 'An agent keeps the latest events of a member, and none from before its own start.',
		hints: [`longbow-mesh why ${name}`],
	});
}
