// The whole border of the machine: what goes in, what comes out, what it tells.

import type { Address } from './address.ts';
import type { RejectCode } from './codec.ts';
import type { KnownMembers } from './known-members.ts';
import type { Instant, Member, MemberState } from './member.ts';

/** A stream's number, unique in a node's life. Odd: opened by the machine. Even: accepted by the transport. */
export type StreamId = number;

/** What a transport delivers. `bytes` belong to the machine from then on. */
export type NetworkInput =
	| { readonly type: 'packet'; readonly from: Address; readonly bytes: Uint8Array }
	/** Somebody opened a stream to us. */
	| { readonly type: 'accept'; readonly stream: StreamId; readonly from: Address }
	| { readonly type: 'data'; readonly stream: StreamId; readonly bytes: Uint8Array }
	/** The peer will write no more. */
	| { readonly type: 'end'; readonly stream: StreamId }
	/** The stream is gone, or could not be opened. Nothing follows for it. */
	| { readonly type: 'fail'; readonly stream: StreamId; readonly reason: string };

/** What the application asks. `id` returns in the `settled` output, once. */
export type Command =
	/** Contact these addresses and take over the state of whoever answers. */
	| { readonly type: 'join'; readonly id: number; readonly addresses: readonly Address[] }
	/** Say goodbye, wait until it has been told, then stop. */
	| { readonly type: 'leave'; readonly id: number }
	/** Take a dead member out, everywhere: it counts as one that said goodbye, and is not looked for any more. */
	| { readonly type: 'remove'; readonly id: number; readonly name: string }
	/** Replace this node's tags and tell everybody. */
	| { readonly type: 'set-tags'; readonly id: number; readonly tags: Readonly<Record<string, string>> }
	/** Spread an application message to all members. Its first byte must not be 0xfe, which marks our own. */
	| { readonly type: 'broadcast'; readonly body: Uint8Array; readonly key?: string }
	/** Send an application message to one address, best effort. */
	| { readonly type: 'send'; readonly to: Address; readonly body: Uint8Array }
	/** What discovery (or the configuration) says: hints for the address book, never an authority. */
	| { readonly type: 'discovered'; readonly source: string; readonly addresses: readonly Address[] };

/** All that can happen to a machine. */
export type Input =
	/** First input of a machine's life. `advertise` is the address that others are to use. */
	| {
			readonly type: 'start';
			readonly advertise: Address;
			readonly incarnation: number;
			/** Members to begin with, as if a state transfer had brought them: a simulation that starts in the middle. Not told as events. */
			readonly known?: KnownMembers;
	  }
	| NetworkInput
	| Command
	/** The deadline has come. */
	| { readonly type: 'timeout' };

/** What a transport performs. The bytes are never written again after they were handed out. */
export type NetworkOutput =
	| { readonly type: 'packet'; readonly to: Address; readonly bytes: Uint8Array }
	| { readonly type: 'open'; readonly stream: StreamId; readonly to: Address }
	/** May precede the establishment of the stream: the transport keeps the bytes until then. */
	| { readonly type: 'write'; readonly stream: StreamId; readonly bytes: Uint8Array }
	/** We write no more; what was written still goes out. */
	| { readonly type: 'end'; readonly stream: StreamId }
	/** Forget the stream at once. */
	| { readonly type: 'reset'; readonly stream: StreamId };

/** How one address answered to a join. */
export interface JoinAnswer {
	readonly address: Address;
	readonly ok: boolean;
	/** How it answered; absent when it did not. */
	readonly via?: 'udp' | 'stream';
	/** Members known after the exchange. */
	readonly members?: number;
	/** Why not. */
	readonly reason?: string;
}

/** What became of a command, in the `settled` output under its number. */
export type CommandResult =
	| { readonly type: 'join'; readonly answers: readonly JoinAnswer[] }
	/** `told` of `of` members have acknowledged the goodbye. */
	| { readonly type: 'leave'; readonly told: number; readonly of: number; readonly tookMs: number }
	| { readonly type: 'set-tags' }
	| { readonly type: 'remove' }
	| {
			readonly type: 'error';
			readonly code: 'MESH_STOPPED' | 'MESH_BUSY' | 'MESH_TAGS_TOO_LARGE' | 'MESH_NO_MEMBER' | 'MESH_MEMBER_ALIVE';
			readonly message: string;
	  };

