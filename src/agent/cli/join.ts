// `join`: let the agent contact more peers.

import type { JoinResult } from '../../flight/index.ts';
import { durationText } from '../../status/index.ts';
import { formatAddress } from '../../swim/index.ts';
import { plural } from '../doctor/text.ts';
import { agentClient } from './client.ts';
import type { Command } from './command.ts';
import { type Column, tableLines } from './table.ts';

export const join: Command = {
	name: 'join',
	group: 'change',
	summary: 'let the agent contact peers and join their mesh',
	args: '<peer...>',
	examples: [
		['longbow-mesh join 10.42.0.11:7946', 'join through one peer'],
		['longbow-mesh join 10.42.0.11:7946 longbow-2:7946', 'through any of several'],
	],
	exitOne: 'no agent answers, it refuses, or no peer answered',
	async run(invocation) {
		const { args, json, terminal } = invocation;
		const client = await agentClient(invocation);
		const started = performance.now();
		const { answers } = await client.call<JoinResult>('MeshJoin', { addresses: args });
		const tookMs = performance.now() - started;
		const members = await client.members();
		const rows = answers.map((answer) => ({
			...answer,
			peer: formatAddress(answer.address),
			name: members.find(({ Addr }) => Addr === formatAddress(answer.address))?.ID,
		}));
		if (json) {
			const told = rows.map(({ peer, name = null, ok, via = null, members: learnt = null, reason = null }) => ({
				peer,
				name,
				ok,
				via,
				members: learnt,
				reason,
			}));
			terminal.out(JSON.stringify({ schema: 1, answers: told, members: members.length, tookMs: Math.round(tookMs) }));
			return 0;
		}
		for (const line of tableLines(COLUMNS, rows, terminal, { header: false })) terminal.out(line);
		terminal.note(`joined: ${plural(members.length, 'member')} known, ${durationText(tookMs)}`);
		return 0;
	},
};

type Row = JoinResult['answers'][number] & { readonly peer: string; readonly name: string | undefined };

const COLUMNS: readonly Column<Row>[] = [
	{
		title: '',
		text: ({ ok, peer }) => `${ok ? '●' : '✕'} ${peer}`,
		painted: ({ ok, peer }, terminal) => `${terminal.glyph(ok ? 'alive' : 'dead')} ${peer}`,
	},
	{ title: '', text: ({ name, ok }) => (ok ? (name ?? '-') : '-') },
	{ title: '', text: (row) => (row.ok ? answered(row) : (row.reason ?? 'no answer')) },
];

function answered({ via, members }: Row): string {
	const way = via === 'stream' ? 'tcp' : (via ?? 'answered');
	return members === undefined ? way : `${way}, ${plural(members, 'member')} learnt`;
}
