// The fold of the live stream: a snapshot and what changed since make the next snapshot. Pure; nothing that was given is changed.

import type { EventObject } from './event-object.ts';
import type { LiveChange, LiveDelta, LiveMember, LiveSnapshot } from './live.ts';
import { LIVE_LIMITS } from './live-limits.ts';

/** Members that did not change are the same objects as before, so a page may compare by identity. */
export function fold(snapshot: LiveSnapshot, delta: LiveDelta): LiveSnapshot {
	const { at, seq, node, mesh, views, ring, health, detection, discovery, playback } = delta;
	const known = snapshot.events.at(-1)?.seq ?? 0;
	const events = (delta.events ?? []).filter((event) => event.seq > known);
	const second = snapshot.seconds.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
	const seconds = (delta.seconds ?? []).filter((each) => each.at > second);
	return {
		...snapshot,
		at,
		seq,
		...(node && { node }),
		...(mesh && { mesh }),
		...(views && { views }),
		...(ring && { ring }),
		...(health && { health }),
		...(detection && { detection }),
		...(discovery && { discovery }),
		...(playback && { playback }),
		members: foldMembers(snapshot.members, delta),
		events: latest(snapshot.events, events, LIVE_LIMITS.events),
		...foldChanges(snapshot, events.flatMap(changeOf)),
		seconds: latest(snapshot.seconds, seconds, LIVE_LIMITS.seconds),
	};
}

/** The lane entry of an event; none of an event that is no step from state to state. */
export function changeOf({ seq, at, type, member, from, to }: EventObject): LiveChange[] {
	if (type !== 'state' || member === undefined) return [];
	return [[seq, Date.parse(at), member, from as LiveChange[3], to as LiveChange[4]]];
}

function foldMembers(before: readonly LiveMember[], delta: LiveDelta): readonly LiveMember[] {
	const { members = [], gone = [], probed = [], shares = [] } = delta;
	if (members.length + gone.length + probed.length + shares.length === 0) return before;
	const after = before.slice();
	for (const member of members) {
		const place = placeOf(after, member.ID);
		after.splice(place, after[place]?.ID === member.ID ? 1 : 0, member);
	}
	for (const [id, rttMs, seenAt, probes] of probed) change(after, id, { rttMs, seenAt, probes });
	for (const [id, share] of shares) change(after, id, { share });
	for (const id of gone) {
		const place = placeOf(after, id);
		if (after[place]?.ID === id) after.splice(place, 1);
	}
	return after;
}

/** Of a member that is not known nothing can be changed: it comes whole, or is gone. */
function change(members: LiveMember[], id: string, fields: Partial<LiveMember>): void {
	const place = placeOf(members, id);
	const member = members[place];
	if (member?.ID === id) members[place] = { ...member, ...fields };
}

/** Where the ID stands, or would stand. */
function placeOf(members: readonly LiveMember[], id: string): number {
	let low = 0;
	let high = members.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (members[middle]!.ID < id) low = middle + 1;
		else high = middle;
	}
	return low;
}

function foldChanges(
	{ changes, changesSince }: LiveSnapshot,
	more: readonly LiveChange[],
): Pick<LiveSnapshot, 'changes' | 'changesSince'> {
	const dropped = changes.length + more.length - LIVE_LIMITS.changes;
	const last = dropped > 0 ? (changes[dropped - 1] ?? more[dropped - changes.length - 1]) : undefined;
	return { changes: latest(changes, more, LIVE_LIMITS.changes), changesSince: last?.[1] ?? changesSince };
}

function latest<T>(before: readonly T[], more: readonly T[], most: number): readonly T[] {
	return more.length === 0 ? before : [...before, ...more].slice(-most);
}