/** Why a member changed its state: facts that this node recorded. Texts are made of them in `status/`. */
export type Why =
	| { readonly code: 'started' }
	/** Heard in a message of gossip or in a state transfer. `by` = the accuser or, for an alive, absent. */
	| { readonly code: 'heard'; readonly by?: string }
	/** Our own probe failed. */
	| {
			readonly code: 'probe-failed';
			readonly sentAt: Instant;
			readonly helpers: readonly string[];
			readonly nacks: number;
			/** Whether a stream ping was tried as well. */
			readonly stream: boolean;
	  }
	/** The suspicion ran out. `confirmedBy`: the first accuser, then those who confirmed. */
	| { readonly code: 'not-refuted'; readonly suspectedAt: Instant; readonly confirmedBy: readonly string[] }
	| { readonly code: 'refuted' }
	| { readonly code: 'returned' }
	| { readonly code: 'left' }
	/** It was dead, and was taken out by hand; or its goodbye came late. */
	| { readonly code: 'removed' }
	/** Its tombstone is old enough, or its place was needed. */
	| { readonly code: 'forgotten' };

/** What a helper of a probe said. */
export interface HelperAnswer {
	readonly name: string;
	/** Absent: nothing, until the probe was settled. */
	readonly answer: 'ack' | 'nack' | undefined;
}

interface Stamped {
	/** Rises by one with every event of this node. */
	readonly seq: number;
	readonly at: Instant;
}

/** What happened, in order, told after the state it speaks of is published. */
export type MeshEvent = Stamped &
	(
		| {
				readonly type: 'state';
				readonly member: Member;
				/** `none`: it was not known before. */
				readonly from: MemberState | 'none';
				/** `none`: it has been forgotten. */
				readonly to: MemberState | 'none';
				readonly why: Why;
				/** Of a suspect: when it will be dead unless it refutes or others confirm. */
				readonly deadAt?: Instant;
		  }
		/** Address, tags or versions of a member changed. */
		| { readonly type: 'update'; readonly member: Member; readonly previous: Member }
		/** A probe that the direct ping did not settle within `ackTimeoutMs`. Those that go well are not told. */
		| {
				readonly type: 'probe';
				/** Who was probed, by name. */
				readonly member: string;
				readonly seqNo: number;
				readonly sentAt: Instant;
				/** Who brought the ack: the member itself, but late; a helper; the stream; nobody within the window. */
				readonly answer: 'late' | 'helper' | 'stream' | 'none';
				readonly helpers: readonly HelperAnswer[];
				/** Whether a stream ping was tried as well. */
				readonly stream: boolean;
				/** Of a late answer: the round trip of the ping that it answers, of which there may have been several (X15). */
				readonly rttMs?: number;
				/** The last ack before; 0 = never. */
				readonly lastAckAt: Instant;
				/** The round trip of the last direct ack; undefined = there was none. */
				readonly lastRttMs: number | undefined;
		  }
		/** A further accuser confirmed a suspicion; the verdict now falls at `deadAt`. */
		| { readonly type: 'confirmed'; readonly member: Member; readonly by: string; readonly deadAt: Instant }
		/** We were accused and have refuted under a new incarnation. */
		| { readonly type: 'refuted'; readonly by: string; readonly incarnation: number }
		/** A state transfer over packets that nobody answered, though the peer had just answered a ping. Those that go well are not told. */
		| {
				readonly type: 'transfer';
				readonly peer: Address;
				/** How often it was asked for, and how long each request was, in bytes. */
				readonly requests: number;
				readonly requestBytes: number;
		  }
		/** A first state transfer is complete. */
		| { readonly type: 'joined'; readonly through: Address; readonly via: 'udp' | 'stream'; readonly members: number }
		/** Two processes claim one name. `lost`: it is our name and the other one holds it now. */
		| {
				readonly type: 'conflict';
				readonly name: string;
				readonly held: Address;
				readonly claimed: Address;
				readonly lost: boolean;
		  }
		/** Our own health (Lifeguard awareness), 0 best to 7 worst. */
		| { readonly type: 'health'; readonly from: number; readonly to: number }
		/** We were not run for so long. */
		| { readonly type: 'stall'; readonly lateMs: number }
		| {
				readonly type: 'rejected';
				readonly code: RejectCode;
				readonly detail: string;
				readonly from: Address | undefined;
		  }
		| { readonly type: 'leaving' }
	);

/** The kinds of events. */
export type MeshEventType = MeshEvent['type'];

/** What is to be done because of an input, in this order. */
export type Output =
	| NetworkOutput
	| { readonly type: 'event'; readonly event: MeshEvent }
	| { readonly type: 'settled'; readonly id: number; readonly result: CommandResult };
