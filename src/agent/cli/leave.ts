// `leave`: the agent says goodbye to the mesh and ends.

import type { LeaveAnswer, RemoveAnswer } from '../../flight/index.ts';
import { type AgentClient, agentClient } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { CliError, usageError } from './errors.ts';
import { percent } from './member-rows.ts';
import { noMember } from './no-member.ts';
import { printable } from './terminal.ts';
import { toldText } from './told.ts';

export const leave: Command = {
	name: 'leave',
	group: 'change',
	summary: 'let the agent say goodbye and end; not a failure to the others',
	examples: [
		['longbow-mesh leave', 'asks first'],
		['longbow-mesh leave --yes', 'for scripts: does not ask'],
		['longbow-mesh leave --remove longbow-2', 'a dead member that will not come back: everybody counts it as left'],
	],
	options: [
		{ flags: '-y, --yes', about: 'do not ask' },
		{ flags: '--remove <name>', about: 'take this dead member out, and stay', values: 'member' },
	],
	exitOne: 'no agent answers, it refuses, you said no, or the member is alive or not known',
	async run(invocation) {
		const { json, options, terminal } = invocation;
		const client = await agentClient(invocation);
		if (typeof options.remove === 'string') return remove(client, options.remove, invocation);
		if (options.yes !== true && !(await confirmed(client, invocation))) return 1;
		const answer = await client.call<LeaveAnswer>('MeshLeave');
		if (json) terminal.out(JSON.stringify({ schema: 1, ...answer }));
		else terminal.out(toldText(answer));
		return 0;
	},
};

async function remove(client: AgentClient, name: string, { json, terminal }: Invocation): Promise<number> {
	const answer = await client.call<RemoveAnswer>('MeshLeave', { remove: name }).catch(async (error: unknown) => {
		if (!(error instanceof CliError)) throw error;
		if (error.code === 'MESH_MEMBER_ALIVE') throw isAlive(error);
		if (error.code !== 'NOT_FOUND') throw error;
		const names = (await client.members()).map(({ ID }) => ID);
		throw noMember(name, names, 'leave --remove');
	});
	if (json) terminal.out(JSON.stringify({ schema: 1, ...answer }));
	else terminal.out(`${printable(answer.removed)} is removed: it counts as left, here and everywhere`);
	return 0;
}

/** The agent says which state it is in: `longbow-09 is alive`. */
function isAlive(cause: CliError): CliError {
	return new CliError(cause.why ?? cause.message, {
		code: cause.code,
		cause,
		why: 'Removing a live member does nothing lasting: it refutes within a second.',
		hints: ['stop it first, or longbow-mesh leave on that node'],
	});
}

async function confirmed(client: AgentClient, { json, terminal }: Invocation): Promise<boolean> {
	if (json || !terminal.isTTY || process.stdin.isTTY !== true) {
		throw usageError('leave asks first, and there is no terminal to ask on', 'longbow-mesh leave --yes');
	}
	const self = (await client.identity()).ID;
	const { shares = [] } = await client.ring({ member: self });
	const [own] = shares;
	const moved =
		!own || own.share === 0 ? 'it owns no keys' : `its keys (${percent(own.share)}) ${destination(own.heirs)}`;
	const { createInterface } = await import('node:readline/promises');
	const prompt = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return /^y(es)?$/i.test((await prompt.question(`${printable(self)} leaves: ${moved}. Go on? [y/N] `)).trim());
	} finally {
		prompt.close();
	}
}

function destination(heirs: number): string {
	if (heirs === 0) return 'will have no owner';
	return `move to ${heirs} member${heirs === 1 ? '' : 's'}`;
}
