// What one agent knows, read in one go, and how the `members` tables show it.

import type { MemberObject } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import type { AgentClient } from './client.ts';
import type { Invocation } from './command.ts';
import { type MemberRow, memberColumns, memberRows, stateCounts } from './member-rows.ts';
import { type Column, tableLines } from './table.ts';

/** What one agent knows at one time. */
export interface View {
	readonly self: string;
	readonly members: readonly MemberObject[];
	/** Share of the ring by member; absent = owns nothing. */
	readonly shares: ReadonlyMap<string, number>;
}

/** Which rows, in which order, how wide. */
export interface ViewQuery {
	readonly state: MemberState | undefined;
	readonly tags: readonly (readonly [name: string, value: string])[];
	readonly output: 'usual' | 'wide' | 'name' | 'json';
	readonly sort: 'worst' | 'name' | 'keys';
	readonly header: boolean;
}

export async function readView(client: AgentClient): Promise<View> {
	const [self, all, ring] = await Promise.all([client.identity(), client.members(), client.ring()]);
	return { self: self.ID, members: all, shares: new Map(ring.shares?.map(({ member, share }) => [member, share])) };
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

/** `24 members: 22 alive, 1 suspect, 1 dead. Seen from longbow-07.` */
export function summary(view: View): string {
	return `${view.members.length} member${view.members.length === 1 ? '' : 's'}: ${stateCounts(view.members)}. Seen from ${view.self}.`;
}

export function jsonDocument(view: View, rows: readonly MemberRow[]): object {
	return {
		schema: 1,
		self: view.self,
		count: rows.length,
		members: rows.map(({ member, share }) => ({ ...member, share })),
	};
}
