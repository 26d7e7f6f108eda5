// What one agent knows, read in one go, and how the `members` tables show it.

import type { MemberObject, MemberView, ViewsObject } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import type { AgentClient } from './client.ts';
import type { Invocation } from './command.ts';
import { type MemberRow, memberColumns, memberRows, stateCounts } from './member-rows.ts';
import { type Column, tableLines } from './table.ts';
import { printable } from './terminal.ts';

/** What one agent knows at one time. */
export interface View {
	readonly self: string;
	readonly members: readonly MemberObject[];
	/** Share of the ring by member; absent = owns nothing. */
	readonly shares: ReadonlyMap<string, number>;
	/** What the agent measures of each member; empty where nobody measured. */
	readonly measured: ReadonlyMap<string, MemberView>;
}

/** The same of an agent that runs: it also knows how many see what it sees. */
export interface AgentView extends View {
	readonly views: Pick<ViewsObject, 'agree' | 'of' | 'digest'>;
}

/** Which rows, in which order, how wide. */
export interface ViewQuery {
	readonly state: MemberState | undefined;
	readonly tags: readonly (readonly [name: string, value: string])[];
	readonly output: 'usual' | 'wide' | 'name' | 'json';
	readonly sort: 'worst' | 'name' | 'keys' | 'rtt';
	readonly header: boolean;
}

export async function readView(client: AgentClient): Promise<AgentView> {
	const [members, ring, views] = await Promise.all([
		client.members(),
		client.ring(),
		client.call<ViewsObject>('MeshViews'),
	]);
	const { self, agree, of, digest } = views;
	return {
		self,
		members,
		shares: new Map(ring.shares?.map(({ member, share }) => [member, share])),
		measured: new Map(views.members.map((view) => [view.member, view])),
		views: { agree, of, digest },
	};
}

/** The rows that the query asks for, in its order. */
export function select(view: View, query: ViewQuery): MemberRow[] {
	const rows = memberRows(view).filter(
		({ member, state }) =>
			(query.state === undefined || state === query.state) &&
			query.tags.every(([name, value]) => member.Tags[name] === value),
	);
	const byName = (a: MemberRow, b: MemberRow): number =>
		a.member.ID < b.member.ID ? -1 : a.member.ID > b.member.ID ? 1 : 0;
	const order = {
		name: () => 0,
		keys: (a: MemberRow, b: MemberRow) => b.share - a.share,
		// The slowest first; last, whom nobody has measured.
		rtt: (a: MemberRow, b: MemberRow) => (b.view?.rttMs ?? -1) - (a.view?.rttMs ?? -1),
		worst: (a: MemberRow, b: MemberRow) => a.rank - b.rank,
	};
	return rows.sort((a, b) => order[query.sort](a, b) || byName(a, b));
}

export function viewLines(view: View, query: ViewQuery, { terminal }: Invocation): string[] {
	const rows = select(view, query);
	if (query.output === 'name') return rows.map(({ member }) => member.ID);
	return tableLines(columnsOf(query), rows, terminal, {
		header: query.header,
	});
}

export function columnsOf(query: ViewQuery): Column<MemberRow>[] {
	return memberColumns(query.output === 'wide' ? 'wide' : 'usual', Date.now());
}

/** `24 members: 22 alive, 1 suspect, 1 dead. Seen from longbow-07; 22 of 22 views agree.` */
export function summary({ members, self, views }: AgentView): string {
	const count = `${members.length} member${members.length === 1 ? '' : 's'}: ${stateCounts(members)}`;
	return `${count}. Seen from ${printable(self)}; ${views.agree} of ${views.of} view${views.of === 1 ? ' agrees' : 's agree'}.`;
}

export function jsonDocument({ self, views }: AgentView, rows: readonly MemberRow[]): object {
	return {
		schema: 1,
		self,
		views,
		count: rows.length,
		members: rows.map(({ member, share, view }) => ({
			...member,
			share,
			rttMs: view?.rttMs ?? null,
			path: view?.path ?? null,
		})),
	};
}
