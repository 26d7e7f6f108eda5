// Which members need a look, the most urgent first; and which one the page shows when nobody has chosen.

import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import { State } from '../../swim/index.ts';

const known = new WeakMap<readonly LiveMember[], readonly LiveMember[]>();

/** Not alive: suspects by the time of their verdict, then the dead and those that left, the latest first. Sorted once a delta, not with each tenth of a countdown. */
export function problems(members: readonly LiveMember[]): readonly LiveMember[] {
	const before = known.get(members);
	if (before) return before;
	const found = members.filter(({ Status }) => Status !== State.alive).sort(byUrgency);
	known.set(members, found);
	return found;
}

/** Every member, the problems first, then by name: the order of tables. */
export function worstFirst(a: LiveMember, b: LiveMember): number {
	const rank = urgency(a.Status) - urgency(b.Status);
	if (rank !== 0) return rank;
	return a.Status === State.alive ? byName(a, b) : byUrgency(a, b);
}

/** The worst member, or the node itself where all is well: saying goodbye is no reason to be looked at. */
export function worstMember({ members, node }: LiveSnapshot): string {
	const [worst] = problems(members);
	return worst && worst.Status !== State.left ? worst.ID : node.name;
}

function byUrgency(a: LiveMember, b: LiveMember): number {
	const rank = urgency(a.Status) - urgency(b.Status);
	if (rank !== 0) return rank;
	const sooner = a.Status === State.suspect ? (a.deadAt ?? Infinity) - (b.deadAt ?? Infinity) : b.since - a.since;
	return sooner || byName(a, b);
}

function byName(a: LiveMember, b: LiveMember): number {
	return a.ID < b.ID ? -1 : 1;
}

function urgency(status: State): number {
	return status === State.alive ? State.left + 1 : status;
}
