// `keys --all`: a step of a rotation on every live member, refused as long as it would cut one of them off.

import { setTimeout } from 'node:timers/promises';
import { duration } from '../../config/index.ts';
import type { KeyOperation, KeysResult } from '../../flight/index.ts';
import { durationText } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import { agentClient, DEFAULT_TIMEOUT_MS, flagValue, tokenOf } from './client.ts';
import type { Invocation } from './command.ts';
import { CliError } from './errors.ts';
import { asked, DONE } from './key-answer.ts';
import { Fleet, type Round } from './key-fleet.ts';
import { holdersText, type KeyHolder, type KeyRow, keyLines, keyRows } from './key-rows.ts';
import type { Terminal } from './terminal.ts';
import { toldText } from './told.ts';

/** Somebody who sends with a key is heard by some member within this time: some periods, and a slow foreign member's too. */
const QUIET_MS = 5_000;
const LOOK_AGAIN_MS = 500;

export async function everyMember(
	op: KeyOperation,
	key: string | undefined,
	waitMs: number,
	invocation: Invocation,
): Promise<number> {
	const startedAt = performance.now();
	const { terminal } = invocation;
	const client = await agentClient(invocation);
	const fleet = await Fleet.of({
		client,
		token: await tokenOf(invocation),
		callMs: flagValue(invocation, 'timeout', duration(1, 3_600_000)) ?? DEFAULT_TIMEOUT_MS,
		waitMs,
		progress: (told, of) => terminal.status(`told ${told} of ${of}`),
	});
	if (op === 'list') return list(await fleet.ask({ op }), fleet.self, invocation);
	// The key itself goes to the first agent alone. The others get it sealed, or are told its id.
	const first = await asked(client.call<KeysResult>('MeshKeys', { op: op === 'install' ? op : 'list', key }));
	const id = first.key ?? '';
	if (op === 'use') refuseUse(await fleet.ask({ op: 'list' }), id);
	if (op === 'remove') await refuseRemove(fleet, id, startedAt + waitMs, terminal);
	const request = op === 'install' ? { op, sealed: first.sealed ?? '' } : { op, key: id };
	const known = op === 'install' ? new Map([[fleet.self, first]]) : new Map();
	const round = await fleet.ask(request, known);
	return told(op, id, round, performance.now() - startedAt, invocation);
}

function list(round: Round, self: string, { json, terminal }: Invocation): number {
	terminal.status('');
	const holders = holdersOf(round);
	const rows = keyRows(round.answers, holders);
	if (json) {
		terminal.out(JSON.stringify({ schema: 1, self, members: holders.length, keys: rows, silent: round.silent }));
	} else {
		for (const line of keyLines(rows, holders.length, terminal)) terminal.out(line);
		for (const { member, reason } of round.silent)
			terminal.note(`not asked: ${holdersText([{ member, note: reason }])}`);
	}
	return round.silent.length === 0 ? 0 : 1;
}

/** Everybody who should hold a key, with what speaks against it. */
function holdersOf({ members, silent }: Round): KeyHolder[] {
	return [...members.values()].map(({ ID, Status }) => {
		const state = STATE_NAMES[Status] ?? 'dead';
		const reason = silent.find(({ member }) => member === ID)?.reason ?? '';
		return { member: ID, note: state === 'alive' ? reason : state };
	});
}

function liveHolders(round: Round): KeyHolder[] {
	return holdersOf(round).filter(({ note }) => note !== 'dead');
}

function rowOf(round: Round, id: string): KeyRow | undefined {
	return keyRows(round.answers, liveHolders(round)).find(({ key }) => key === id);
}

/** Whoever lacks the key would understand nobody once they send with it. */
function refuseUse(round: Round, id: string): void {
	const lacking = rowOf(round, id)?.missing ?? liveHolders(round);
	if (lacking.length === 0) return;
	throw new CliError(`key ${id}… is missing on ${holdersText(lacking)}`, {
		code: 'KEY_MISSING',
		why: 'Members that lack it would understand nobody. Nothing was changed.',
		hints: ['longbow-mesh keys install --all', ...foreignHint(round, 'use')],
	});
}

