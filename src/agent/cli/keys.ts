// `keys`: the gossip keys of one agent, or of every live member: looked at, installed, used, removed.

import { duration } from '../../config/index.ts';
import type { KeyOperation, KeysResult } from '../../flight/index.ts';
import { agentClient, flagValue } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { usageError } from './errors.ts';
import { asked, DONE } from './key-answer.ts';
import { keyArgument } from './key-input.ts';
import { keyLines, keyRows } from './key-rows.ts';
import { printable } from './terminal.ts';

const VERBS = ['list', 'install', 'use', 'remove'] as const satisfies readonly KeyOperation[];

export const keys: Command = {
	name: 'keys',
	group: 'change',
	summary: 'gossip keys: list them, or replace one while the mesh runs',
	args: '<verb> [key]',
	argValues: VERBS,
	examples: [
		['longbow-mesh keys list --all', 'who holds which key, and sends with it'],
		['longbow-mesh keygen | tee new.key | longbow-mesh keys install --all', 'first: everybody can read it'],
		['longbow-mesh keys use --key-file new.key --all', 'then: everybody sends with it'],
		['longbow-mesh keys remove b7f0 --all', 'at last: the old one, by the start of its hash'],
	],
	options: [
		{ flags: '--all', about: 'every live member, at its status address, instead of one agent' },
		{
			flags: '--wait <duration>',
			about: 'with --all: how long to ask again who does not answer (30s; list asks once)',
		},
		{ flags: '--key-file <path>', about: 'file with the key; else it comes on stdin', values: 'file' },
	],
	exitOne: 'a member was not told, or it would have cut members off',
	async run(invocation) {
		const verb = VERBS.find((each) => each === invocation.args[0]);
		// Not repeated: somebody may have typed a key.
		if (verb === undefined) throw usageError(`keys needs one of ${VERBS.join(', ')}`, 'longbow-mesh keys list');
		if (verb === 'list' && (invocation.args.length > 1 || invocation.options.keyFile !== undefined)) {
			throw usageError('list takes no key', 'longbow-mesh keys list');
		}
		const waitMs = flagValue(invocation, 'wait', duration(0, 3_600_000));
		const key = verb === 'list' ? undefined : await keyArgument(invocation, verb);
		if (invocation.options.all !== true) return one(verb, key, invocation);
		const { everyMember } = await import('./keys-all.ts');
		return everyMember(verb, key, waitMs ?? (verb === 'list' ? 0 : 30_000), invocation);
	},
};

async function one(op: KeyOperation, key: string | undefined, invocation: Invocation): Promise<number> {
	const { json, terminal } = invocation;
	const client = await agentClient(invocation);
	const answer = await asked(client.call<KeysResult>('MeshKeys', { op, ...(key !== undefined && { key }) }));
	if (op === 'list') {
		const rows = keyRows(new Map([[answer.member, answer]]), [{ member: answer.member, note: '' }]);
		if (json) terminal.out(JSON.stringify({ schema: 1, self: answer.member, members: 1, keys: rows, silent: [] }));
		else for (const line of keyLines(rows, 1, terminal)) terminal.out(line);
		if (!json && terminal.isTTY) terminal.note(`Of ${printable(answer.member)} alone; --all asks every member.`);
		return 0;
	}
	const { key: id = '', keys: held } = answer;
	if (json) terminal.out(JSON.stringify({ schema: 1, op, key: id, told: 1, of: 1, silent: [] }));
	else terminal.out(`key ${id}… ${DONE[op]} on ${printable(answer.member)}: ${heldText(held)}`);
	return 0;
}

function heldText(held: KeysResult['keys']): string {
	return `${held.length} key${held.length === 1 ? '' : 's'}, ${held[0]?.key}… encrypts`;
}
