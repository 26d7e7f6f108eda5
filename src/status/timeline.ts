// The evidence about a member as lines: what happened, when, and in which words it is told.

import { formatAddress, type Instant, type MeshEvent, sameAddress } from '../swim/index.ts';
import { shortMs } from './causes/likely.ts';
import { durationText } from './duration.ts';
import type { Episode, ProbeEvent, StateEvent } from './episode.ts';
import { explainWhy } from './explain.ts';
import { MEASURED_OWNERS } from './live-limits.ts';
import type { StatusSource } from './source.ts';

/** What a line of a timeline is about. */
export type TimelineKind =
	| 'ack'
	| 'probe'
	| 'helpers'
	| 'stream'
	| 'transfer'
	| 'suspect'
	| 'confirmed'
	| 'alive'
	| 'dead'
	| 'left'
	| 'forgotten'
	| 'update'
	| 'conflict'
	| 'stall'
	| 'health'
	| 'refuted'
	| 'now'
	| 'expected';

export interface TimelineEntry {
	readonly at: Instant;
	readonly kind: TimelineKind;
	/** Who did or said it, where that is a member. */
	readonly by?: string;
	/** Two or three words: what happened. */
	readonly title: string;
	readonly text: string;
}

/** Oldest first. */
export function timelineOf(episode: Episode, source: StatusSource): TimelineEntry[] {
	const self = source.config.name;
	const events = episode.member.name === self ? source.evidence.own : episode.recorded;
	const entries: TimelineEntry[] = [];
	let lastAckAt = 0;
	let lost = false;
	let again: ProbeEvent[] = [];
	for (const event of events) {
		if (event.type === 'probe' && event.answer === 'none' && lost) {
			again.push(event);
			continue;
		}
		entries.push(...againEntry(again));
		again = [];
		lost = isLoss(event) || (lost && event.type !== 'probe' && !isTurn(event));
		if (event.type === 'probe') {
			if (event.lastAckAt > lastAckAt) entries.push(ackEntry(event));
			lastAckAt = Math.max(lastAckAt, event.lastAckAt);
			entries.push(...probeEntries(event, episode, source));
		} else entries.push(...entryOf(event, events, source));
	}
	entries.push(...againEntry(again), ...transferEntries(episode, source), ...outlook(episode, source));
	// What a probe tells began before other events that were told earlier.
	return entries.sort((a, b) => a.at - b.at);
}

/** State transfers with its address that it left unanswered. */
function transferEntries({ member }: Episode, { evidence }: StatusSource): TimelineEntry[] {
	return evidence.transfers.flatMap(({ at, peer, requests, requestBytes }) => {
		if (!sameAddress(peer, member.address)) return [];
		const text = `asked for its state ${requests} times, ${requestBytes} bytes each, no answer`;
		return [{ at, kind: 'transfer', title: 'no transfer', text }];
	});
}

function isLoss(event: MeshEvent): boolean {
	return event.type === 'probe' && event.answer === 'none';
}

/** After it, the next lost probe is a new story. */
function isTurn(event: MeshEvent): boolean {
	return event.type === 'state' && event.to !== 'suspect';
}

/** Probes that were lost as the one before them was. */
function againEntry(probes: readonly ProbeEvent[]): TimelineEntry[] {
	const last = probes.at(-1);
	if (!last) return [];
	const times = probes.length === 1 ? 'once more' : `${probes.length} times more`;
	return [{ at: last.sentAt, kind: 'probe', title: 'probed again', text: `${times}, no ack` }];
}

function ackEntry({ lastAckAt: at, lastRttMs }: ProbeEvent): TimelineEntry {
	return { at, kind: 'ack', title: 'last ack', text: lastRttMs === undefined ? '' : shortMs(lastRttMs) };
}

function probeEntries(event: ProbeEvent, { member }: Episode, { config }: StatusSource): TimelineEntry[] {
	const timeout = durationText(config.ackTimeoutMs);
	const ping = `ping to ${formatAddress(member.address)}, no ack in ${timeout}`;
	const entries: TimelineEntry[] = [{ at: event.sentAt, kind: 'probe', title: `probe #${event.seqNo}`, text: ping }];
	const asked = event.sentAt + config.ackTimeoutMs;
	if (event.helpers.length > 0) {
		const answers = event.helpers.map(({ name, answer }) => `${name} ${answer ?? 'silent'}`).join(', ');
		const title = `asked ${event.helpers.length} helper${event.helpers.length === 1 ? '' : 's'}`;
		entries.push({ at: asked, kind: 'helpers', title, text: answers });
	} else if (event.answer !== 'late') {
		entries.push({ at: asked, kind: 'helpers', title: 'asked nobody', text: 'there was no helper' });
	}
	if (event.stream && event.answer !== 'late' && event.answer !== 'helper') {
		const text = event.answer === 'stream' ? 'answered, so it lives' : 'no answer';
		entries.push({ at: event.at, kind: 'stream', title: 'pinged on TCP', text });
	}
	if (event.answer === 'late') {
		const text = `after ${shortMs(event.at - event.sentAt)}`;
		entries.push({ at: event.at, kind: 'ack', title: 'late ack', text });
	}
	return entries;
}

