// The embeddable node as its user sees it: options, events, commands.

import type { Discovery, DiscoveryHealth } from '../discovery/index.ts';
import type { FileJournalOptions } from '../journal/index.ts';
import type { Transport } from '../net/index.ts';
import type { RingView } from '../ring/index.ts';
import type { StatusSource } from '../status/index.ts';
import type { Address, Config, Delegate, JoinAnswer, Member, MeshEvent, Why } from '../swim/index.ts';
import type { Keyring } from '../wire/index.ts';

/**
 * The seed's topology driver: told who owns keys and who does so no longer, self included, in order,
 * after the view is published. A ring that only follows these calls has the members of `Mesh.ring`.
 * It may call anything; what it throws becomes a warning of the process.
 */
export interface EventDelegate {
	/** A member that was unknown, dead or gone is here. */
	notifyJoin?(member: Member): void;
	/** A member is dead, has left or (this node) begins to leave. */
	notifyLeave?(member: Member): void;
	/** Address, tags or versions of a member changed. */
	notifyUpdate?(member: Member): void;
}

/** All optional. The knobs of the protocol are those of {@link Config}, with its defaults; durations are milliseconds. */
export interface MeshOptions extends Partial<Omit<Config, 'name' | 'limits' | 'vsn'>> {
	/** Unique in the cluster. Default: the host name. */
	readonly name?: string;
	/** Address to bind. Default `0.0.0.0`. */
	readonly bindHost?: string;
	/** UDP and TCP port; 0 = any free one. Default 7946. */
	readonly port?: number;
	/** What others are told, `host` or `host:port`; an IP literal. Default: the bound address, or the first external one when bound to a wildcard. */
	readonly advertise?: string;
	/** First peers: `host:port`, `host`, `[v6]:port`; without a port at this node's own, `port`. Names are resolved, and resolved again, for ever. */
	readonly seeds?: readonly string[];
	/** More sources of first peers. */
	readonly discovery?: readonly Discovery[];
	/** Separates clusters that can reach each other (memberlist label). */
	readonly label?: string;
	/** 16, 24 or 32 bytes each; the first one encrypts, all decrypt. Empty or absent: not encrypted. `Mesh.keyring` rotates them. */
	readonly keys?: readonly Uint8Array[];
	/** With keys: whether clear text is refused (true). False only while a mesh moves to encryption. */
	readonly verifyIncoming?: boolean;
	/** With keys: whether what is sent is encrypted (true). False only while a mesh moves to encryption. */
	readonly verifyOutgoing?: boolean;
	/** Share of the ring relative to others, 0 to 1,000. Default 1. */
	readonly weight?: number;
	/** Tag `grpc` and tag `meta`: where this process serves (X14). A wildcard or loopback host is replaced by the gossip host. */
	readonly grpcAddress?: string;
	readonly metaAddress?: string;
	/** `serf`: take part in a Serf cluster as one of its own. */
	readonly compat?: 'none' | 'serf';
	readonly events?: EventDelegate;
	/** Application messages that ride on the mesh. */
	readonly delegate?: Delegate;
	/** Records all inputs in a file, as clear text without keys, for `longbow-mesh replay`. Not with a `delegate`. */
	readonly journal?: FileJournalOptions;
	/** Default: UDP and, with `streams`, TCP. */
	readonly transport?: Transport;
	/** Aborting closes the mesh without a goodbye. */
	readonly signal?: AbortSignal;
}

/**
 * Events by name for `on`; the second argument says why, in facts and in words. Listeners run one
 * event after the other, each after the state that it is told of is published. What one throws, or
 * an async one rejects with, becomes a warning of the process (`MESH_LISTENER_FAILED`).
 */
export interface MeshListeners {
	/** A member is here that was unknown, dead or gone. Told before anything else is told of it. */
	join: (member: Member, why: ExplainedWhy) => void;
	/** It does not answer, and may still refute. It keeps its keys. */
	suspect: (member: Member, why: ExplainedWhy) => void;
	/** A suspect answered, or refuted. */
	alive: (member: Member, why: ExplainedWhy) => void;
	/** It did not refute in time; its keys go to others. */
	dead: (member: Member, why: ExplainedWhy) => void;
	/** It said goodbye, or was heard to have; its keys go to others. */
	leave: (member: Member, why: ExplainedWhy) => void;
	/** Its address, tags or versions changed. */
	update: (member: Member, previous: Member) => void;
	/** Two processes claim one name; `lost`: it is the name of this node. */
	conflict: (event: Extract<MeshEvent, { type: 'conflict' }>) => void;
	/** Everything, in order. */
	event: (event: MeshEvent) => void;
}

/** The facts behind a change of state, and the same in words: one clause, without capital or full stop. */
export type ExplainedWhy = Why & { readonly text: string };

/** A running node. Everything that is read here is current at once; what changes it is told by events in order. */
export interface Mesh extends AsyncDisposable {
	/** Unique in the cluster. */
	readonly name: string;
	/** What others are told. */
	readonly address: Address;
	/** This node as it holds itself. */
	readonly self: Member;
	/** Alive and suspect members, self included, in name order. `status.members` has the dead ones too. */
	readonly members: readonly Member[];
	/** Any known member, the dead and left too while they are shown; undefined when nobody of that name is known. */
	member(name: string): Member | undefined;
	/** Who owns which key: the ring over all alive and suspect members. */
	readonly ring: RingView;
	/** All that this node knows, for views of your own. */
	readonly status: StatusSource;
	/** The keys, to be rotated while the mesh runs; undefined = it is not encrypted, and cannot become so without a restart. */
	readonly keyring: Keyring | undefined;
	/** Health of each discovery provider. */
	readonly discovery: readonly DiscoveryHealth[];
	/**
	 * Returns the unsubscriber.
	 * @throws {TypeError} when there is no event of that name, or the listener is no function.
	 */
	on<E extends keyof MeshListeners>(event: E, listener: MeshListeners[E]): () => void;
	/** Every event from now on; ends when the mesh closes or `signal` aborts. A reader that lags more than 10,000 events behind gets `MESH_LAGGED`. */
	events(signal?: AbortSignal): AsyncIterable<MeshEvent>;
	/**
	 * Contacts peers, in the syntax of `seeds`. A name that does not resolve is an answer that is not `ok`.
	 * @throws {TypeError | RangeError} naming the entry that is no peer. @throws {MeshError} `MESH_JOIN_FAILED` when none answered.
	 */
	join(peers: readonly string[]): Promise<readonly JoinAnswer[]>;
	/**
	 * Replaces the user's tags; the tags `lb`, `grpc`, `meta` and `w` belong to the mesh.
	 * @throws {TypeError} naming a tag that is not the user's. @throws {MeshError} `MESH_TAGS_TOO_LARGE`.
	 */
	setTags(tags: Readonly<Record<string, string>>): Promise<void>;
	/**
	 * Takes a dead member out, here and everywhere: it counts as one that left, and nobody looks for it at its address any more.
	 * If it lives after all, it refutes and is back. One that has left already is no error.
	 * @throws {MeshError} `MESH_NO_MEMBER`, `MESH_MEMBER_ALIVE`.
	 */
	remove(name: string): Promise<void>;
	/** Says goodbye, waits until it has been told, closes. Idempotent. `await using` does this. */
	leave(): Promise<{ readonly told: number; readonly of: number; readonly tookMs: number }>;
	/** Closes without a goodbye: the others will find out. What is under way rejects with `MESH_STOPPED`. Idempotent. */
	close(): Promise<void>;
}
