// The live documents: what `/api/v1/status` shows at once, `/api/v1/live` keeps up to date, and a page folds. Types and what they mean.

import type { MemberState, State } from '../swim/index.ts';
import type { ProviderObject } from './discovery-object.ts';
import type { EventObject } from './event-object.ts';
import type { NodeHealth } from './health.ts';
import type { LiveBytes } from './live-limits.ts';
import type { LivePlayback } from './playback.ts';

// How to use it. The stream begins with `event: snapshot`, a LiveSnapshot, unless the reader's `Last-Event-ID` still
// joins on; then come `event: delta`, a LiveDelta, at most four a second, and every five seconds `event: beat`, a
// LiveBeat. `fold(snapshot, delta)` gives the next snapshot. A delta holds absolute values of what changed, never
// differences: folding one twice does no harm, and a slow reader gets one larger delta in place of many. A snapshot in
// the middle of a stream (the node was told another time of day, or the reader was away for too long) replaces all.
// The `id:` is opaque, `<seq>.<version>.<second>.<life>`; browsers send it back by themselves.
//
// Times are milliseconds since 1970 by the node's clock. `at` is the node's clock at writing: what a page counts down
// to `deadAt` runs on `Date.now() + (snapshot.at - Date.now() at its arrival)`. Texts of events have RFC 3339, as elsewhere.

/** Milliseconds since 1970 by the node's clock. */
export type WallMs = number;

/** All that a page shows, at one time. */
export interface LiveSnapshot {
	readonly schema: number;
	/** When this was true. */
	readonly at: WallMs;
	/** Number of the node's newest event, of those that only counters show too: it may rise without an event. */
	readonly seq: number;
	readonly node: LiveNode;
	readonly mesh: LiveMesh;
	readonly views: LiveViews;
	readonly ring: LiveRing;
	readonly health: LiveHealth;
	readonly detection: LiveDetection;
	/** In order of their providers; empty when this node waits for others to join it. */
	readonly discovery: readonly LiveProvider[];
	/** All that are shown, the node itself, dead and left ones too, in order of their IDs (as strings compare). */
	readonly members: readonly LiveMember[];
	/** Oldest first, at most LIVE_LIMITS.events; older ones by `/api/v1/events`. */
	readonly events: readonly EventObject[];
	/** Steps from state to state, oldest first, at most LIVE_LIMITS.changes: the lanes. */
	readonly changes: readonly LiveChange[];
	/** Since when `changes` holds all there were: the node's start, or the newest one that is dropped. */
	readonly changesSince: WallMs;
	/** The last ten minutes, oldest first, without gaps from the node's start on; the running second is not among them. */
	readonly seconds: readonly LiveSecond[];
	/** How far the record is that is played back; absent where a node lives. */
	readonly playback?: LivePlayback;
}

/** What changed since the reader's last document. Absent: as before. */
export interface LiveDelta {
	readonly at: WallMs;
	readonly seq: number;
	/** Each of these replaces the whole field of the snapshot. */
	readonly node?: LiveNode;
	readonly mesh?: LiveMesh;
	readonly views?: LiveViews;
	readonly ring?: LiveRing;
	readonly health?: LiveHealth;
	readonly detection?: LiveDetection;
	readonly discovery?: readonly LiveProvider[];
	readonly playback?: LivePlayback;
	/** New or changed members, whole. */
	readonly members?: readonly LiveMember[];
	/** IDs of members that are forgotten. */
	readonly gone?: readonly string[];
	/** Members of whom only a probe is new: ID, then what to set of `rttMs`, `seenAt` and `probes`. */
	readonly probed?: readonly (readonly [id: string, rttMs: number | null, seenAt: WallMs | null, probes: string])[];
	/** Members of whom only the share is new. */
	readonly shares?: readonly (readonly [id: string, share: number])[];
	/** Oldest first; the fold appends those above its newest one, and their state changes to `changes`. */
	readonly events?: readonly EventObject[];
	/** Oldest first; the fold appends those after its newest one. */
	readonly seconds?: readonly LiveSecond[];
}

/** Nothing is new, and the node is there. No beat for 12 s: the connection is lost, whatever TCP thinks. */
export interface LiveBeat {
	readonly at: WallMs;
	readonly seq: number;
}

/** Who tells this. */
export interface LiveNode {
	readonly name: string;
	/** The label that separates clusters; empty when there is none. */
	readonly cluster: string;
	/** Of longbow-mesh, and of the runtime. */
	readonly version: string;
	readonly runtime: string;
	/** What is watched: the real mesh, or a recorded or simulated one that nobody must take for it. */
	readonly origin: 'live' | 'simulated' | 'replayed';
	/** When this life of the node began: another value is a restart, and all history begins there. */
	readonly startedAt: WallMs;
	/** Newest version of memberlist's protocol that it speaks. */
	readonly protocol: number;
	/** Keys that decrypt; 0 = not encrypted. The first one encrypts. */
	readonly keys: number;
	readonly config: {
		readonly protocolPeriodMs: number;
		readonly ackTimeoutMs: number;
		/** `auto`: it grows with the number of members. */
		readonly suspicionTimeoutMs: number | 'auto';
		readonly indirectProbes: number;
		/** Whether TCP is used beside UDP. */
		readonly streams: boolean;
	};
}

/** What the verdict is made of, beside views and health. */
export interface LiveMesh {
	readonly counts: Readonly<Record<MemberState, number>>;
	/** 16 hex digits; equal on two nodes exactly when they hold the same view of the live members. */
	readonly digest: string;
	/** The last step of any member, its first sight included; null when there was none. */
	readonly changedAt: WallMs | null;
	/**
	 * Several members that were lost within seconds of each other and are dead still: a partition, or a crash in
	 * common. This side cannot tell which. Null when there are none.
	 */
	readonly split: LiveSplit | null;
}

