// The members as this node measures them: what each told of its view, how long its answers take, which way they come.

import type { Instant, Member } from '../swim/index.ts';
import { digestText } from './digest-text.ts';
import { rfc3339 } from './rfc3339.ts';
import type { StatusSource } from './source.ts';
import { startedAtMs } from './started-at.ts';

/** Times are RFC 3339 in UTC. */
export interface MemberView {
	readonly member: string;
	/** What it last told of its view, 16 hex digits, and when; `null` when it never did, as foreign members do not. */
	readonly digest: string | null;
	readonly heardAt: string | null;
	/** Whether that was equal to ours at the time, and since when it has not been. */
	readonly agrees: boolean | null;
	readonly differsSince: string | null;
	/** Of its last direct ack; `null` before the first. */
	readonly rttMs: number | null;
	/** How this node reaches it. */
	readonly path: 'udp' | 'tcp only';
	/** Since when it is in its state. */
	readonly since: string;
	/** When it started, by its incarnation, a second later for each refutation since; `null` of a foreign one. */
	readonly startedAt: string | null;
	/** The memberlist protocol that it speaks, and whether it is one of our own. */
	readonly protocol: number;
	readonly own: boolean;
}

/** Answer of `MeshViews`. */
export interface ViewsObject {
	/** Whose view this is. */
	readonly self: string;
	/** Ours, 16 hex digits. */
	readonly digest: string;
	/** Own alive members whose digest has been heard, this node included, and how many of them agree with it. */
	readonly of: number;
	readonly agree: number;
	/** A row a member, this node included, in the order of their names. */
	readonly members: readonly MemberView[];
}

const PCUR = 2;

/** As of now. */
export function viewsObject(source: StatusSource): ViewsObject {
	const { digest, of, agree } = source.views;
	const members = source.members.map((member) => memberView(source, member));
	return { self: source.self.name, digest, of, agree, members };
}

/** One member as `MeshViews` shows it. */
export function memberView(source: StatusSource, { name, changedAt, protocol, own, incarnation }: Member): MemberView {
	const self = name === source.self.name;
	const heard = self ? undefined : source.heardView(name);
	const time = (instant: Instant | undefined): string | null =>
		instant === undefined ? null : rfc3339(source.wallMs(instant));
	return {
		member: name,
		digest: self ? digestText(source.digest) : (heard?.digest ?? null),
		heardAt: time(self ? source.now() : heard?.heardAt),
		agrees: self || (heard ? heard.differsSince === undefined : null),
		differsSince: time(heard?.differsSince),
		rttMs: self ? null : (source.rttMs(name) ?? null),
		path: source.path(name) === 'stream' ? 'tcp only' : 'udp',
		since: rfc3339(source.wallMs(changedAt)),
		startedAt: own ? rfc3339(startedAtMs(incarnation)) : null,
		protocol: protocol[PCUR] ?? 0,
		own,
	};
}
