// What the node that answers knows of its own trouble: its name held by another process, stalls, doubts, accusations.

import { formatAddress, type MeshEvent } from '../../swim/index.ts';
import { durationText } from '../duration.ts';
import { healthWord } from '../health.ts';
import type { StatusSource } from '../source.ts';
import { type NextStep, recentSince } from './likely.ts';

/** What a node says of itself; programs switch on it. */
export const SELF_CODES = ['self', 'self-overloaded', 'self-name-lost', 'self-doubts'] as const;
/** One of {@link SELF_CODES}. */
export type SelfCode = (typeof SELF_CODES)[number];

export interface AboutSelf {
	readonly code: SelfCode;
	readonly text: string;
	readonly next: readonly NextStep[];
}

export function aboutSelf(source: StatusSource): AboutSelf {
	const about = nameLost(source) ?? overloaded(source) ?? doubts(source) ?? { code: 'self', text: '', next: [] };
	const text = ['This is the node that answers.', about.text, accusations(source)].filter((part) => part !== '');
	return { ...about, text: text.join(' ') };
}

type ConflictEvent = Extract<MeshEvent, { type: 'conflict' }>;

function nameLost({ evidence, config, self }: StatusSource): AboutSelf | undefined {
	const lost = evidence
		.about(config.name)
		.findLast((event): event is ConflictEvent => event.type === 'conflict' && event.lost);
	// A later state of its own, the name taken back, stands behind the loss.
	if (!lost || self.changedAt > lost.at) return undefined;
	const text = `Another process holds its name: ${formatAddress(lost.claimed)} started later. This one claims nothing until the name is free.`;
	return {
		code: 'self-name-lost',
		text,
		next: [{ command: 'LONGBOW_NODE_ID', about: 'a name of its own for each process' }],
	};
}

function overloaded(source: StatusSource): AboutSelf | undefined {
	const since = recentSince(source);
	const stalls = source.evidence.own.flatMap((event) =>
		event.type === 'stall' && event.at >= since ? [event.lateMs] : [],
	);
	if (stalls.length === 0) return undefined;
	const times = stalls.length === 1 ? 'once' : `${stalls.length} times`;
	const longest = durationText(Math.max(...stalls));
	const text = `It is overloaded: it was not run when it was due ${times} in the last 10 minutes, for ${longest} at most. Look at CPU limits and long synchronous work.`;
	return {
		code: 'self-overloaded',
		text,
		next: [{ command: 'longbow-mesh doctor --only clock', about: 'the event loop, and whether a limit throttles it' }],
	};
}

function doubts({ health, config }: StatusSource): AboutSelf | undefined {
	if (health === 0) return undefined;
	const text = `It doubts itself: local health ${healthWord(health)}, ${health} of ${config.awarenessMax - 1}. Likely its own host or network: its probes and the helpers that it asks stay unanswered.`;
	return {
		code: 'self-doubts',
		text,
		next: [{ command: 'longbow-mesh doctor --only udp-out,udp-in,clock', about: 'its own paths and its event loop' }],
	};
}

function accusations({ evidence }: StatusSource): string {
	const refutations = evidence.own.filter(({ type }) => type === 'refuted').length;
	if (refutations === 0) return '';
	return `It was accused ${refutations} time${refutations === 1 ? '' : 's'} and refuted.`;
}
