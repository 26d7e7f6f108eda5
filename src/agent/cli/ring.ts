// `ring`: who owns a key, or how much everybody owns.

import { integer } from '../../config/index.ts';
import type { RingResult } from '../../flight/index.ts';
import { createHashRing } from '../../ring/index.ts';
import { type AgentClient, agentClient, flagValue } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { CliError } from './errors.ts';
import { percent } from './member-rows.ts';
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
		['longbow-mesh ring', 'the share of every owner'],
		['cut -f1 keys.tsv | longbow-mesh ring -', 'an owner a line, for keys on stdin'],
	],
	options: [
		{ flags: '--count <n>', about: 'how many owners of a key (1)' },
		{ flags: '--member <name>', about: 'only the share of this member' },
		{ flags: '--no-headers', about: 'no header line' },
	],
	exitOne: 'no agent answers, the ring is empty, or the member owns nothing',
	async run(invocation) {
		const { args } = invocation;
		const client = await agentClient(invocation);
		const count = flagValue(invocation, 'count', integer(1, 256)) ?? 1;
		if (args[0] === '-') return ownersOfLines(client, count, invocation);
		return args[0] === undefined ? showShares(client, invocation) : showOwners(client, args[0], count, invocation);
	},
};

type Share = NonNullable<RingResult['shares']>[number] & { readonly fair: number };

async function showShares(client: AgentClient, { json, options, terminal }: Invocation): Promise<number> {
	const result = filled(await client.ring());
	const totalWeight = (result.shares ?? []).reduce((sum, { weight }) => sum + weight, 0);
	const all = (result.shares ?? []).map((row) => ({
		...row,
		fair: row.weight === 0 ? 0 : (row.share * totalWeight) / row.weight,
	}));
	const wanted = typeof options.member === 'string' ? options.member : undefined;
	const rows = all.filter(({ member }) => wanted === undefined || member === wanted);
	if (wanted !== undefined && rows.length === 0) {
		throw new CliError(`${printable(wanted)} owns nothing`, {
			code: 'NO_OWNER',
			why: 'It is not a live member with a weight.',
			hints: [`longbow-mesh info ${printable(wanted)}`],
		});
	}
	if (json) {
		const owners = rows.map(({ member, weight, share }) => ({ member, weight, share }));
		terminal.out(JSON.stringify({ schema: 1, fingerprint: result.fingerprint, size: result.size, owners }));
		return 0;
	}
	for (const line of tableLines(SHARE_COLUMNS, rows, terminal, { header: options.headers !== false }))
		terminal.out(line);
	terminal.note(ringLine(result));
	return 0;
}

const SHARE_COLUMNS: readonly Column<Share>[] = [
	{ title: 'OWNER', text: ({ member }) => member },
	{ title: 'SHARE', text: ({ share }) => percent(share) },
	{ title: 'FAIR', text: ({ fair }) => `${fair.toFixed(2)}x` },
];

async function showOwners(
	client: AgentClient,
	key: string,
	count: number,
	{ json, terminal }: Invocation,
): Promise<number> {
	const result = filled(await client.ring({ key, count }));
	const owners = result.owners ?? [];
	if (json) {
		terminal.out(JSON.stringify({ schema: 1, fingerprint: result.fingerprint, size: result.size, key, owners }));
		return 0;
	}
	terminal.out(`${printable(key)}  ${owners.map(printable).join(', ')}`);
	terminal.note(ringLine(result));
	return 0;
}

// One call for the ring and then no more: it is a pure function of its members, so the owners are found here.
async function ownersOfLines(client: AgentClient, count: number, { json, terminal }: Invocation): Promise<number> {
	const local = createHashRing();
	for (const { member, weight } of filled(await client.ring()).shares ?? []) local.add(member, weight);
	const { createInterface } = await import('node:readline');
	for await (const key of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
		const owners = local.owners(key, count);
		terminal.out(json ? JSON.stringify({ key, owners }) : owners.map(printable).join(', '));
	}
	return 0;
}

function filled(result: RingResult): RingResult {
	if (result.size > 0) return result;
	throw new CliError('the ring has no owner', {
		code: 'EMPTY_RING',
		why: 'Every known member is dead or left.',
		hints: ['longbow-mesh members'],
	});
}

function ringLine({ fingerprint, size }: RingResult): string {
	return `ring ${fingerprint}, ${size} owner${size === 1 ? '' : 's'}`;
}
