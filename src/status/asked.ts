// What `why` explains when it is asked of a time before: which trouble, and what this node knew when it ended.

import type { Instant, Member, MemberState, MeshEvent } from '../swim/index.ts';
import { timeText } from './causes/likely.ts';
import { lastPicture, type StateEvent, troubleBy } from './episode.ts';
import { rfc3339 } from './rfc3339.ts';
import type { StatusSource } from './source.ts';

/** Which time was asked for, and the trouble that the member was in then, or the latest one before. */
export interface Asked {
	readonly at: string;
	/**
	 * What it went through, oldest first. The last one is alive or forgotten when it is over; there is none when nobody had accused
	 * it by then.
	 */
	readonly turns: readonly { readonly state: MemberState | 'forgotten'; readonly at: string }[];
}

/** A time before, and what there is to conclude from. */
export interface Moment {
	/** What was known when the trouble ended, or by then where there was none; all that is known when it goes on. */
	readonly source: StatusSource;
	readonly asked: Asked;
	/** Since when nothing about the member is missing. */
	readonly recordedSince: Instant;
}

/**
 * `atMs` in milliseconds since 1970; one to come is as good as now. What goes on still is explained as of now.
 * @throws {RangeError} when nothing of that time is on record.
 */
export function momentOf(source: StatusSource, name: string, atMs: number): Moment {
	// Instants are finer than the milliseconds that a time names, and are told rounded: it means all of its last one.
	const at = Math.min(source.now(), source.now() + atMs - source.wallMs(source.now()) + 1);
	const trouble = troubleBy(source.evidence.about(name), at);
	const since = recordedSince(source, name);
	if (!trouble && at < since) {
		throw new RangeError(`nothing of ${JSON.stringify(name)} is on record before ${timeText(since, source)}`);
	}
	const end = trouble ? trouble.until : at;
	const turns = (trouble?.turns ?? []).map((turn) => ({
		state: turn.to === 'none' ? ('forgotten' as const) : turn.to,
		at: timeText(turn.at, source),
	}));
	return {
		source: end === undefined ? source : asOf(source, end),
		asked: { at: rfc3339(atMs), turns },
		recordedSince: since,
	};
}

/** Since when this node knows the member and nothing about it is missing. */
function recordedSince(source: StatusSource, name: string): Instant {
	const first = source.evidence.about(name).find(isState);
	// To arrive alive is not recorded, but nothing has changed its state since.
	const arrived = first === undefined ? source.member(name)?.changedAt : first.from === 'none' ? first.at : undefined;
	return Math.max(source.evidence.since(name), arrived ?? Number.NEGATIVE_INFINITY);
}

/** What was known at an instant. Counters, ring and configuration are those of now; what is told of now alone, nothing then knew. */
function asOf(source: StatusSource, instant: Instant): StatusSource {
	const { evidence, config } = source;
	const by = <E extends { readonly at: Instant }>(events: readonly E[]): readonly E[] =>
		events.filter(({ at }) => at <= instant);
	const memberThen = (name: string): Member | undefined => {
		const recorded = evidence.about(name);
		const known = source.member(name);
		const later = recorded.find((event): event is StateEvent => isState(event) && event.at > instant);
		const state = by(recorded).findLast(isState)?.to ?? later?.from ?? known?.state;
		const picture = lastPicture(by(recorded)) ?? known ?? later?.member;
		if (!picture || state === undefined || state === 'none') return undefined;
		return { ...picture, state, seenAt: Math.min(known?.seenAt ?? picture.seenAt, instant) };
	};
	const health = source.evidence.own.filter((event) => event.type === 'health');
	return {
		...source,
		self: memberThen(config.name) ?? source.self,
		members: source.members.flatMap(({ name }) => memberThen(name) ?? []),
		member: memberThen,
		health: by(health).at(-1)?.to ?? health[0]?.from ?? source.health,
		evidence: {
			about: (name) => by(evidence.about(name)),
			since: (name) => evidence.since(name),
			own: by(evidence.own),
			accusations: by(evidence.accusations),
			transfers: by(evidence.transfers),
			rejections: { recent: () => [] },
		},
		now: () => instant,
		deadAt: () => undefined,
		rttMs: () => undefined,
	};
}

function isState(event: MeshEvent): event is StateEvent {
	return event.type === 'state';
}
