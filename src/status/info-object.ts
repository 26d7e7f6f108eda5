// One member in detail: what is known of any member, and of the node itself also its health, traffic, security and versions.

import type { DiscoveryObject } from './discovery-object.ts';
import { type NodeHealth, nodeHealth } from './health.ts';
import { type MemberObject, memberObject } from './member-object.ts';
import { rfc3339 } from './rfc3339.ts';
import { fairness } from './ring-object.ts';
import type { StatusSource } from './source.ts';
import { countStates, type MeshSummary } from './summary.ts';
import { type MemberView, memberView } from './views-object.ts';

const SCHEMA = 1;

/** What only the process around the node knows of itself. */
export interface ProcessFacts {
	/** Versions of this software and of Node. */
	readonly version: string;
	readonly node: string;
	/** How late the event loop is, over the last seconds to minutes. */
	readonly loop: { readonly p99Ms: number; readonly maxMs: number };
	/** How many keys decrypt; 0 = nothing is encrypted. Which of them encrypts is the first one. */
	readonly keys: number;
	/** Label of the cluster; `null` = none. */
	readonly label: string | null;
	readonly discovery: DiscoveryObject;
}

/** Times are RFC 3339 in UTC. */
export interface InfoObject {
	readonly schema: number;
	/** Whose view this is, and when it was. */
	readonly self: string;
	readonly at: string;
	readonly member: MemberObject;
	/** What this node measures of it. */
	readonly view: MemberView;
	/** Of a suspect: when it will be dead unless it refutes; else `null`. */
	readonly deadAt: string | null;
	readonly cluster: {
		readonly members: number;
		readonly states: MeshSummary['counts'];
		readonly digest: string;
		/** Own alive members whose digest has been heard, this node included, and how many agree with it. */
		readonly of: number;
		readonly agree: number;
	};
	/** `share` of the member, and how often its fair one that is; both 0 when it owns nothing. */
	readonly ring: {
		readonly fingerprint: string;
		readonly owners: number;
		readonly share: number;
		readonly fair: number;
	};
	/** Of the node that answers; absent for others. */
	readonly node?: NodeInfo;
}

export interface NodeInfo {
	readonly health: NodeHealth;
	readonly loop: ProcessFacts['loop'];
	/** When it last refuted, and who had accused it; `null` when it never had to. */
	readonly refuted: { readonly at: string; readonly by: string } | null;
	/** Live members that it reaches by packets, and those that it reaches over streams alone. */
	readonly reaches: { readonly udp: number; readonly tcpOnly: number };
	/** Whether it uses TCP beside UDP. */
	readonly streams: boolean;
	readonly security: { readonly encrypted: boolean; readonly keys: number; readonly label: string | null };
	readonly discovery: DiscoveryObject;
	/** Addresses in its address book. */
	readonly addressBook: number;
	/** Of this software, of memberlist's protocol the newest that it speaks, and of Node. */
	readonly version: { readonly agent: string; readonly protocol: number; readonly node: string };
}

/** `undefined` when nobody of that name is known. */
export function infoObject(source: StatusSource, name: string, facts: ProcessFacts): InfoObject | undefined {
	const member = source.member(name);
	if (member === undefined) return undefined;
	const { digest, of, agree } = source.views;
	const view = memberView(source, member);
	const deadAt = source.deadAt(name);
	return {
		schema: SCHEMA,
		self: source.self.name,
		at: rfc3339(source.wallMs(source.now())),
		member: memberObject(source, member),
		view,
		deadAt: deadAt === undefined ? null : rfc3339(source.wallMs(deadAt)),
		cluster: { members: source.members.length, states: countStates(source), digest, of, agree },
		ring: ringOf(source, name),
		...(name === source.self.name ? { node: nodeInfo(source, facts) } : {}),
	};
}

function ringOf({ ring }: StatusSource, name: string): InfoObject['ring'] {
	const shares = ring.shares();
	const own = shares.find(({ member }) => member === name);
	const total = shares.reduce((sum, { weight }) => sum + weight, 0);
	const fair = own ? fairness(own, total) : 0;
	return { fingerprint: ring.fingerprint, owners: ring.size, share: own?.share ?? 0, fair };
}

/** Index of the newest version of memberlist's protocol that a node speaks. */
const NEWEST = 1;

function nodeInfo(source: StatusSource, facts: ProcessFacts): NodeInfo {
	const { evidence, config, sizes } = source;
	const refuted = evidence.own.findLast((event) => event.type === 'refuted');
	const { version, node, loop, keys, label, discovery } = facts;
	return {
		health: nodeHealth(source),
		loop,
		refuted: refuted ? { at: rfc3339(source.wallMs(refuted.at)), by: refuted.by } : null,
		reaches: reaches(source),
		streams: config.streams,
		security: { encrypted: keys > 0, keys, label },
		discovery,
		addressBook: sizes.bookAddresses,
		version: { agent: version, protocol: config.vsn[NEWEST], node },
	};
}

function reaches(source: StatusSource): NodeInfo['reaches'] {
	let [udp, tcpOnly] = [0, 0];
	for (const { name, state, seenAt } of source.members) {
		if (name === source.self.name || state !== 'alive' || seenAt === 0) continue;
		if (source.path(name) === 'udp') udp++;
		else tcpOnly++;
	}
	return { udp, tcpOnly };
}
