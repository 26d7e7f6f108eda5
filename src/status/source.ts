// What a view needs to know of a node, live or simulated: the one door behind which Prometheus, Flight, HTTP and the CLI stand.

import type { RingView } from '../ring/index.ts';
import type {
	Config,
	Counters,
	Instant,
	Member,
	Memberlist,
	MeshEvent,
	RefusedSource,
	ViewDigest,
} from '../swim/index.ts';
import type { EventLogView } from './event-log.ts';
import type { EvidenceView } from './evidence.ts';
import type { LiveHistoryView } from './live-history.ts';
import type { HeardView, ViewsSummary } from './views.ts';

/** What a node knows and how it is doing, for views. Read-only and always current; nothing is copied until it is asked for. */
export interface StatusSource {
	readonly self: Member;
	/** Every member that is known, self included, dead and left ones while they are shown; in name order. */
	readonly members: readonly Member[];
	/** As this node holds it, dead and left ones while they are shown; undefined when it knows nobody of that name. */
	member(name: string): Member | undefined;
	readonly config: Config;
	readonly counters: Readonly<Counters>;
	/** Lifeguard awareness, 0 best. */
	readonly health: number;
	readonly digest: ViewDigest;
	/** Which of the members' views agree with this one. */
	readonly views: ViewsSummary;
	/** What the member last told of its view; undefined when it never told one. */
	heardView(name: string): HeardView | undefined;
	readonly ring: RingView;
	/** How full the tables are that input from the network can fill. */
	readonly sizes: Memberlist['sizes'];
	/** Hosts of which most was refused, the worst first. */
	refusedSources(most: number): readonly RefusedSource[];
	/** How long the oldest member update has been spreading, in milliseconds; 0 when none is. */
	readonly oldestUpdateMs: number;
	/** The node's clock, in the unit of `Member.changedAt`. */
	now(): Instant;
	/** Wall-clock milliseconds since 1970 for an instant of the node's clock. */
	wallMs(instant: Instant): number;
	/** When the member's running suspicion turns into death unless it is refuted; undefined when none runs. */
	deadAt(name: string): Instant | undefined;
	/** The latest events, in order. */
	readonly events: EventLogView;
	/** What this node has seen happen to each member. */
	readonly evidence: EvidenceView;
	/** The last probes, seconds and state changes. */
	readonly history: LiveHistoryView;
	/** How long the member's last direct ack took, in milliseconds; undefined before the first. */
	rttMs(name: string): number | undefined;
	/** How the member is reached: over streams alone when packets to it are lost. */
	path(name: string): 'udp' | 'stream';
	/** Every event from now on, after its state is published. Returns the unsubscriber. */
	onEvent(listener: (event: MeshEvent) => void): () => void;
}
