// `ring`: who owns a key, how much everybody owns and what happens if he dies, and whose ring differs.

import { integer } from '../../config/index.ts';
import type { RingObject, RingOwner } from '../../status/index.ts';
import { type AgentClient, agentClient, flagValue } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { CliError, usageError } from './errors.ts';
import { percent } from './member-rows.ts';
import { noMember } from './no-member.ts';
import { differenceLine, ringLine } from './ring-lines.ts';
import { type Column, tableLines } from './table.ts';
import { printable } from './terminal.ts';

export const ring: Command = {
	name: 'ring',
	group: 'look',
	summary: 'who owns a key, or how much everybody owns',
	args: '[key]',
	examples: [
		['longbow-mesh ring user:4711', 'the owner of a key'],
		['longbow-mesh ring user:4711 --count 3', 'the owner and the next two'],
		['longbow-mesh ring', 'the share of every owner, and who takes over if it dies'],
		['longbow-mesh ring --diff', 'members that have another ring'],
		['cut -f1 keys.tsv | longbow-mesh ring -', 'an owner a line, for keys on stdin'],
	],
	options: [
		{ flags: '--count <n>', about: 'how many owners of a key (1)' },
		{ flags: '--member <name>', about: 'only the share of this member', values: 'member' },
		{ flags: '--diff', about: 'members whose ring differs, and in what' },
		{ flags: '--no-headers', about: 'no header line' },
	],
	exitOne: 'no agent answers, the ring is empty, the member is not known, or --diff found one',
	async run(invocation) {
		const [key] = invocation.args;
		const { diff, member } = invocation.options;
		if (key !== undefined && (diff !== undefined || member !== undefined)) {
			throw usageError(
				`--${diff ? 'diff' : 'member'} takes no key`,
				`longbow-mesh ring ${key === '-' ? '-' : printable(key)}`,
			);
		}
		const count = flagValue(invocation, 'count', integer(1, 256)) ?? 1;
		const client = await agentClient(invocation);
		if (key === '-') return ownersOfLines(client, count, invocation);
		if (key !== undefined) return showOwners(client, key, count, invocation);
		return diff === true ? showDifferences(client, invocation) : showShares(client, invocation);
	},
};

async function showOwners(
	client: AgentClient,
	key: string,
	count: number,
	{ json, terminal }: Invocation,
): Promise<number> {
	const result = filled(await client.ring({ key, count }));
	if (json) terminal.out(JSON.stringify(result));
	else {
		terminal.out(`${printable(key)}  ${(result.owners ?? []).map(printable).join(', ')}`);
		terminal.note(ringLine(result));
	}
	return 0;
}

async function showShares(client: AgentClient, { json, options, terminal }: Invocation): Promise<number> {
	const member = typeof options.member === 'string' ? options.member : undefined;
	const result = filled(await ringWith(client, member));
	if (json) {
		terminal.out(JSON.stringify(result));
		return 0;
	}
	for (const line of tableLines(SHARE_COLUMNS, result.shares ?? [], terminal, { header: options.headers !== false }))
		terminal.out(line);
	terminal.note(ringLine(result));
	return 0;
}

async function ringWith(client: AgentClient, member: string | undefined): Promise<RingObject> {
	if (member === undefined) return client.ring();
	return client.ring({ member }).catch(async (error: unknown) => {
		if (!(error instanceof CliError) || error.code !== 'NOT_FOUND') throw error;
		const names = (await client.members()).map(({ ID }) => ID);
		throw noMember(member, names, 'ring --member');
	});
}

const SHARE_COLUMNS: readonly Column<RingOwner>[] = [
	{ title: 'OWNER', text: ({ member }) => member },
	{ title: 'SHARE', text: ({ share }) => percent(share) },
	{ title: 'FAIR', text: ({ fair }) => `${fair.toFixed(2)}x` },
	{ title: 'IF IT DIES', text: ifItDies },
];

function ifItDies({ share, heirs, most }: RingOwner): string {
	if (share === 0) return 'nothing moves';
	if (heirs === 0) return 'nobody is left to take over';
	return heirs === 1 ? `1 takes over ${percent(most)}` : `${heirs} take over, the most any gets +${percent(most)}`;
}

async function showDifferences(client: AgentClient, { json, terminal }: Invocation): Promise<number> {
	const result = await client.ring({ diff: true });
	const differing = result.differing ?? [];
	if (json) terminal.out(JSON.stringify(result));
	else {
		for (const difference of differing) terminal.out(differenceLine(difference, Date.now()));
		terminal.note(ringLine(result));
	}
	return differing.length > 0 ? 1 : 0;
}

// One call for the ring and then no more: it is a pure function of its members, so the owners are found here.
async function ownersOfLines(client: AgentClient, count: number, invocation: Invocation): Promise<number> {
	const { createHashRing } = await import('../../ring/index.ts');
	const local = createHashRing();
	for (const { member, weight } of filled(await client.ring()).shares ?? []) local.add(member, weight);
	const { json, terminal } = invocation;
	for await (const keys of linesOf(process.stdin)) {
		const lines = keys.map((key) => {
			const owners = local.owners(key, count);
			return json ? JSON.stringify({ key, owners }) : owners.map(printable).join(', ');
		});
		terminal.out(lines.join('\n'));
	}
	return 0;
}

/** Longer lines are no keys: somebody has sent another file. */
const MAX_LINE = 65_536;

/** Lines as they come, many at a time, so that reading and writing cost little a line. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string[]> {
	let rest = '';
	for await (const chunk of input.setEncoding('utf8')) {
		const lines = (rest + chunk).split(/\r?\n/);
		rest = lines.pop() ?? '';
		if (rest.length > MAX_LINE) {
			throw usageError(
				`a line on stdin is longer than ${MAX_LINE} characters`,
				'one key a line, for example: cut -f1 keys.tsv',
			);
		}
		if (lines.length > 0) yield lines;
	}
	if (rest !== '') yield [rest];
}

function filled(result: RingObject): RingObject {
	const owns = result.owners ? result.owners.length > 0 : result.size > 0;
	if (owns) return result;
	throw new CliError('the ring has no owner', {
		code: 'EMPTY_RING',
		why: result.size === 0 ? 'Every known member is dead or left.' : 'Every live member has weight 0.',
		hints: ['longbow-mesh members'],
	});
}
