// `monitor`: the mesh as it changes, on the whole terminal, or an event a line.

import { duration, readValue } from '../../config/index.ts';
import type { Since } from '../monitor/plain.ts';
import { agentClient } from './client.ts';
import type { Command, Invocation } from './command.ts';

/** A doctor may take ten seconds. */
const EXAMINE_TIMEOUT = '15s';
const LONGEST_MS = 365 * 86_400_000;

export const monitor: Command = {
	name: 'monitor',
	group: 'look',
	summary: 'the mesh as it changes: members, verdicts, events',
	examples: [
		['longbow-mesh monitor', 'a live view; ? shows its keys'],
		['longbow-mesh monitor --plain --since 10m', 'a line an event, those of the last 10 minutes first'],
		['longbow-mesh monitor --json --since 4711', 'an object an event, on from event number 4711'],
	],
	options: [
		{ flags: '--plain', about: 'a line an event, also on a terminal' },
		{ flags: '--since <point>', about: 'events from so long ago, or after this number; without it new ones alone' },
	],
	exitOne: 'no agent answers at the start; once it has, it is waited for',
	async run(invocation) {
		const { json, options, terminal } = invocation;
		const since = sinceOf(invocation);
		const client = await agentClient(invocation);
		const isLive = terminal.canRedraw && !json && options.plain !== true && since === undefined;
		if (!isLive) {
			const { printEvents } = await import('../monitor/plain.ts');
			return printEvents(invocation, client, since);
		}
		const examiner = await agentClient({ ...invocation, options: { timeout: EXAMINE_TIMEOUT, ...options } });
		const { watchLive } = await import('../monitor/live.ts');
		return watchLive(invocation, client, examiner);
	},
};

function sinceOf({ options }: Invocation): Since {
	const { since } = options;
	if (typeof since !== 'string') return undefined;
	if (/^\d{1,15}$/.test(since)) return { seq: Number(since) };
	return { ms: readValue('--since', since, duration(1, LONGEST_MS)) };
}
