// Members to begin with: a view made once, from which any number of nodes can start.

import type { Identity } from './identity.ts';
import { State } from './member.ts';
import { MemberTable } from './member-table.ts';
import { DigestSums } from './view-digest.ts';

/**
 * A simulation that starts in the middle gives this to each of its nodes, which takes it over column by column:
 * 10,000 nodes that know each other hold 100,000,000 views of a member, too many to insert them one by one.
 */
export class KnownMembers {
	readonly table: MemberTable = new MemberTable();
	readonly sums: DigestSums = new DigestSums();

	/** Adds a member, alive; its name must be a new one. */
	add(identity: Identity, incarnation: number): void {
		this.table.insert(identity, incarnation, State.alive, 0);
		this.sums.add(identity, incarnation);
	}
}
