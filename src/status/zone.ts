// Where a member runs, as far as its tags tell: members of one zone often fail together.

import type { Member } from '../swim/index.ts';

export function zoneOf(member: Member | undefined): string | undefined {
	return member?.tags.zone ?? member?.tags['topology.kubernetes.io/zone'];
}