function entryOf(
	event: Exclude<MeshEvent, ProbeEvent>,
	events: readonly MeshEvent[],
	source: StatusSource,
): TimelineEntry[] {
	const { at } = event;
	switch (event.type) {
		case 'state':
			return [stateEntry(event, events, source)];
		case 'confirmed': {
			const waits = event.deadAt - suspectedAt(event, events);
			const usual = source.config.suspicionTimeoutMs === Math.round(waits) ? ', as configured' : '';
			const text = `by ${byName(event.by, source)}; waits ${durationText(waits)}${usual}`;
			return [{ at, kind: 'confirmed', by: event.by, title: 'confirmed', text }];
		}
		case 'update':
			return [{ at, kind: 'update', title: 'changed', text: `address ${formatAddress(event.member.address)} or tags` }];
		case 'conflict': {
			const text = `also claimed by ${formatAddress(event.claimed)}, held by ${formatAddress(event.held)}`;
			return [{ at, kind: 'conflict', title: 'name conflict', text }];
		}
		case 'health':
			return [{ at, kind: 'health', title: 'local health', text: `from ${event.from} to ${event.to}` }];
		case 'stall':
			return [{ at, kind: 'stall', title: 'stalled', text: `not run for ${durationText(event.lateMs)}` }];
		case 'refuted': {
			const by = event.by === '' ? '' : `accused by ${event.by}; `;
			return [{ at, kind: 'refuted', title: 'refuted', text: `${by}now incarnation ${event.incarnation}` }];
		}
		case 'transfer':
		case 'joined':
		case 'leaving':
		case 'rejected':
			return [];
	}
	return event satisfies never;
}

function stateEntry(event: StateEvent, events: readonly MeshEvent[], source: StatusSource): TimelineEntry {
	const { at, to, member, why } = event;
	const incarnation = `incarnation ${member.incarnation}`;
	switch (to) {
		case 'suspect': {
			const by = why.code === 'probe-failed' ? source.config.name : why.code === 'heard' ? why.by : undefined;
			const who = by === undefined ? '' : `by ${byName(by, source)}, `;
			const waits = event.deadAt === undefined ? '' : `; waits up to ${durationText(event.deadAt - at)}`;
			const entry = { at, kind: 'suspect', title: 'suspected', text: `${who}${incarnation}${waits}` } as const;
			return by === undefined ? entry : { ...entry, by };
		}
		case 'alive': {
			const after = why.code === 'refuted' ? `, after ${durationText(at - suspectedAt(event, events))}` : '';
			return { at, kind: 'alive', title: why.code === 'refuted' ? 'refuted' : 'came back', text: incarnation + after };
		}
		case 'dead':
			return {
				at,
				kind: 'dead',
				title: 'dead',
				text: explainWhy(why, { at, ackTimeoutMs: source.config.ackTimeoutMs }),
			};
		case 'left':
			return { at, kind: 'left', title: 'left', text: explainWhy(why) };
		case 'none':
			return { at, kind: 'forgotten', title: 'forgotten', text: explainWhy(why) };
	}
	return to satisfies never;
}

/** When the suspicion began that an event belongs to. */
function suspectedAt(event: MeshEvent, events: readonly MeshEvent[]): Instant {
	const before = events.slice(0, events.indexOf(event));
	return before.findLast((each) => each.type === 'state' && each.to === 'suspect')?.at ?? event.at;
}

/** Of a suspect: where it stands, and what comes. */
function outlook({ state, member }: Episode, source: StatusSource): TimelineEntry[] {
	const deadAt = source.deadAt(member.name);
	if (state !== 'suspect' || deadAt === undefined) return [];
	const { ring } = source;
	// To measure a large ring would keep the node from its probes.
	const shares = ring.size > MEASURED_OWNERS ? [] : ring.shares();
	const share = shares.find((each) => each.member === member.name)?.share ?? 0;
	const part = share > 0 ? `${(share * 100).toFixed(2)}% of ` : '';
	const keys = ring.has(member.name) ? `; its ${part}keys go to others` : '';
	return [
		{ at: source.now(), kind: 'now', title: 'now', text: 'no refutation heard' },
		{ at: deadAt, kind: 'expected', title: 'dead', text: `unless it refutes${keys}` },
	];
}

function byName(name: string, source: StatusSource): string {
	return name === source.config.name ? 'this node' : name;
}
