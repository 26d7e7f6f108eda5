// `members -w`: the table rewritten in place on a terminal, changed rows appended elsewhere.

import { setTimeout as delay } from 'node:timers/promises';
import type { AgentClient } from './client.ts';
import type { Invocation } from './command.ts';
import type { MemberRow } from './member-rows.ts';
import { interrupted } from './signals.ts';
import { tableLines } from './table.ts';
import {
	type AgentView,
	columnsOf,
	jsonDocument,
	readView,
	select,
	summary,
	type ViewQuery,
	viewLines,
} from './view.ts';

const POLL_MS = 500;

/** Shows changes until the signal; resolves to 0. */
export async function watchMembers(client: AgentClient, query: ViewQuery, invocation: Invocation): Promise<number> {
	const stop = interrupted();
	const show =
		invocation.terminal.canRedraw && !invocation.json ? rewriter(query, invocation) : appender(query, invocation);
	while (!stop.aborted) {
		show(await readView(client));
		// An abort ends the wait early; that is how it is meant to end.
		await delay(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
	}
	return 0;
}

function rewriter(query: ViewQuery, invocation: Invocation): (view: AgentView) => void {
	const { terminal } = invocation;
	let drawn = 0;
	return (view) => {
		const lines = [...viewLines(view, query, invocation), summary(view)];
		terminal.out(`${drawn > 0 ? `\x1b[${drawn}A\x1b[J` : ''}${lines.join('\n')}`);
		drawn = lines.length;
	};
}

function appender(query: ViewQuery, invocation: Invocation): (view: AgentView) => void {
	const { terminal, json } = invocation;
	const before = new Map<string, string>();
	let first = true;
	return (view) => {
		const changed = select(view, query).filter((row) => remember(before, row));
		if (json) for (const row of changed) terminal.out(JSON.stringify(jsonDocument(view, [row])));
		else if (query.output === 'name') for (const { member } of changed) terminal.out(member.ID);
		else if (changed.length > 0) {
			const columns = columnsOf(query);
			for (const line of tableLines(columns, changed, terminal, { header: query.header && first })) terminal.out(line);
		}
		first = false;
	};
}

// Being seen again is no change; state, addresses, tags and incarnation are.
function remember(before: Map<string, string>, { member }: MemberRow): boolean {
	const text = JSON.stringify({ ...member, LastSeen: null });
	const changed = before.get(member.ID) !== text;
	before.set(member.ID, text);
	return changed;
}
