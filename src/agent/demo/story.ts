// The demo in words: what the observing agent's log says, and which keys moved because of it.

import type { RingObject } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import { percent } from '../cli/member-rows.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { LogLine } from './node.ts';

/** `◐ demo-2   suspect  no ack in 100ms; …`; `undefined` for what is no news to a spectator. */
export function eventText(line: LogLine, terminal: Terminal): string | undefined {
	const { event, member = '', to, reason = '' } = line;
	if (event === 'confirmed') return `${terminal.glyph('suspect')} ${member.padEnd(NAME_WIDTH)} confirmed  ${reason}`;
	if (event === 'refuted') return `${terminal.glyph('alive')} ${member.padEnd(NAME_WIDTH)} refuted    ${reason}`;
	const state = event === 'state' ? STATE_NAMES.find((name) => name === to) : undefined;
	if (!state) return undefined;
	const hint = state === 'suspect' ? '; its keys stay put: it may only be slow' : '';
	return `${terminal.glyph(state)} ${member.padEnd(NAME_WIDTH)} ${terminal.word(state, 9)}  ${reason}${hint}`;
}

const NAME_WIDTH = 8;

export type Shares = ReadonlyMap<string, number>;

export function sharesOf(ring: RingObject): Shares {
	return new Map((ring.shares ?? []).map(({ member, share }) => [member, share]));
}

/** `34.0% of keys move: demo-0 +16.8%, demo-1 +17.2%; every key has an owner`; `undefined` when none moved. */
export function movedText(before: Shares, after: Shares): string | undefined {
	const gains = [...after]
		.map(([member, share]) => ({ member, gain: share - (before.get(member) ?? 0) }))
		.filter(({ gain }) => gain > 1e-9);
	const moved = gains.reduce((sum, { gain }) => sum + gain, 0);
	if (moved === 0) return undefined;
	const total = [...after.values()].reduce((sum, share) => sum + share, 0);
	const heirs = gains.map(({ member, gain }) => `${member} +${percent(gain)}`).join(', ');
	const owned = Math.abs(total - 1) < 1e-6 ? '; every key has an owner' : '';
	return `${percent(moved)} of keys move: ${heirs}${owned}`;
}
