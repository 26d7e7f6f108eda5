// `info`: one member in detail, by default the agent's own node.

import { type DiscoveryObject, durationText } from '../../status/index.ts';
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
	argValues: 'member',
	examples: [
		['longbow-mesh info', 'the node of the agent on this machine'],
		['longbow-mesh info longbow-2', 'what this agent knows of another member'],
		['longbow-mesh info --json', 'the same for scripts'],
	],
	exitOne: 'no agent answers, or the member is not known',
	async run(invocation) {
		const { args, json, terminal } = invocation;
		const client = await agentClient(invocation);
		const [view, ring, discovery] = await Promise.all([
			readView(client),
			client.ring(),
			client.call<DiscoveryObject>('DiscoveryStatus'),
		]);
		const seen = { view, ring, discovery, row: findRow(view, args[0] ?? view.self) };
		if (json) terminal.out(JSON.stringify(document(seen)));
		else for (const line of lines(seen, terminal)) terminal.out(line);
		return 0;
	},
};

interface Seen {
	readonly view: View;
	readonly row: MemberRow;
	readonly ring: { readonly fingerprint: string; readonly size: number };
	readonly discovery: DiscoveryObject;
}

function document({ view, row, ring, discovery }: Seen): object {
	return {
		schema: 1,
		self: view.self,
		member: row.member,
		cluster: { members: view.members.length, states: stateNumbers(view) },
		ring: { fingerprint: ring.fingerprint, owners: ring.size, share: row.share },
		discovery,
	};
}

function stateNumbers(view: View): Record<string, number> {
	const counts: Record<string, number> = { alive: 0, suspect: 0, dead: 0, left: 0 };
	for (const { state } of memberRows(view)) counts[state] = (counts[state] ?? 0) + 1;
	return counts;
}

function lines({ view, row, ring, discovery }: Seen, terminal: Terminal): string[] {
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
	// What the agent has found is told of the agent alone.
	if (member.ID === view.self) about.push(...discoveryRows(discovery, Date.now()));
	const width = Math.max(...about.map(([label]) => label.length)) + 3;
	return [
		`${printable(member.ID)}  ${terminal.state(row.state)}`,
		...about.map(([label, value]) => `  ${label.padEnd(width)}${printable(value)}`),
	];
}

/** One row a provider: `k8s: 24 addresses, 2s ago`, and a second one for what is wrong with it. */
export function discoveryRows({ providers }: DiscoveryObject, nowMs: number): [string, string][] {
	const texts = providers.flatMap(({ provider, peers, answeredAt, problem }) => {
		const found = `${peers.length} address${peers.length === 1 ? '' : 'es'}`;
		const age =
			answeredAt === null ? 'no answer yet' : `${durationText(Math.max(0, nowMs - Date.parse(answeredAt)))} ago`;
		return [`${provider}: ${found}, ${age}`, ...(problem ? [problem.text] : [])];
	});
	if (texts.length === 0) texts.push('none: this node waits for others to join it');
	return texts.map((text, index) => [index === 0 ? 'discovery' : '', text]);
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
