// How far a word to all members came, as `leave`, `keys` and the agent's log tell it.

import type { LeaveAnswer } from '../../flight/index.ts';
import { durationText } from '../../status/index.ts';
import { plural } from '../doctor/text.ts';

/** `told 3 of 3 members in 4ms`, `told 1 of 1 member in 2ms`. */
export function toldText({ told, of, tookMs }: LeaveAnswer): string {
	return `told ${told} of ${plural(of, 'member')} in ${durationText(tookMs)}`;
}
