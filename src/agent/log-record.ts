// What the agent logs: one record a happening, from which the JSON line and the line for people are both made.

import { tellEvent } from '../status/index.ts';
import type { MeshEvent } from '../swim/index.ts';

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

/** The record of an event; `undefined` for those that are not logged. `self` is the node that logs. */
export function recordOf(event: MeshEvent, self: string, ackTimeoutMs: number): LogRecord | undefined {
	if (isOwnStory(event, self)) return undefined;
	const told = tellEvent(event, { self, ackTimeoutMs });
	if (!told) return undefined;
	const component = event.type === 'joined' ? { component: 'discovery' } : {};
	return { level: levelOf(event), event: event.type, ...component, ...told };
}

/** The banner speaks of our own start; one line, when it is over, of our end and how many were told. */
function isOwnStory(event: MeshEvent, self: string): boolean {
	if (event.type === 'leaving') return true;
	if (event.type !== 'state' || event.member.name !== self) return false;
	return event.why.code === 'started' || event.why.code === 'left';
}

function levelOf(event: MeshEvent): LogLevel {
	switch (event.type) {
		case 'state':
			return event.to === 'suspect' || event.to === 'dead' ? 'warn' : 'info';
		case 'health':
			return event.to > event.from ? 'warn' : 'info';
		case 'conflict':
			return 'error';
		case 'refuted':
		case 'stall':
			return 'warn';
		default:
			return 'info';
	}
}