/** Whoever sends with the key would be understood by nobody once it is gone. */
async function refuseRemove(fleet: Fleet, id: string, until: number, terminal: Terminal): Promise<void> {
	for (;;) {
		const round = await fleet.ask({ op: 'list' });
		const row = rowOf(round, id);
		if (row !== undefined && row.primaryOn.length > 0) throw isPrimary(round, row);
		// Nobody whom we cannot ask may be cut off, and what was heard of late was sent by somebody.
		const heard = row?.heardMsAgo ?? Number.POSITIVE_INFINITY;
		const { silent } = round;
		if (silent.length === 0 && heard >= QUIET_MS) return;
		if (silent.length > 0) {
			throw new CliError(
				`key ${id}… may still be in use on ${holdersText(silent.map(({ member, reason }) => ({ member, note: reason })))}`,
				{
					code: 'KEY_UNSURE',
					why: 'Who sends with it would be understood by nobody. Nothing was changed.',
					hints: ['longbow-mesh keys list --all', ...foreignHint(round, 'remove')],
				},
			);
		}
		if (performance.now() + LOOK_AGAIN_MS >= until) throw stillHeard(round, id, heard);
		terminal.status(
			`key ${id}… was heard ${durationText(heard)} ago; waiting for ${durationText(QUIET_MS)} of silence`,
		);
		await setTimeout(LOOK_AGAIN_MS);
	}
}

function isPrimary(round: Round, row: KeyRow): CliError {
	const others = keyRows(round.answers, []).filter(({ key }) => key !== row.key);
	const count = row.primaryOn.length;
	return new CliError(`key ${row.key}… is primary on ${count} member${count === 1 ? '' : 's'}`, {
		code: 'KEY_IN_USE',
		why: `Who sends with it would be understood by nobody: ${holdersText(row.primaryOn.map((member) => ({ member, note: '' })))}.`,
		hints: [
			others[0] === undefined ? 'longbow-mesh keys install --all' : `longbow-mesh keys use ${others[0].key} --all`,
		],
	});
}

function stillHeard(round: Round, id: string, heard: number): CliError {
	const hearers = [...round.answers].filter(([, { keys }]) =>
		keys.some(({ key, heardMsAgo }) => key === id && heardMsAgo !== null && heardMsAgo < QUIET_MS),
	);
	return new CliError(`key ${id}… is still heard: ${durationText(heard)} ago`, {
		code: 'KEY_HEARD',
		why: `Somebody sends with it to ${holdersText(hearers.map(([member]) => ({ member, note: '' })))}: a member that nobody here knows yet, or old packets that are played again.`,
		hints: ['longbow-mesh keys list --all', `longbow-mesh keys remove ${id}, on each agent, if it may be cut off`],
	});
}

/** Serf's own command reaches members that have no status address, and ours with compat serf. */
function foreignHint({ silent }: Round, verb: string): string[] {
	const foreign = silent.some(({ reason }) => reason === 'no status address');
	return foreign ? [`serf keys -${verb} <key> on a serf agent: it reaches members with compat serf too`] : [];
}

function told(
	op: Exclude<KeyOperation, 'list'>,
	id: string,
	round: Round,
	tookMs: number,
	{ json, terminal }: Invocation,
): number {
	terminal.status('');
	const { answers, silent } = round;
	const of = answers.size + silent.length;
	if (json) {
		terminal.out(
			JSON.stringify({ schema: 1, op, key: id, told: answers.size, of, silent, tookMs: Math.round(tookMs) }),
		);
		return silent.length === 0 ? 0 : 1;
	}
	terminal.out(`${toldText({ told: answers.size, of, tookMs })}: key ${id}… ${DONE[op]}`);
	for (const { member, reason } of silent) terminal.err(`not told: ${holdersText([{ member, note: reason }])}`);
	if (silent.length > 0) return 1;
	if (terminal.isTTY) {
		terminal.note(
			'A member that starts reads its keys from LONGBOW_GOSSIP_KEYS or its file: change them there as well.',
		);
	}
	return 0;
}
