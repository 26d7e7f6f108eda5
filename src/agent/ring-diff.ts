// Whose ring differs from ours, and in what: members whose view differs are asked at their status addresses.

import type { ClientTls } from '../flight/index.ts';
import type { OtherView, RingDifference, StatusSource } from '../status/index.ts';
import { rfc3339 } from '../status/index.ts';
import { askPeers, type PeerView } from './doctor/peer-views.ts';

/** Members that are asked; those that have differed for longest come first. */
const MOST_ASKED = 64;

/** In name order. A view that is the same by the time it answers has only been late, and is left out. */
export async function ringDifferences(source: StatusSource, tls?: ClientTls): Promise<readonly RingDifference[]> {
	const others = source.views.others.toSorted((a, b) => a.differsSince - b.differsSince).slice(0, MOST_ASKED);
	const members = others.flatMap(({ member }) => source.member(member) ?? []);
	const answers = await askPeers(members, source, tls);
	return others
		.flatMap((other) => {
			const answer = answers.find(({ member }) => member.name === other.member);
			return answer ? (difference(source, other, answer) ?? []) : [];
		})
		.sort((a, b) => (a.member < b.member ? -1 : 1));
}

function difference(source: StatusSource, other: OtherView, { seen, problem }: PeerView): RingDifference | undefined {
	const told = { member: other.member, digest: other.digest, since: rfc3339(source.wallMs(other.differsSince)) };
	if (!seen) return { ...told, fingerprint: null, lacks: [], adds: [], problem: problem ?? null };
	const { live, ours, fingerprint } = seen;
	if (fingerprint === ours.fingerprint) return undefined;
	const lacks = ours.live.filter((name) => !live.includes(name));
	const adds = live.filter((name) => !ours.live.includes(name));
	return { ...told, fingerprint, lacks, adds, problem: null };
}
