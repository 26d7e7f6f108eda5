// A member as Flight, HTTP and the CLI show it: the object behind every JSON view.

import { WEIGHT_TAG } from '../ring/index.ts';
import { EXTENSION_TAG, formatAddress, type Member, State } from '../swim/index.ts';
import { rfc3339 } from './rfc3339.ts';
import type { StatusSource } from './source.ts';

/** The keys are those of the seed's Flight API, so that `grpcurl` and `--json` agree. */
export interface MemberObject {
	readonly ID: string;
	/** Gossip address, `host:port`. */
	readonly Addr: string;
	/** Where its data service answers (tag `grpc`); empty when it tells none, as foreign members do. */
	readonly GRPCAddr: string;
	/** Where its status service answers (tag `meta`); empty when it tells none. */
	readonly MetaAddr: string;
	/** The user's tags and the weight `w`; without `lb`, `grpc` and `meta`, which are this project's own. */
	readonly Tags: Readonly<Record<string, string>>;
	/** 0 alive, 1 suspect, 2 dead, 3 left. */
	readonly Status: State;
	readonly Incarnation: number;
	/** When it last spoke to this node directly, RFC 3339 in UTC; now for the node itself, `null` when it never did. */
	readonly LastSeen: string | null;
	/** Since when it is suspect, RFC 3339 in UTC; `null` in any other state. */
	readonly SuspectAt: string | null;
}

/** The tags that are shown as fields of their own, or are no news to a user (X14). */
const GRPC_TAG = 'grpc';
const META_TAG = 'meta';
const OWN_TAGS: ReadonlySet<string> = new Set([EXTENSION_TAG, GRPC_TAG, META_TAG]);

/** A member as Flight, HTTP and the CLI show it. */
export function memberObject(source: StatusSource, member: Member): MemberObject {
	return {
		...memberFacts(member),
		LastSeen: lastSeen(source, member),
		SuspectAt: member.state === 'suspect' ? rfc3339(source.wallMs(member.changedAt)) : null,
	};
}

/** What does not depend on who tells it. */
export function memberFacts(member: Member): Omit<MemberObject, 'LastSeen' | 'SuspectAt'> {
	return {
		ID: member.name,
		Addr: formatAddress(member.address),
		GRPCAddr: member.tags[GRPC_TAG] ?? '',
		MetaAddr: member.tags[META_TAG] ?? '',
		Tags: Object.fromEntries(Object.entries(member.tags).filter(([tag]) => !OWN_TAGS.has(tag))),
		Status: State[member.state],
		Incarnation: member.incarnation,
	};
}

/** The tags that a user has set, and may set. */
export function userTags({ tags }: Pick<Member, 'tags'>): Readonly<Record<string, string>> {
	return Object.fromEntries(Object.entries(tags).filter(([tag]) => !OWN_TAGS.has(tag) && tag !== WEIGHT_TAG));
}

/** Every member that the source shows, in name order. */
export function memberObjects(source: StatusSource): MemberObject[] {
	return source.members.map((member) => memberObject(source, member));
}

function lastSeen(source: StatusSource, member: Member): string | null {
	if (member.name === source.self.name) return rfc3339(source.wallMs(source.now()));
	return member.seenAt === 0 ? null : rfc3339(source.wallMs(member.seenAt));
}
