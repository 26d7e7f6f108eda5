// Peers of a `join`, from text to addresses; a name that does not resolve is an answer like any other.

import { lookup } from 'node:dns/promises';
import { type Peer, parsePeer, type Resolve } from '../discovery/index.ts';
import type { Address, JoinAnswer } from '../swim/index.ts';

export interface ResolvedPeers {
	readonly addresses: readonly Address[];
	readonly failed: readonly JoinAnswer[];
}

/** @throws {RangeError} naming the first entry that is no peer. */
export async function resolvePeers(
	texts: readonly string[],
	defaultPort: number,
	resolve: Resolve = lookupAll,
): Promise<ResolvedPeers> {
	const peers = texts.map((text) => parsePeer(text, defaultPort));
	const failed: JoinAnswer[] = [];
	const found = await Promise.all(
		peers.map(async (peer) => {
			try {
				return await addressesOf(peer, resolve);
			} catch (error) {
				const reason = error instanceof Error ? error.message : String(error);
				failed.push({ address: { host: peer.host, port: peer.port }, ok: false, reason });
				return [];
			}
		}),
	);
	return { addresses: found.flat(), failed };
}

async function addressesOf({ host, port, literal }: Peer, resolve: Resolve): Promise<Address[]> {
	if (literal) return [{ host, port }];
	const hosts = await resolve(host);
	return [...new Set(hosts)].map((each) => ({ host: each, port }));
}

async function lookupAll(host: string): Promise<readonly string[]> {
	return (await lookup(host, { all: true })).map((each) => each.address);
}
