// An event as logs, JSON views and the event stream tell it: whom it concerns, and why, in words.

import { type Address, formatAddress, type MeshEvent, type MeshEventType } from '../swim/index.ts';
import { durationText } from './duration.ts';
import { explainWhy } from './explain.ts';
import { rfc3339 } from './rfc3339.ts';
import type { StatusSource } from './source.ts';

/** What there is to tell of an event; fields that do not apply are absent. */
export interface ToldEvent {
	readonly member?: string;
	/** A state, `none`, or a health score. */
	readonly from?: string;
	readonly to?: string;
	/** One clause, without the member's name, capital or full stop. */
	readonly reason?: string;
}

/** One event as JSON. */
export interface EventObject extends ToldEvent {
	/** Rises with every event of the node; gaps are events that only counters show. */
	readonly seq: number;
	/** RFC 3339 in UTC. */
	readonly at: string;
	readonly type: MeshEventType;
	/** Of a suspect: when it will be dead unless it refutes, RFC 3339. */
	readonly deadAt?: string;
}

/** What a reader of the log gets: events in words, and where to read on. */
export interface EventPage {
	/** Oldest first. */
	readonly events: readonly EventObject[];
	/** Number of the node's newest event: what to ask from next. */
	readonly last: number;
	/** Events after the number asked for that are no longer kept: the page does not join on to it. */
	readonly missed: boolean;
}

/** Whose log it is, and how long its pings wait. */
export interface TellContext {
	readonly self: string;
	readonly ackTimeoutMs: number;
}

/** `undefined` for events that only counters show: refused input, and probes, which `why` tells of. */
export function tellEvent(event: MeshEvent, { self, ackTimeoutMs }: TellContext): ToldEvent | undefined {
	switch (event.type) {
		case 'state': {
			const { member, from, to, why, at } = event;
			return { member: member.name, from, to, reason: explainWhy(why, { at, ackTimeoutMs }) };
		}
		case 'update':
			return { member: event.member.name, reason: changeText(event) };
		case 'confirmed': {
			const waits = durationText(event.deadAt - event.at);
			return { member: event.member.name, reason: `by ${event.by}; waits ${waits}` };
		}
		case 'refuted':
			return {
				member: self,
				reason: `accused by ${event.by}, refuted under incarnation ${event.incarnation}`,
			};
		case 'joined': {
			const way = event.via === 'stream' ? 'tcp' : 'udp';
			return { reason: `through ${formatAddress(event.through)} by ${way}, ${event.members} members known` };
		}
		case 'transfer': {
			const { peer, requests, requestBytes } = event;
			return { reason: transferText(peer, requests, requestBytes) };
		}
		case 'conflict': {
			const gaveWay = event.lost ? '; this node gave way' : '';
			const claims = `${formatAddress(event.held)} and ${formatAddress(event.claimed)}`;
			return { member: event.name, reason: `two processes claim this name: ${claims}${gaveWay}` };
		}
		case 'health':
			return { from: String(event.from), to: String(event.to) };
		case 'stall':
			return { reason: `this process was not run for ${durationText(event.lateMs)}` };
		case 'leaving':
			return { member: self };
		case 'rejected':
		case 'probe':
			return undefined;
	}
	return event satisfies never;
}

/** `undefined` for events that only counters show. */
export function eventObject(event: MeshEvent, source: StatusSource): EventObject | undefined {
	const { name: self, ackTimeoutMs } = source.config;
	const told = tellEvent(event, { self, ackTimeoutMs });
	if (!told) return undefined;
	const { seq, type } = event;
	const at = rfc3339(source.wallMs(event.at));
	const deadAt = 'deadAt' in event && event.deadAt !== undefined ? rfc3339(source.wallMs(event.deadAt)) : undefined;
	return { seq, at, type, ...told, ...(deadAt === undefined ? {} : { deadAt }) };
}

/** Events with a number above `since`. Words are made here, for whoever asks, not while the node works. */
export function eventPage(source: StatusSource, since: number): EventPage {
	const { events, last, missed } = source.events.after(since);
	return { events: events.flatMap((event) => eventObject(event, source) ?? []), last, missed };
}

/** As the log and `why` tell of a state transfer that nobody answered. */
export function transferText(peer: Address, requests: number, requestBytes: number): string {
	return `${formatAddress(peer)} answers pings, but none of ${requests} requests for its state (${requestBytes} bytes each)`;
}

function changeText({ member, previous }: Extract<MeshEvent, { type: 'update' }>): string {
	const changes: string[] = [];
	if (formatAddress(member.address) !== formatAddress(previous.address)) {
		changes.push(`address ${formatAddress(previous.address)} → ${formatAddress(member.address)}`);
	}
	for (const tag of new Set([...Object.keys(previous.tags), ...Object.keys(member.tags)])) {
		const [was, is] = [previous.tags[tag], member.tags[tag]];
		if (was !== is) changes.push(is === undefined ? `tag ${tag} removed` : `tag ${tag}=${is}`);
	}
	return changes.length > 0 ? changes.join(', ') : 'versions changed';
}
