// The full exchange of memberlist: both sides send all they know over a stream (memberlist state.go: pushPull).

import { EMPTY } from './bytes.ts';
import { fieldsOf } from './identity.ts';
import { State } from './member.ts';
import type { Membership } from './membership.ts';
import type { PushPull, PushPullNode } from './message.ts';
import type { Node } from './node.ts';

/** Our whole view, dead and left members too, self included. */
export function localState(node: Node, join: boolean): PushPull {
	const { table } = node;
	const nodes: PushPullNode[] = [];
	for (let slot = 0; slot < table.slots; slot++) {
		if (!table.isKnown(slot)) continue;
		const identity = table.identity(slot);
		nodes.push({ ...fieldsOf(identity), incarnation: table.incarnation[slot]!, state: table.state(slot) });
	}
	return { join, nodes, userState: node.delegate.localState?.(join) ?? EMPTY };
}

/**
 * Merges a peer's whole view. Nothing is merged when the versions do not fit.
 * Returns the reason of a refusal, or undefined.
 */
export function mergeRemoteState(node: Node, membership: Membership, remote: PushPull): string | undefined {
	const refusal = checkVersions(node, remote.nodes);
	if (refusal !== undefined) return refusal;
	for (const entry of remote.nodes) mergeEntry(node, membership, entry);
	if (remote.userState.length > 0) node.delegate.remoteState?.(remote.userState, remote.join);
	return undefined;
}

/**
 * memberlist §8.5: a death is never believed out of a foreign state, it only starts a suspicion; a goodbye is. Such a
 * suspicion has no accuser that we know of, and may be the echo of one that we hold: memberlist takes it under its own name
 * and spreads it, and then it counts as a confirmation. Ours is told to the accused alone, and confirms nothing.
 */
function mergeEntry(node: Node, membership: Membership, entry: PushPullNode): void {
	const { name, incarnation } = entry;
	switch (entry.state) {
		case State.alive:
			membership.alive(entry, incarnation, 'gossip', undefined);
			break;
		case State.left:
			membership.dead(name, incarnation, name, 'gossip', undefined);
			break;
		case State.suspect:
		case State.dead:
			membership.suspect(name, incarnation, EMPTY, 'transfer', undefined);
			break;
		default:
			node.reject('bad-field', `state ${entry.state} in a push/pull`, undefined);
	}
}

type Range = {
	readonly protocolMin: number;
	readonly protocolMax: number;
	readonly delegateMin: number;
	readonly delegateMax: number;
};

/** Wire spec §7: every entry on both sides must speak versions that every living member understands. */
function checkVersions(node: Node, remote: readonly PushPullNode[]): string | undefined {
	const { table } = node;
	const all: { name: Uint8Array; vsn: Uint8Array }[] = [...remote];
	const living: Uint8Array[] = remote
		.filter((entry) => entry.state === State.alive && entry.vsn.length >= 6)
		.map((entry) => entry.vsn);
	for (let slot = 0; slot < table.slots; slot++) {
		if (!table.isKnown(slot)) continue;
		const { nameBytes, vsn } = table.identity(slot);
		all.push({ name: nameBytes, vsn });
		if (node.isAlive(slot)) living.push(vsn);
	}
	const range = understoodByAll(living);
	for (const { vsn } of all) {
		const protocol = vsn[2] ?? 0;
		const delegate = vsn[5] ?? 0;
		if (protocol < range.protocolMin || protocol > range.protocolMax) {
			return `protocol version ${protocol} is not in [${range.protocolMin}, ${range.protocolMax}]`;
		}
		if (delegate < range.delegateMin || delegate > range.delegateMax) {
			return `delegate version ${delegate} is not in [${range.delegateMin}, ${range.delegateMax}]; compat none or serf?`;
		}
	}
	return undefined;
}

function understoodByAll(living: readonly Uint8Array[]): Range {
	const most = (at: number): number => Math.max(0, ...living.map((vsn) => vsn[at]!));
	const least = (at: number): number => Math.min(255, ...living.map((vsn) => vsn[at]!));
	return { protocolMin: most(0), protocolMax: least(1), delegateMin: most(3), delegateMax: least(4) };
}
