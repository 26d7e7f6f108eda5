// The facts of a case: what happened to a member since it was last well, out of what this node recorded.

import type { Instant, Member, MeshEvent } from '../swim/index.ts';
import type { StatusSource } from './source.ts';

export type ProbeEvent = Extract<MeshEvent, { type: 'probe' }>;
export type StateEvent = Extract<MeshEvent, { type: 'state' }>;

export interface Episode {
	/** The member now; as it was last, when it is forgotten. */
	readonly member: Member;
	readonly state: Member['state'] | 'forgotten';
	/** All that is recorded of it, oldest first. */
	readonly recorded: readonly MeshEvent[];
	/** Out of that, what belongs to its present or its latest trouble. */
	readonly events: readonly MeshEvent[];
	readonly probes: readonly ProbeEvent[];
	/** The first accusation of the episode. */
	readonly suspected: StateEvent | undefined;
	/** How the episode ended well. */
	readonly recovered: StateEvent | undefined;
	/** Who accused it by name, this node included, the first one first. */
	readonly accusers: readonly string[];
	/** Helpers that could not reach it, and helpers that could. */
	readonly nackers: readonly string[];
	readonly ackers: readonly string[];
}

/** Probes so long before an accusation belong to it; probes of a member that was never accused count for as long as {@link RECENT_MS}. */
const BEFORE_SUSPICION_MS = 30_000;
export const RECENT_MS = 600_000;
/** So many probes in a row without an ack of its own are a trouble, though helpers reached it and nobody was accused. */
const IN_A_ROW = 3;

/** `undefined` when nobody of that name was ever heard of. */
export function episodeOf(source: StatusSource, name: string): Episode | undefined {
	const recorded = source.evidence.about(name);
	const known = source.member(name);
	const member = known ?? lastPicture(recorded);
	if (member === undefined) return undefined;
	const events = latestTrouble(recorded, member.state === 'alive', source);
	const probes = events.filter((event) => event.type === 'probe');
	const states = events.filter((event) => event.type === 'state');
	const helpers = probes.flatMap((probe) => probe.helpers);
	return {
		member,
		state: known ? member.state : 'forgotten',
		recorded,
		events,
		probes,
		suspected: states.find(({ to }) => to === 'suspect'),
		recovered: states.findLast(({ to }) => to === 'alive'),
		accusers: unique(events.flatMap((event) => accuserOf(event, source.config.name))),
		nackers: unique(helpers.filter(({ answer }) => answer === 'nack').map((helper) => helper.name)),
		ackers: unique(helpers.filter(({ answer }) => answer === 'ack').map((helper) => helper.name)),
	};
}

/** What a member went through from its first sign to its end. */
export interface Trouble {
	/** Of the first sign: the accusation, or the probe that led to it. */
	readonly from: Instant;
	/** Its states, oldest first; the last one is the end, where there is one. */
	readonly turns: readonly StateEvent[];
	/** When it was well again, or forgotten; `undefined` while it goes on. */
	readonly until: Instant | undefined;
}

/** The trouble that a member was in at an instant, or the latest one before; `undefined` when none had begun by then. */
export function troubleBy(recorded: readonly MeshEvent[], at: Instant): Trouble | undefined {
	const ends = recorded.flatMap((event, index) => (isEnd(event) ? [index + 1] : []));
	return [...ends, recorded.length]
		.flatMap((end, index) => troubleOf(recorded.slice(ends[index - 1] ?? 0, end)))
		.findLast(({ from }) => from <= at);
}

function troubleOf(events: readonly MeshEvent[]): Trouble[] {
	const turns = events.filter((event) => event.type === 'state');
	const [first, last] = [turns[0], turns.at(-1)];
	if (!first || !last) return [];
	const probe = events.find((event) => event.type === 'probe' && event.at >= first.at - BEFORE_SUSPICION_MS);
	const from = probe?.type === 'probe' ? Math.min(probe.sentAt, first.at) : first.at;
	return [{ from, turns, until: isEnd(last) ? last.at : undefined }];
}

function isEnd(event: MeshEvent): boolean {
	return event.type === 'state' && (event.to === 'alive' || event.to === 'none');
}

/** The member as it was when something of it was last recorded. */
export function lastPicture(recorded: readonly MeshEvent[]): Member | undefined {
	const last = recorded.findLast((event) => event.type === 'state' || event.type === 'update');
	return last && 'member' in last && typeof last.member === 'object' ? last.member : undefined;
}

function latestTrouble(recorded: readonly MeshEvent[], isWell: boolean, source: StatusSource): readonly MeshEvent[] {
	const recentAt = source.now() - RECENT_MS;
	const recoveries = recorded.flatMap((event, index) =>
		event.type === 'state' && event.to === 'alive' ? [index] : [],
	);
	const unaccused = isWell ? probesIn(recorded.slice((recoveries.at(-1) ?? -1) + 1), recentAt) : [];
	if (areInARow(unaccused, source)) return unaccused;
	// The latest recovery of a member that is well ends the episode; for one that is not, it comes before it.
	const before = (isWell ? recoveries.at(-2) : recoveries.at(-1)) ?? -1;
	const since = recorded.slice(before + 1);
	const turn = since.find((event) => event.type === 'state');
	const from = turn ? turn.at - BEFORE_SUSPICION_MS : recentAt;
	return since.filter((event) => event.type !== 'probe' || event.at >= from);
}

/** Each member is probed once a round, and of probes that go well there is no record. */
function areInARow(unaccused: readonly ProbeEvent[], { members, config }: StatusSource): boolean {
	const roundMs = members.length * config.protocolPeriodMs;
	const [first, last] = [unaccused.at(-IN_A_ROW), unaccused.at(-1)];
	return first !== undefined && last !== undefined && last.at - first.at <= IN_A_ROW * roundMs;
}

function probesIn(events: readonly MeshEvent[], from: Instant): readonly ProbeEvent[] {
	return events.filter((event): event is ProbeEvent => event.type === 'probe' && event.at >= from);
}

function accuserOf(event: MeshEvent, self: string): string[] {
	if (event.type === 'confirmed') return [event.by];
	if (event.type !== 'state' || event.to !== 'suspect') return [];
	if (event.why.code === 'probe-failed') return [self];
	return event.why.code === 'heard' && event.why.by !== undefined ? [event.why.by] : [];
}

function unique(names: readonly string[]): readonly string[] {
	return [...new Set(names)];
}
