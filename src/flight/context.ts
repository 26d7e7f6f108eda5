// What the actions work on: the node's status and what can be asked of it; and what comes back from that.

import type { DiscoveryHealth } from '../discovery/index.ts';
import type { MemberObject, ProcessFacts, RingDifference, StatusSource } from '../status/index.ts';
import type { JoinAnswer } from '../swim/index.ts';
import type { KeysRequest, KeysResult } from './keys.ts';

export type Tags = Readonly<Record<string, string>>;

/** What the actions need of the node beside its status. */
export interface FlightCommands {
	/** Contacts peers given as `host:port`; an answer each, also when none answered. */
	join(peers: string[]): Promise<readonly JoinAnswer[]>;
	/** Says goodbye and stops the mesh. */
	leave(): Promise<LeaveAnswer>;
	/** Looks at the keys, or changes them. @throws {FlightError} when it cannot be done. */
	keys(request: KeysRequest): KeysResult;
	/** Takes a dead member out, everywhere. */
	remove(member: string): Promise<void>;
	/** Replaces the tags that are the user's. */
	setTags(tags: Tags): Promise<void>;
	/** Asks the members whose view differs what their ring is. */
	compareRings(): Promise<readonly RingDifference[]>;
	/** Examines the node, or what is asked for: the checks of `only`, and `peer` alone. @throws {RangeError} for unknown names. */
	examine(request: { readonly only?: readonly string[]; readonly peer?: string }): Promise<object>;
}

export interface ActionContext {
	readonly source: StatusSource;
	readonly commands: FlightCommands;
	/** Health of each discovery provider. Default: there is none. */
	readonly discovery?: () => readonly DiscoveryHealth[];
	/** What the process knows of itself, now. */
	readonly facts: () => Omit<ProcessFacts, 'discovery'>;
}

export interface ClusterStatus {
	readonly self: MemberObject;
	readonly members: readonly MemberObject[];
	readonly count: number;
}

/** `told` of `of` members acknowledged the goodbye. */
export interface LeaveAnswer {
	readonly told: number;
	readonly of: number;
	readonly tookMs: number;
}

export interface RemoveAnswer {
	readonly removed: string;
}

/** The user's tags as they are now. */
export interface TagsAnswer {
	readonly tags: Tags;
}

export interface JoinResult {
	readonly answers: readonly JoinAnswer[];
}
