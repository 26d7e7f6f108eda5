// The parts of a live snapshot, each made of what a source shows: the node, the mesh, views, health, detection, a member.

import { type Member, type MemberState, suspicionMinMs } from '../swim/index.ts';
import { digestText } from './digest-text.ts';
import type { ProviderHealth } from './discovery-object.ts';
import { healthWord } from './health.ts';
import type { ProcessFacts } from './info-object.ts';
import type {
	LiveDetection,
	LiveHealth,
	LiveMember,
	LiveMesh,
	LiveNode,
	LiveProvider,
	LiveSplit,
	LiveViews,
} from './live.ts';
import { LIVE_LIMITS } from './live-limits.ts';
import { memberFacts } from './member-object.ts';
import type { LivePlayback } from './playback.ts';
import type { StatusSource } from './source.ts';
import { startedAtMs } from './started-at.ts';
import { zoneOf } from './zone.ts';

/** What a source does not know of its surroundings. */
export interface LiveAbout {
	readonly origin: LiveNode['origin'];
	/** What the process around the node knows; `loop` null where nobody measures it. */
	facts(): Pick<ProcessFacts, 'version' | 'node' | 'keys' | 'label'> & { readonly loop: LiveHealth['loop'] };
	/** How each provider is doing. */
	discovery(): readonly ProviderHealth[];
	/** Of a record that is played back; absent where a node lives. */
	playback?(): LivePlayback;
}

export function liveNode(source: StatusSource, about: LiveAbout): LiveNode {
	const { name, vsn, protocolPeriodMs, ackTimeoutMs, suspicionTimeoutMs, indirectProbes, streams } = source.config;
	const { version, node, keys, label } = about.facts();
	return {
		name,
		cluster: label ?? '',
		version,
		runtime: `Node ${node}`,
		origin: about.origin,
		startedAt: source.wallMs(source.history.startedAt ?? source.self.changedAt),
		protocol: vsn[1] ?? 0,
		keys,
		config: { protocolPeriodMs, ackTimeoutMs, suspicionTimeoutMs, indirectProbes, streams },
	};
}

/** `members` of the source, which makes a list of its own each time it is asked. */
export function liveMesh(source: StatusSource, members: readonly Member[]): LiveMesh {
	const counts: Record<MemberState, number> = { alive: 0, suspect: 0, dead: 0, left: 0 };
	for (const { state } of members) counts[state]++;
	const changed = source.history.changes.at(-1);
	return {
		counts,
		digest: digestText(source.digest),
		changedAt: changed === undefined ? null : source.wallMs(changed.at),
		split: liveSplit(source, members, counts),
	};
}

/** Deaths of one cause follow each other this closely: accusers find them one after the other. */
const SPLIT_GAP_MS = 10_000;
const SPLIT_LEAST = 2;
const SPLIT_PART = 0.2;

function liveSplit(source: StatusSource, members: readonly Member[], counts: LiveMesh['counts']): LiveSplit | null {
	const here = counts.alive + counts.suspect;
	if (counts.dead < SPLIT_LEAST) return null;
	const dead = members.filter(({ state }) => state === 'dead').sort((a, b) => a.changedAt - b.changedAt);
	let together: Member[] = [];
	let largest: Member[] = [];
	for (const member of dead) {
		const last = together.at(-1);
		if (last && member.changedAt - last.changedAt > SPLIT_GAP_MS) together = [];
		together.push(member);
		if (together.length >= largest.length) largest = together;
	}
	const elsewhere = largest.length;
	if (elsewhere < SPLIT_LEAST || elsewhere < SPLIT_PART * (here + elsewhere)) return null;
	const zones = new Set(largest.map(zoneOf));
	const [zone] = zones;
	const [first] = largest;
	return { here, elsewhere, since: source.wallMs(first!.changedAt), zone: zones.size === 1 ? (zone ?? null) : null };
}

