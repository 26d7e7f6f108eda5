// `info`: one member in detail, by default the agent's own node.

import { agentClient } from './client.ts';
import type { Command } from './command.ts';
import { type MemberRow, memberRows, percent, stateCounts, tagText } from './member-rows.ts';
import { noMember } from './no-member.ts';
import { printable, type Terminal } from './terminal.ts';
import { readView, type View } from './view.ts';

export const info: Command = {
	name: 'info',
	group: 'look',
	summary: 'this node, or another member, in detail',
	args: '[member]',
	examples: [
		['longbow-mesh info', 'the node of the agent on this machine'],
		['longbow-mesh info longbow-2', 'what this agent knows of another member'],
		['longbow-mesh info --json', 'the same for scripts'],
	],
	exitOne: 'no agent answers, or the member is not known',
	async run(invocation) {
		const { args, json, terminal } = invocation;
		const client = await agentClient(invocation);
		const [view, ring] = await Promise.all([readView(client), client.ring()]);
		const row = findRow(view, args[0] ?? view.self);
		if (json) terminal.out(JSON.stringify(document(view, row, ring)));
		else for (const line of lines(view, row, ring, terminal)) terminal.out(line);
		return 0;
	},
};

interface Ring {
	readonly fingerprint: string;
	readonly size: number;
}

function document(view: View, row: MemberRow, ring: Ring): object {
	return {
		schema: 1,
		self: view.self,
		member: row.member,
		cluster: { members: view.members.length, states: stateNumbers(view) },
		ring: { fingerprint: ring.fingerprint, owners: ring.size, share: row.share },
	};
}

function stateNumbers(view: View): Record<string, number> {
	const counts: Record<string, number> = { alive: 0, suspect: 0, dead: 0, left: 0 };
	for (const { state } of memberRows(view)) counts[state] = (counts[state] ?? 0) + 1;
	return counts;
}

function lines(view: View, row: MemberRow, ring: Ring, terminal: Terminal): string[] {
	const { member } = row;
	const about: [string, string][] = [['gossip address', member.Addr]];
	if (member.GRPCAddr) about.push(['data address', member.GRPCAddr]);
	if (member.MetaAddr) about.push(['status address', member.MetaAddr]);
	about.push(['incarnation', String(member.Incarnation)]);
	if (member.SuspectAt !== null) about.push(['suspect since', terminal.time(Date.parse(member.SuspectAt))]);
	if (member.LastSeen !== null && member.ID !== view.self) {
		about.push(['last seen', terminal.time(Date.parse(member.LastSeen))]);
	}
	about.push(
		['tags', tagText(member.Tags)],
		['cluster', `${view.members.length} members: ${stateCounts(view.members)}, seen from ${view.self}`],
		['ring', `${ring.fingerprint}, ${ring.size} owners; this member ${shareText(row.share, ring.size)}`],
	);
	const width = Math.max(...about.map(([label]) => label.length)) + 3;
	return [
		`${printable(member.ID)}  ${terminal.state(row.state)}`,
		...about.map(([label, value]) => `  ${label.padEnd(width)}${printable(value)}`),
	];
}

/** `4.45% (1.07x fair)`. */
function shareText(share: number, owners: number): string {
	return share === 0 ? 'owns nothing' : `${percent(share)} (${(share * owners).toFixed(2)}x fair)`;
}

function findRow(view: View, name: string): MemberRow {
	const rows = memberRows(view);
	const row = rows.find(({ member }) => member.ID === name);
	if (row) return row;
	throw noMember(
		name,
		rows.map(({ member }) => member.ID),
		'info',
	);
}
