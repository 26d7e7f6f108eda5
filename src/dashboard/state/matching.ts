// Which members a few typed letters mean: parts of name, address, zone, state or tags; several words must all fit.

import type { LiveMember } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';

export function matching(members: readonly LiveMember[], text: string): LiveMember[] {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return members.slice();
	return members.filter((member) => {
		const all = wordsOf(member);
		return words.every((word) => all.includes(word));
	});
}

const known = new WeakMap<LiveMember, string>();

function wordsOf(member: LiveMember): string {
	const before = known.get(member);
	if (before !== undefined) return before;
	const { ID, Addr, zone, Status, Tags } = member;
	const tags = Object.entries(Tags).map(([tag, value]) => `${tag}=${value}`);
	const words = [ID, Addr, zone ?? '', STATE_NAMES[Status], ...tags].join('\n').toLowerCase();
	known.set(member, words);
	return words;
}
