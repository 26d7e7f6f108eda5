// What the agent logs: one record a happening, from which the JSON line and the line for people are both made.

import { durationText, explainWhy } from '../status/index.ts';
import { formatAddress, type MeshEvent } from '../swim/index.ts';

export type LogLevel = 'info' | 'warn' | 'error';

export interface LogRecord {
	readonly level: LogLevel;
	/** Kind of the event: `state`, `joined`, `ready`, `leaving`, … */
	readonly event: string;
	/** The part of the agent that speaks, where that is not the mesh. */
	readonly component?: string;
	readonly member?: string;
	/** A state, `none`, or a health score. */
	readonly from?: string;
	readonly to?: string;
	/** Why, in words. */
	readonly reason?: string;
	/** Figures and addresses that belong to the event. */
	readonly details?: Readonly<Record<string, unknown>>;
}

/** The record of an event; `undefined` for those that only counters show. `self` is the node that logs. */
export function recordOf(event: MeshEvent, self: string, ackTimeoutMs: number): LogRecord | undefined {
	switch (event.type) {
		case 'state':
			return stateRecord(event, self, ackTimeoutMs);
		case 'update':
			return { level: 'info', event: 'update', member: event.member.name, reason: changeText(event) };
		case 'confirmed': {
			const waits = durationText(event.deadAt - event.at);
			return { level: 'info', event: 'confirmed', member: event.member.name, reason: `by ${event.by}; waits ${waits}` };
		}
		case 'refuted':
			return {
				level: 'warn',
				event: 'refuted',
				member: self,
				reason: `accused by ${event.by}, refuted under incarnation ${event.incarnation}`,
			};
		case 'joined': {
			const through = formatAddress(event.through);
			const way = event.via === 'stream' ? 'tcp' : 'udp';
			const reason = `through ${through} by ${way}, ${event.members} members known`;
			return { level: 'info', event: 'joined', component: 'discovery', reason };
		}
		case 'conflict':
			return {
				level: 'error',
				event: 'conflict',
				member: event.name,
				reason: `two processes claim this name: ${formatAddress(event.held)} and ${formatAddress(event.claimed)}${event.lost ? '; this node gave way' : ''}`,
			};
		case 'health':
			return {
				level: event.to > event.from ? 'warn' : 'info',
				event: 'health',
				from: String(event.from),
				to: String(event.to),
			};
		case 'stall':
			return { level: 'warn', event: 'stall', reason: `this process was not run for ${durationText(event.lateMs)}` };
		case 'leaving': // The agent writes one line when it is over, with how many were told.
		case 'rejected':
		case 'probe':
			return undefined;
	}
	return event satisfies never;
}

function stateRecord(
	event: Extract<MeshEvent, { type: 'state' }>,
	self: string,
	ackTimeoutMs: number,
): LogRecord | undefined {
	const { member, from, to, why, at } = event;
	// The banner speaks of our own start, and `leaving` of our end.
	if (member.name === self && (why.code === 'started' || why.code === 'left')) return undefined;
	return {
		level: to === 'suspect' || to === 'dead' ? 'warn' : 'info',
		event: 'state',
		member: member.name,
		from,
		to,
		reason: explainWhy(why, { at, ackTimeoutMs }),
	};
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
