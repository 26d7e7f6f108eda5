// `members`: who is in the mesh, worst first; or wait until enough of them are alive.

import { setTimeout as delay } from 'node:timers/promises';
import { duration, formatDuration, integer, oneOf } from '../../config/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import { type AgentClient, agentClient, flagValue } from './client.ts';
import type { Command, Invocation } from './command.ts';
import { CliError, usageError } from './errors.ts';
import { type MemberRow, memberRows } from './member-rows.ts';
import { type AgentView, jsonDocument, readView, select, summary, type ViewQuery, viewLines } from './view.ts';
import { watchMembers } from './watch.ts';

const OUTPUTS = ['wide', 'name', 'json'] as const;
const SORTS = ['name', 'rtt', 'keys'] as const;
const POLL_MS = 200;
const DEFAULT_WITHIN_MS = 30_000;

export const members: Command = {
	name: 'members',
	group: 'look',
	summary: 'who is in the mesh, worst first',
	examples: [
		['longbow-mesh members', 'everyone, worst first'],
		['longbow-mesh members --state suspect', 'only the suspects'],
		['longbow-mesh members --tag zone=eu-1a -o wide', 'one zone, all columns'],
		['longbow-mesh members -w', 'keep the table up to date'],
		['longbow-mesh members --expect 3 --within 30s', 'wait until 3 are alive'],
	],
	options: [
		{ flags: '--state <state>', about: 'only alive, suspect, dead or left ones', values: STATE_NAMES },
		{ flags: '--tag <k=v>', about: 'only members with this tag; several must all match', repeated: true },
		{ flags: '-o, --output <format>', about: 'wide, name or json', values: OUTPUTS },
		{ flags: '-w, --watch', about: 'go on showing changes until Ctrl-C' },
		{ flags: '--sort <column>', about: 'name, rtt or keys, instead of worst first', values: SORTS },
		{ flags: '--no-headers', about: 'no header line' },
		{ flags: '--expect <n>', about: 'wait until n members are alive' },
		{ flags: '--within <duration>', about: 'how long --expect waits (30s)' },
	],
	exitOne: 'no agent answers, or --expect was not met',
	async run(invocation) {
		const query = readQuery(invocation);
		const client = await agentClient(invocation);
		if (query.watch) return watchMembers(client, query, invocation);
		const view = await (query.expected === undefined
			? readView(client)
			: expectAlive(client, query.expected, query.withinMs));
		if (invocation.json || query.output === 'json') {
			invocation.terminal.out(JSON.stringify(jsonDocument(view, select(view, query))));
			return 0;
		}
		for (const line of viewLines(view, query, invocation)) invocation.terminal.out(line);
		invocation.terminal.note(summary(view));
		return 0;
	},
};

interface MembersQuery extends ViewQuery {
	readonly watch: boolean;
	/** How many are to be alive. */
	readonly expected: number | undefined;
	readonly withinMs: number;
}

function readQuery(invocation: Invocation): MembersQuery {
	const { options } = invocation;
	const expected = flagValue(invocation, 'expect', integer(1, 1_000_000));
	const withinMs = flagValue(invocation, 'within', duration(1, 86_400_000));
	if (withinMs !== undefined && expected === undefined) {
		throw usageError('--within without --expect', `longbow-mesh members --expect 3 --within ${options.within}`);
	}
	return {
		state: flagValue(invocation, 'state', oneOf(STATE_NAMES)),
		tags: ((options.tag as string[] | undefined) ?? []).map(tagFilter),
		output: flagValue(invocation, 'output', oneOf(OUTPUTS)) ?? 'usual',
		sort: flagValue(invocation, 'sort', oneOf(SORTS)) ?? 'worst',
		header: options.headers !== false,
		watch: options.watch === true,
		expected,
		withinMs: withinMs ?? DEFAULT_WITHIN_MS,
	};
}

function tagFilter(text: string): readonly [string, string] {
	const at = text.indexOf('=');
	if (at < 1)
		throw usageError(`--tag ${JSON.stringify(text)}: a tag and its value`, 'longbow-mesh members --tag zone=eu-1a');
	return [text.slice(0, at), text.slice(at + 1)];
}

// An agent that is not up yet is what an init container waits for: no answer counts as nobody alive.
async function expectAlive(client: AgentClient, expected: number, withinMs: number): Promise<AgentView> {
	const end = performance.now() + withinMs;
	for (;;) {
		const view = await readView(client).catch((error: unknown) => {
			if (error instanceof CliError && error.code === 'NO_AGENT' && performance.now() < end) return undefined;
			throw error;
		});
		const rows = view ? memberRows(view) : [];
		if (view && rows.filter(({ state }) => state === 'alive').length >= expected) return view;
		if (performance.now() >= end) throw notMet(expected, rows, withinMs);
		await delay(Math.min(POLL_MS, Math.max(1, end - performance.now())));
	}
}

function notMet(expected: number, rows: readonly MemberRow[], withinMs: number): CliError {
	const alive = rows.filter(({ state }) => state === 'alive').length;
	const others = rows
		.toSorted((a, b) => a.rank - b.rank)
		.filter(({ state }) => state === 'suspect' || state === 'dead')
		.map(({ member, state }) => `${member.ID} ${state}`);
	const named = others.length > 0 ? `: ${others.slice(0, 8).join(', ')}${others.length > 8 ? ', …' : ''}` : '';
	return new CliError(`${expected} expected, ${alive} alive after ${formatDuration(withinMs)}${named}`, {
		code: 'EXPECT_NOT_MET',
		hints: ['longbow-mesh members'],
	});
}
