// Port: an application that rides on the mesh (serf's intents and queries). Pure, called inside `step`.

import type { Address } from './address.ts';
import type { Member } from './member.ts';

/** What a delegate may ask of the machine, at any time during a call to it. */
export interface DelegateHost {
	readonly self: Member;
	/** As this node holds it; undefined when it knows nobody of that name. */
	member(name: string): Member | undefined;
	/** Spreads an application message to all members by gossip, within the retransmit limit. `key` replaces an older one of that key. */
	broadcast(body: Uint8Array, key?: string): void;
	/** Sends an application message to one address in a packet of its own. */
	send(to: Address, body: Uint8Array): void;
}

/** All optional. Must not throw on any bytes: what it cannot read it ignores and counts. */
export interface Delegate {
	/** Called once, before the node starts: keep the host. */
	attach?(host: DelegateHost): void;
	/** A user message arrived, by packet (`from` = where from) or by stream (`from` undefined). */
	userMessage?(body: Uint8Array, from: Address | undefined): void;
	/** Application state to put into a push/pull. */
	localState?(join: boolean): Uint8Array;
	/** Application state out of a peer's push/pull. */
	remoteState?(state: Uint8Array, join: boolean): void;
	/** Payload of acks to direct pings. */
	ackPayload?(): Uint8Array | undefined;
	/** The node begins to leave: broadcast the farewell now; the leave follows when it has been sent its full count, or after 500 ms. */
	leaving?(): void;
}