export function liveViews(source: StatusSource): LiveViews {
	const { of, agree, others } = source.views;
	const differing = others
		.toSorted((a, b) => a.differsSince - b.differsSince)
		.slice(0, LIVE_LIMITS.differing)
		.map(({ member, digest, differsSince, heardAt }) => ({
			member,
			digest,
			since: source.wallMs(differsSince),
			heardAt: source.wallMs(heardAt),
		}));
	return { of, agree, differing };
}

export function liveHealth(source: StatusSource, loop: LiveHealth['loop']): LiveHealth {
	const { health, config, counters, sizes, history, wallMs } = source;
	return {
		score: health,
		worst: config.awarenessMax - 1,
		word: healthWord(health),
		stalls: counters.stalls,
		stalledAt: history.stalledAt === undefined ? null : wallMs(history.stalledAt),
		loop: loop && { p99Ms: tenths(loop.p99Ms), maxMs: tenths(loop.maxMs) },
		refutations: counters.refutations,
		rejected: Object.values(counters.rejected).reduce((sum, count) => sum + count, 0),
		updates: sizes.updates,
		bookAddresses: sizes.bookAddresses,
	};
}

/** In each period a crashed member is probed by somebody with this chance (SWIM §3.1); the probe takes a period more. */
export function liveDetection({ config, history }: StatusSource, live: number): LiveDetection {
	const others = Math.max(1, live - 1);
	const chance = 1 - (1 - 1 / others) ** others;
	const suspectMs = Math.round(config.protocolPeriodMs * (1 / chance + 1));
	const { deathsMs, refutationsMs } = history;
	return {
		suspectMs,
		deadMs: suspectMs + suspicionMinMs(config, live),
		measured: {
			deaths: deathsMs.length,
			deadMs: median(deathsMs),
			refutations: refutationsMs.length,
			refutedMs: median(refutationsMs),
		},
	};
}

export function liveProviders(health: readonly ProviderHealth[]): readonly LiveProvider[] {
	return health.map(({ provider, addresses, answeredAtMs, errors, problem }) => ({
		provider,
		addresses: addresses.length,
		answeredAt: answeredAtMs ?? null,
		errors,
		problem: problem ?? null,
	}));
}

export function liveMember(source: StatusSource, member: Member, share: number): LiveMember {
	const { ID, Addr, GRPCAddr, MetaAddr, Tags, Status, Incarnation } = memberFacts(member);
	const { rttMs, seenAt, probes } = probedFields(source, member);
	const deadAt = member.state === 'suspect' ? source.deadAt(member.name) : undefined;
	// Field by field: thousands of these are made for the first viewer, and a spread costs ten times as much.
	return {
		ID,
		Addr,
		GRPCAddr,
		MetaAddr,
		Tags,
		Status,
		Incarnation,
		own: member.own,
		protocol: member.protocol[2] ?? 0,
		zone: zoneOf(member) ?? null,
		since: source.wallMs(member.changedAt),
		startedAt: member.own ? startedAtMs(member.incarnation) : null,
		deadAt: deadAt === undefined ? null : source.wallMs(deadAt),
		path: source.path(member.name),
		share,
		rttMs,
		seenAt,
		probes,
	};
}

/** What a probe changes. */
export function probedFields(
	source: StatusSource,
	{ name, seenAt }: Member,
): Pick<LiveMember, 'rttMs' | 'seenAt' | 'probes'> {
	const isSelf = name === source.config.name;
	const rttMs = source.rttMs(name);
	return {
		rttMs: rttMs === undefined ? null : Number(rttMs.toPrecision(3)),
		seenAt: isSelf || seenAt === 0 ? null : source.wallMs(seenAt),
		probes: source.history.probesOf(name)?.marks ?? '',
	};
}

function tenths(ms: number): number {
	return Math.round(ms * 10) / 10;
}

function median(values: readonly number[]): number | null {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted[Math.floor(sorted.length / 2)];
	return middle === undefined ? null : Math.round(middle);
}
