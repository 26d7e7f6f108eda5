// Check `peers`: two of one name, two at one address, and members that speak another version.

import { formatAddress, type Member, type MeshEvent, sameAddress } from '../../../swim/index.ts';
import { type DoctorContext, noNetwork, pingWaitMs } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { isLive } from '../targets.ts';
import { plural, someOf } from '../text.ts';

const RECENT_MS = 600_000;
/** Moves that are looked into. */
const MOST_MOVES = 5;

type Conflict = Extract<MeshEvent, { type: 'conflict' }>;

export async function checkPeers(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const { source } = context;
	const live = source.members.filter(isLive);
	const conflict = latestConflict(context);
	if (conflict) {
		const { name, held, claimed } = conflict;
		return fail(`two processes call themselves ${name}: ${formatAddress(held)} and ${formatAddress(claimed)}`, {
			why: conflict.lost
				? 'The other one holds the name now, so this node is seen by nobody.'
				: 'The first one keeps the name; the other one is seen by nobody.',
			try: [OWN_NAMES],
			data: { name, held, claimed },
		});
	}
	const moved = await movedAndStillThere(context);
	if (moved) {
		const { member, previous } = moved;
		return fail(
			`two processes call themselves ${member.name}: ${formatAddress(previous.address)} and ${formatAddress(member.address)}`,
			{
				why: 'The one that started later holds the name; the other one still runs, and is seen by nobody.',
				try: [OWN_NAMES],
				data: { name: member.name, held: previous.address, claimed: member.address },
			},
		);
	}
	const twins = sameAddresses(live);
	if (twins.length > 1) {
		return fail(`${someOf(twins.map(({ name }) => name))} are at one address, ${formatAddress(twins[0]!.address)}`, {
			why: 'An address was given to another process before the first one was known to be gone; or one host advertises for another.',
			try: twins.map(({ name }) => `longbow-mesh why ${name}`),
		});
	}
	const versions = new Map<string, string[]>();
	for (const { protocol, name } of live) {
		const version = protocol.join('.');
		versions.set(version, [...(versions.get(version) ?? []), name]);
	}
	const foreign = live.filter(({ own }) => !own).length;
	const [rarest] = [...versions.values()].sort((a, b) => a.length - b.length);
	const own = source.self.protocol;
	const deaf = live.filter(({ protocol }) => (protocol[0] ?? 0) > (own[1] ?? 0) || (protocol[1] ?? 0) < (own[0] ?? 0));
	if (deaf.length > 0) {
		return warn(`${someOf(deaf.map(({ name }) => name))} speak no version of the protocol that this node speaks`, {
			try: ['longbow-mesh version on both'],
		});
	}
	const mixed = versions.size > 1 ? `, ${versions.size} versions (${someOf(rarest ?? [])})` : `, protocol ${own[1]}`;
	const others = foreign > 0 ? `, ${foreign} of them serf or memberlist` : '';
	return pass(`${plural(live.length, 'member')}${others}${mixed}, no name twice`, { members: live.length, foreign });
}

const OWN_NAMES = 'give each its own LONGBOW_NODE_ID (default: host name)';

type Update = Extract<MeshEvent, { type: 'update' }>;

/** A member that changed its address, and still answers by its name at the old one. */
async function movedAndStillThere(context: DoctorContext): Promise<Update | undefined> {
	const { source, config } = context;
	const moves = source.members
		.flatMap(({ name }) => source.evidence.about(name))
		.filter((event): event is Update => event.type === 'update' && event.at > source.now() - RECENT_MS)
		.filter(({ member, previous }) => !sameAddress(member.address, previous.address))
		.slice(-MOST_MOVES);
	if (moves.length === 0) return undefined;
	const pinger = await context.pinger();
	const waitMs = pingWaitMs(config);
	const answers = await Promise.all(
		moves.map(({ previous }) => pinger.ping(previous.address, previous.name, { waitMs })),
	);
	return moves.find((_, i) => answers[i] !== undefined);
}

function latestConflict({ source }: DoctorContext): Conflict | undefined {
	const conflicts = source.members
		.flatMap(({ name }) => source.evidence.about(name))
		.filter((event): event is Conflict => event.type === 'conflict' && event.at > source.now() - RECENT_MS);
	return conflicts.sort((a, b) => a.at - b.at).at(-1);
}

function sameAddresses(members: readonly Member[]): readonly Member[] {
	const byAddress = new Map<string, Member[]>();
	for (const member of members) {
		const key = formatAddress(member.address);
		byAddress.set(key, [...(byAddress.get(key) ?? []), member]);
	}
	return [...byAddress.values()].find((each) => each.length > 1) ?? [];
}
