// Why a member is what it is: conclusion, evidence and next steps as one document.

import { type Asked, momentOf } from './asked.ts';
import type { LikelyCode, NextStep } from './causes/likely.ts';
import { aboutSelf, type SelfCode } from './causes/self.ts';
import { conclude } from './conclude.ts';
import { type Episode, episodeOf } from './episode.ts';
import { rfc3339 } from './rfc3339.ts';
import type { StatusSource } from './source.ts';
import { type TimelineEntry, type TimelineKind, timelineOf } from './timeline.ts';

const SCHEMA = 1;

/** Times are RFC 3339 in UTC. Of a time before, all but `observer` is as it was at the end of the trouble that is explained. */
export interface WhyDocument {
	readonly schema: number;
	readonly member: string;
	readonly state: Episode['state'];
	/** Since when it is in this state. */
	readonly since: string;
	/** Of a suspect: when it will be dead unless it refutes; else `null`. */
	readonly deadAt: string | null;
	readonly likely: { readonly code: LikelyCode | SelfCode; readonly text: string };
	/** Oldest first; the last entries of a suspect are now and its expected death. */
	readonly timeline: readonly TimelineLine[];
	/** The probe that led to the accusation, or the latest that nobody answered; `null` when there is none. */
	readonly probe: LostProbe | null;
	readonly observer: Observer;
	readonly next: readonly NextStep[];
	/** Only where a time was asked for. */
	readonly asked?: Asked;
}

/** A probe that nobody answered, and how its helpers fared. */
export interface LostProbe {
	readonly number: number;
	/** When its ping was sent. */
	readonly at: string;
	readonly ackTimeoutMs: number;
	/** `null`: the helper itself did not answer. */
	readonly helpers: readonly { readonly name: string; readonly answer: 'ack' | 'nack' | null }[];
	/** Whether TCP was tried as well. */
	readonly stream: boolean;
}

/** One piece of evidence. */
export interface TimelineLine {
	readonly at: string;
	readonly kind: TimelineKind;
	/** Who did or said it, where that is a member. */
	readonly by: string | null;
	readonly title: string;
	readonly text: string;
}

/** How the node is that tells all this; its figures are since its start. */
export interface Observer {
	readonly name: string;
	/** When this was written. */
	readonly at: string;
	/** Local health, 0 best to `healthMax`. */
	readonly health: number;
	readonly healthMax: number;
	readonly stalls: number;
	readonly probes: number;
	readonly probesFailed: number;
}

/**
 * Of the present or latest trouble; with `atMs`, in milliseconds since 1970, of that at this time or the latest one before it.
 * `undefined` when nobody of that name is known.
 * @throws {RangeError} in one sentence, when nothing of that time is on record.
 */
export function whyDocument(source: StatusSource, name: string, atMs?: number): WhyDocument | undefined {
	if (episodeOf(source, name) === undefined) return undefined;
	if (atMs === undefined) return documentOf(source, name);
	const moment = momentOf(source, name, atMs);
	const document = documentOf(moment.source, name);
	if (document === undefined) return undefined;
	const { code, text } = document.likely;
	const since = rfc3339(source.wallMs(moment.recordedSince));
	const quiet = `Nothing to explain: no trouble of it is on record by then, and the record begins at ${since}.`;
	return {
		...document,
		likely: { code, text: code === 'healthy' ? quiet : text },
		observer: observerOf(source),
		asked: moment.asked,
	};
}

function documentOf(source: StatusSource, name: string): WhyDocument | undefined {
	const episode = episodeOf(source, name);
	if (episode === undefined) return undefined;
	const { member, state } = episode;
	const likely = name === source.config.name ? aboutSelf(source) : conclude(episode, source);
	const deadAt = source.deadAt(name);
	return {
		schema: SCHEMA,
		member: name,
		state,
		since: rfc3339(source.wallMs(member.changedAt)),
		deadAt: deadAt === undefined ? null : rfc3339(source.wallMs(deadAt)),
		likely: { code: likely.code, text: likely.text },
		timeline: timelineOf(episode, source).map((entry) => line(entry, source)),
		probe: lostProbe(episode, source),
		observer: observerOf(source),
		next: likely.next,
	};
}

function line({ at, kind, by, title, text }: TimelineEntry, source: StatusSource): TimelineLine {
	return { at: rfc3339(source.wallMs(at)), kind, by: by ?? null, title, text };
}

function lostProbe({ probes, suspected }: Episode, source: StatusSource): LostProbe | null {
	const lost = probes.filter(({ answer }) => answer === 'none');
	const probe = lost.findLast(({ at }) => suspected !== undefined && at <= suspected.at) ?? lost.at(-1);
	if (!probe) return null;
	const { seqNo, sentAt, helpers, stream } = probe;
	return {
		number: seqNo,
		at: rfc3339(source.wallMs(sentAt)),
		ackTimeoutMs: source.config.ackTimeoutMs,
		helpers: helpers.map(({ name, answer }) => ({ name, answer: answer ?? null })),
		stream,
	};
}

function observerOf(source: StatusSource): Observer {
	const { config, counters, health } = source;
	return {
		name: config.name,
		at: rfc3339(source.wallMs(source.now())),
		health,
		healthMax: config.awarenessMax - 1,
		stalls: counters.stalls,
		probes: counters.probes,
		probesFailed: counters.probeAnswers.none,
	};
}
