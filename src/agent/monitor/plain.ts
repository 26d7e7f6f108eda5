// `monitor` without a screen: a line an event, as the agent prints it, or an object an event.

import type { EventsObject } from '../../flight/index.ts';
import type { EventObject } from '../../status/index.ts';
import type { AgentClient } from '../cli/client.ts';
import type { Invocation } from '../cli/command.ts';
import { interruptible } from '../cli/signals.ts';
import { textLine } from '../log-line.ts';
import { feed } from './feed.ts';

/** Where to begin: with the next event, after a number, or with those of the last so many milliseconds. */
export type Since = { readonly seq: number } | { readonly ms: number } | undefined;

/** Until Ctrl-C or SIGTERM; resolves to the exit code. */
export function printEvents({ terminal, json }: Invocation, client: AgentClient, since: Since): Promise<number> {
	let last: number | undefined = since && 'seq' in since ? since.seq : undefined;
	let isLost = false;
	const take = ({ self, events, last: newest, missed }: EventsObject): void => {
		if (isLost) terminal.note(`${self} answers again.`);
		isLost = false;
		const wanted = last === undefined ? firstOnes(events, since) : events;
		// A restarted agent counts from the beginning: its events are all new.
		if (missed && last !== undefined)
			terminal.note(`Events between are lost: ${self} keeps the newest alone, or has restarted.`);
		for (const event of wanted) terminal.out(json ? JSON.stringify({ schema: 1, ...event }) : eventText(event));
		last = newest;
	};
	const eventText = (event: EventObject): string =>
		textLine({ level: 'info', event: event.type, ...event }, Date.parse(event.at), terminal);
	const lost = (): void => {
		if (!isLost) terminal.note(`No news from ${client.addr}. Trying again until it answers.`);
		isLost = true;
	};
	return interruptible(async (stop) => {
		await feed<EventsObject>(client, 'MeshEvents', () => ({ since: last ?? 0, follow: true }), { take, lost }, stop);
		return 0;
	});
}

function firstOnes(events: readonly EventObject[], since: Since): readonly EventObject[] {
	if (since === undefined || !('ms' in since)) return [];
	const from = Date.now() - since.ms;
	return events.filter(({ at }) => Date.parse(at) >= from);
}
