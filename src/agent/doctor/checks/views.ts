// Check `views`: whether others see the members that we see, and the same ring.

import { setTimeout as pause } from 'node:timers/promises';
import { durationText } from '../../../status/index.ts';
import { formatAddress, type Member } from '../../../swim/index.ts';
import { type DoctorContext, noNetwork } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { answers } from '../paths.ts';
import { liveNames, type PeerView, type SeenByPeer } from '../peer-views.ts';
import { plural, someOf } from '../text.ts';

/** News is on its way for so long: who differs is looked at twice. */
const SECOND_LOOK_MS = 1_500;
const RECENTLY_MS = 600_000;
/** Members that died within so long of each other died together. */
const TOGETHER_MS = 30_000;

type Answered = PeerView & { readonly seen: SeenByPeer };

export async function checkViews(context: DoctorContext): Promise<Finding> {
	const off = noNetwork(context);
	if (off !== undefined) return skip(off);
	const first = await context.views();
	if (first.length === 0) return skip('no other member can be asked for its view');
	const views = (await lookAgain(context, first)).filter(isAnswered);
	const differing = views.filter(differs);
	const data = {
		views: first.length,
		asked: views.length,
		self: liveNames(context.source.members),
		differing: differing.map(viewData),
	};
	const missed = unreached(first);
	if (differing.length > 0) return split(context, views, differing, data);
	const strays = await notMembers(context);
	if (strays.length > 0) {
		return warn(
			`${someOf(strays)} ${strays.length === 1 ? 'answers' : 'answer'} pings, and ${strays.length === 1 ? 'is' : 'are'} no live member here`,
			{
				why: 'It is about to join or to return, or it is a mesh of its own. Contact is tried again every few seconds.',
				try: [`longbow-mesh join ${strays[0]}`],
				data,
			},
		);
	}
	const gone = diedTogether(context, views);
	if (gone.length > 1) return lostSide(context, gone, data);
	if (views.length === 0) return skip(`none of ${plural(first.length, 'member')} could be asked${missed}`);
	const agree = `${views.length} of ${views.length} agree`;
	const otherRings = views.filter(ringDiffers).map(({ member }) => member.name);
	if (otherRings.length > 0) {
		return warn(`${agree} on the members, but ${someOf(otherRings)} have another ring`, {
			why: 'A weight has changed and the news of it is on its way, or versions differ.',
			try: ['longbow-mesh ring --addr <member>:3001, on both; longbow-mesh version'],
			data,
		});
	}
	return pass(`${agree}, one ring${missed}`, data);
}

/** Asks those again that differed: what was only late has arrived by then. */
async function lookAgain(context: DoctorContext, first: readonly PeerView[]): Promise<readonly PeerView[]> {
	const late = first.filter((view) => isAnswered(view) && (differs(view) || ringDiffers(view)));
	if (late.length === 0) return first;
	await pause(SECOND_LOOK_MS);
	const again = await context.ask(late.map(({ member }) => member));
	return first.map((view) => again.find(({ member }) => member.name === view.member.name) ?? view);
}

function split(
	{ source }: DoctorContext,
	views: readonly Answered[],
	differing: readonly Answered[],
	data: Readonly<Record<string, unknown>>,
): Finding {
	const [other] = differing as [Answered];
	const groups = new Map<string, string[]>([[viewKey(other.seen.ours.live), [source.self.name]]]);
	for (const { member, seen } of views) {
		const key = viewKey(seen.live);
		groups.set(key, [...(groups.get(key) ?? []), member.name]);
	}
	const sides = [...groups].map(([key, names]) => `${someOf(names.sort())} see ${JSON.parse(key).length}`);
	const { lacks, adds } = difference(other.seen);
	const missing = [
		...(lacks.length > 0 ? [`${other.member.name} does not see ${someOf(lacks)}`] : []),
		...(adds.length > 0 ? [`it sees ${someOf(adds)}, whom we do not`] : []),
	];
	const mutual = other.member.state !== 'alive' || adds.length > 0;
	const meaning =
		mutual && lacks.includes(source.self.name)
			? 'A partition. It heals by itself when the path is back.'
			: 'It is repaired by itself within seconds; if it lasts, packets between the two are lost.';
	return fail(`${groups.size} views: ${sides.join('; ')} members`, {
		why: `${missing.join('; ')}. ${meaning}`,
		try: [
			`longbow-mesh doctor --peer ${other.member.name}`,
			`check the network between ${source.self.address.host} and ${other.member.address.host}: NetworkPolicies, zones, routes`,
		],
		data,
	});
}

/** Dead members that nothing reaches: their side cannot be asked, so a crash of all of them looks the same. */
function lostSide(
	{ source }: DoctorContext,
	gone: readonly Member[],
	data: Readonly<Record<string, unknown>>,
): Finding {
	const since = durationText(source.now() - Math.max(...gone.map(({ changedAt }) => changedAt)));
	const names = someOf(gone.map(({ name }) => name));
	return warn(
		`${plural(gone.length, 'member')} died within ${durationText(TOGETHER_MS)} of each other, ${since} ago: ${names}`,
		{
			why: 'Nothing of theirs answers. They have ended together, or a partition lies between: then they hold us dead too, and all heals by itself when the path is back.',
			try: [
				`longbow-mesh members --addr ${gone[0]?.tags.meta ?? `${gone[0]?.address.host}:3001`}, from a host on their side`,
				`longbow-mesh why ${gone[0]?.name}`,
			],
			data,
		},
	);
}

function diedTogether({ source }: DoctorContext, views: readonly Answered[]): readonly Member[] {
	const dead = source.members.filter(
		({ state, changedAt, name }) =>
			state === 'dead' && source.now() - changedAt < RECENTLY_MS && !views.some(({ member }) => member.name === name),
	);
	const last = Math.max(...dead.map(({ changedAt }) => changedAt));
	return dead.filter(({ changedAt }) => last - changedAt < TOGETHER_MS);
}

/** Addresses of discovery, and dead members, that answer a ping. */
async function notMembers(context: DoctorContext): Promise<readonly string[]> {
	const found = (await context.paths()).filter((path) => path.target.kind !== 'member' && answers(path));
	// It may have joined while it was pinged.
	const live = context.source.members.filter(({ state }) => state === 'alive' || state === 'suspect');
	const known = new Set(live.map(({ address }) => formatAddress(address)));
	return found.map(({ target }) => formatAddress(target.address)).filter((address) => !known.has(address));
}

function isAnswered(view: PeerView): view is Answered {
	return view.seen !== undefined;
}

function differs({ seen }: Answered): boolean {
	return viewKey(seen.live) !== viewKey(seen.ours.live);
}

/** Names may contain anything, commas too. */
function viewKey(live: readonly string[]): string {
	return JSON.stringify(live);
}

function ringDiffers({ seen }: Answered): boolean {
	return seen.fingerprint !== seen.ours.fingerprint;
}

function difference({ live, ours }: SeenByPeer): { lacks: string[]; adds: string[] } {
	return {
		lacks: ours.live.filter((name) => !live.includes(name)),
		adds: live.filter((name) => !ours.live.includes(name)),
	};
}

function unreached(views: readonly PeerView[]): string {
	const missed = views.filter((view) => !isAnswered(view) && view.member.state !== 'dead');
	if (missed.length === 0) return '';
	return `; not asked: ${someOf(missed.map(({ member }) => member.name))} (${missed[0]?.problem})`;
}

function viewData({ member, seen }: Answered): object {
	return { name: member.name, live: seen.live, fingerprint: seen.fingerprint };
}
