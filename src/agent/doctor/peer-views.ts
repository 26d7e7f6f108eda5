// What other members see, asked at their status addresses.

import { formatHostPort, splitHostPort } from '../../config/index.ts';
import { type ClientTls, callAction, FlightError } from '../../flight/index.ts';
import type { RingObject, StatusSource } from '../../status/index.ts';
import type { Member } from '../../swim/index.ts';

export interface PeerView {
	readonly member: Member;
	/** Undefined: it could not be asked; `problem` says why. */
	readonly seen: SeenByPeer | undefined;
	readonly problem: string | undefined;
}

export interface SeenByPeer {
	/** Names that it holds alive or suspect, sorted, itself included. */
	readonly live: readonly string[];
	/** The gossip address at which it knows this node; undefined when it knows no such live member. */
	readonly selfAddress: string | undefined;
	readonly fingerprint: string;
	/** What this node held when the answer came: only views of one moment can be compared. */
	readonly ours: { readonly live: readonly string[]; readonly fingerprint: string };
}

const ASK_TIMEOUT_MS = 2_000;
const AT_ONCE = 10;
const LIVE_STATUS = 1;

/** An answer each, in the order of the members. Those that tell no status address, as foreign ones do, are not asked. */
export async function askPeers(
	members: readonly Member[],
	source: StatusSource,
	tls?: ClientTls,
): Promise<readonly PeerView[]> {
	const views: PeerView[] = new Array(members.length);
	let next = 0;
	const worker = async (): Promise<void> => {
		for (let at = next++; at < members.length; at = next++) {
			views[at] = await askPeer(members[at] as Member, source, tls);
		}
	};
	await Promise.all(Array.from({ length: Math.min(AT_ONCE, members.length) }, worker));
	return views;
}

async function askPeer(member: Member, source: StatusSource, tls: ClientTls | undefined): Promise<PeerView> {
	const { host, port } = splitHostPort(member.tags.meta ?? '') ?? {};
	if (host === undefined || port === undefined)
		return { member, seen: undefined, problem: 'it tells no status address' };
	const address = formatHostPort({ host, port });
	try {
		const options = { timeoutMs: ASK_TIMEOUT_MS, tls };
		const [members, ring] = await Promise.all([
			callAction(address, 'MeshStatus', undefined, options),
			callAction(address, 'MeshRing', { key: 'doctor' }, options),
		]);
		return { member, seen: seenBy(members, ring, source), problem: undefined };
	} catch (error) {
		if (!(error instanceof FlightError)) throw error;
		const silent = error.code === 'DEADLINE_EXCEEDED' || error.code === 'UNAVAILABLE';
		const problem = silent ? `nothing answers at ${address}` : `${address}: ${error.message}`;
		return { member, seen: undefined, problem };
	}
}

/** @throws {FlightError} when the answer is none of ours: another program may have the port. */
function seenBy(members: unknown, ring: unknown, source: StatusSource): SeenByPeer {
	const { fingerprint } = (ring ?? {}) as Partial<RingObject>;
	if (!Array.isArray(members) || typeof fingerprint !== 'string') throw strange();
	const live: string[] = [];
	let selfAddress: string | undefined;
	for (const entry of members as unknown[]) {
		const { ID, Status, Addr } = (entry ?? {}) as Record<string, unknown>;
		if (typeof ID !== 'string' || typeof Status !== 'number' || typeof Addr !== 'string') throw strange();
		if (Status > LIVE_STATUS) continue;
		live.push(ID);
		if (ID === source.self.name) selfAddress = Addr;
	}
	const ours = { live: liveNames(source.members), fingerprint: source.ring.fingerprint };
	return { live: live.sort(), selfAddress, fingerprint, ours };
}

function strange(): FlightError {
	return new FlightError('INTERNAL', 'the answer is not that of an agent');
}

/** The names of live members, sorted, as {@link SeenByPeer.live}. */
export function liveNames(members: readonly Member[]): string[] {
	return members
		.filter(({ state }) => state === 'alive' || state === 'suspect')
		.map(({ name }) => name)
		.sort();
}