/** The two sides of a cut, as one of them sees it. */
export interface LiveSplit {
	/** Alive and suspect here, this node included. */
	readonly here: number;
	readonly elsewhere: number;
	/** When the first of them died here. */
	readonly since: WallMs;
	/** The one zone that all of them are in; null when there is no such. */
	readonly zone: string | null;
}

/** Whether others see the same. Only own alive members tell their digest, this node included. */
export interface LiveViews {
	readonly of: number;
	readonly agree: number;
	/**
	 * Those that differed when they were last heard of, longest first, at most LIVE_LIMITS.differing of `of - agree`. In a large
	 * mesh each is heard of every few minutes: one that has differed in a single hearing may have been told on the way of news.
	 */
	readonly differing: readonly {
		readonly member: string;
		readonly digest: string;
		readonly since: WallMs;
		readonly heardAt: WallMs;
	}[];
}

/** Shares stand with the members; who takes over if one dies, by `/api/v1/ring?member=`, or from the weights by `ringTakeover`. */
export interface LiveRing {
	/** 16 hex digits; equal exactly when the owners and their weights are. */
	readonly fingerprint: string;
	readonly owners: number;
	/**
	 * Whether the shares are those of the ring. In a ring of more than 150 they are those of the weights: to lay out so
	 * many points for a viewer would keep the node from its probes; who wants them lays the ring out himself.
	 */
	readonly measured: boolean;
}

/** The node's own condition. */
export interface LiveHealth {
	/** 0 best to `worst`. */
	readonly score: number;
	readonly worst: number;
	readonly word: NodeHealth['word'];
	/** Times that this process was not run for so long that its suspicions could not be trusted, and the last one. */
	readonly stalls: number;
	readonly stalledAt: WallMs | null;
	/** How late the event loop was in the last seconds; null where nobody measures it. */
	readonly loop: { readonly p99Ms: number; readonly maxMs: number } | null;
	readonly refutations: number;
	/** Refused packets, messages and streams since the start. */
	readonly rejected: number;
	/** Member updates that are still spreading. */
	readonly updates: number;
	/** Addresses that are remembered to heal from. */
	readonly bookAddresses: number;
}

/** How long a crash takes to be noticed: by the configuration and the size of the mesh, and as this node saw it. */
export interface LiveDetection {
	/** From a crash to the first suspicion by anybody: the mean (SWIM §3.1, plus the probe itself). */
	readonly suspectMs: number;
	/** From a crash to the verdict of a suspicion that others confirm. */
	readonly deadMs: number;
	/** Of the last 64 verdicts: medians from suspicion to death and to refutation; null without any. */
	readonly measured: {
		readonly deaths: number;
		readonly deadMs: number | null;
		readonly refutations: number;
		readonly refutedMs: number | null;
	};
}

/** A discovery provider in short; all its addresses by `/api/v1/discovery`. */
export interface LiveProvider extends Pick<ProviderObject, 'provider' | 'errors' | 'problem'> {
	readonly addresses: number;
	/** When the last good answer came; null = none yet. */
	readonly answeredAt: WallMs | null;
}

/** A member: the keys of the Flight object in its own letters, then what this node measures of it. */
export interface LiveMember {
	readonly ID: string;
	readonly Addr: string;
	readonly GRPCAddr: string;
	readonly MetaAddr: string;
	readonly Tags: Readonly<Record<string, string>>;
	readonly Status: State;
	readonly Incarnation: number;
	/** Speaks this project's extensions; false = another memberlist. */
	readonly own: boolean;
	/** Version of memberlist's protocol that it speaks. */
	readonly protocol: number;
	/** By its tag `zone` or `topology.kubernetes.io/zone`; null without one. */
	readonly zone: string | null;
	/** When it entered its state: of a suspect, SuspectAt. */
	readonly since: WallMs;
	/** When it started, by its incarnation; null for a foreign one. A refutation makes it a second later. */
	readonly startedAt: WallMs | null;
	/** When it last answered this node; null when it never did, and for the node itself. */
	readonly seenAt: WallMs | null;
	/** Of a suspect: when it is dead unless it refutes. Others may confirm, which makes it sooner. */
	readonly deadAt: WallMs | null;
	/** Its last direct ack; null before the first. */
	readonly rttMs: number | null;
	/** `stream`: packets to it are lost, and it answers over TCP alone. */
	readonly path: 'udp' | 'stream';
	/** Share of the ring, 0 to 1; 0 when it owns nothing. */
	readonly share: number;
	/** Its last probes by this node, oldest first, at most LIVE_LIMITS.probes; see probe-mark.ts. */
	readonly probes: string;
}

/** A step of a member. From `none`: it was not known before. To `none`: it is forgotten. */
export type LiveChange = readonly [
	seq: number,
	at: WallMs,
	id: string,
	from: MemberState | 'none',
	to: MemberState | 'none',
];

/** One second of the node's life. */
export interface LiveSecond {
	/** Its beginning. */
	readonly at: WallMs;
	/** A mark for each probe that ended in it, in order; see probe-mark.ts. */
	readonly probes: string;
	/** Bytes in packets: probes, gossip, state transfers (sync), application messages (broadcasts). */
	readonly sent: LiveBytes;
	readonly received: LiveBytes;
	readonly packets: readonly [sent: number, received: number];
}
