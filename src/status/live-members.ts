// The members of a live view: each as it was told last, with the version in which it was new, and those that are gone.

import { weightOf } from '../ring/index.ts';
import type { Instant, Member } from '../swim/index.ts';
import type { LiveDelta, LiveMember } from './live.ts';
import { MEASURED_OWNERS } from './live-limits.ts';
import { liveMember, probedFields } from './live-parts.ts';
import type { StatusSource } from './source.ts';

interface Entry {
	live: LiveMember;
	/** What it was made of. */
	member: Member;
	deadAt: Instant | undefined;
	probesEnded: number;
	/** The versions in which all of it, its probes, its share were new. */
	whole: number;
	probed: number;
	shared: number;
	/** The refresh that has seen it last. */
	refreshed: number;
}

type Changed = Pick<LiveDelta, 'members' | 'gone' | 'probed' | 'shares'>;

/** Members forgotten since; who was away for longer gets a snapshot. */
const GONE_KEPT = 1_000;
/** A ring of some size is not measured often. */
const LARGE_RING = 50;
const MEASURE_MS = 2_000;

export class LiveMembers {
	readonly #source: StatusSource;
	readonly #entries = new Map<string, Entry>();
	readonly #gone: { readonly id: string; readonly version: number }[] = [];
	/** Newest version of which a forgotten member is known no more. */
	#goneLost = 0;
	#refreshes = 0;
	#fingerprint = '';
	#measuredAt: Instant = Number.NEGATIVE_INFINITY;
	#shareOf: (id: string) => number = () => 0;

	constructor(source: StatusSource) {
		this.#source = source;
	}

	/** Whether anything is new, which then is of this version. */
	refresh(members: readonly Member[], version: number): boolean {
		this.#refreshes++;
		const measured = this.#measure(members);
		let changed = false;
		for (const member of members) changed = this.#refreshMember(member, version) || changed;
		if (this.#entries.size > members.length) {
			this.#forget(version);
			changed = true;
		}
		return (measured && this.#refreshShares(version)) || changed;
	}

	/** In order of their IDs. */
	all(): LiveMember[] {
		const members = [...this.#entries.values()].map(({ live }) => live);
		return members.sort((a, b) => (a.ID < b.ID ? -1 : 1));
	}

	/** What is newer than the version; undefined when that is not known. */
	since(version: number): Changed | undefined {
		if (version < this.#goneLost) return undefined;
		const members: LiveMember[] = [];
		const probed: NonNullable<LiveDelta['probed']>[number][] = [];
		const shares: NonNullable<LiveDelta['shares']>[number][] = [];
		for (const entry of this.#entries.values()) {
			const { ID, rttMs, seenAt, probes, share } = entry.live;
			if (entry.whole > version) {
				members.push(entry.live);
				continue;
			}
			if (entry.probed > version) probed.push([ID, rttMs, seenAt, probes]);
			if (entry.shared > version) shares.push([ID, share]);
		}
		const gone = this.#gone.filter((each) => each.version > version && !this.#entries.has(each.id));
		return {
			...(members.length > 0 && { members }),
			...(probed.length > 0 && { probed }),
			...(shares.length > 0 && { shares }),
			...(gone.length > 0 && { gone: gone.map(({ id }) => id) }),
		};
	}

	#refreshMember(member: Member, version: number): boolean {
		const source = this.#source;
		const { name } = member;
		const entry = this.#entries.get(name);
		const probesEnded = source.history.probesOf(name)?.ended ?? 0;
		const deadAt = member.state === 'suspect' ? source.deadAt(name) : undefined;
		if (entry === undefined) {
			const live = liveMember(source, member, this.#shareOf(name));
			const told = { whole: version, probed: 0, shared: 0 };
			this.#entries.set(name, { live, member, deadAt, probesEnded, refreshed: this.#refreshes, ...told });
			return true;
		}
		const probed = probesEnded !== entry.probesEnded || member.seenAt !== entry.member.seenAt;
		const moved = probed && source.path(name) !== entry.live.path;
		const whole = moved || deadAt !== entry.deadAt || !sameWords(member, entry.member);
		if (whole) entry.live = liveMember(source, member, entry.live.share);
		else if (probed) entry.live = { ...entry.live, ...probedFields(source, member) };
		if (whole) entry.whole = version;
		else if (probed) entry.probed = version;
		entry.member = member;
		entry.deadAt = deadAt;
		entry.probesEnded = probesEnded;
		entry.refreshed = this.#refreshes;
		return whole || probed;
	}

	#forget(version: number): void {
		for (const [id, { refreshed }] of this.#entries) {
			if (refreshed === this.#refreshes) continue;
			this.#entries.delete(id);
			this.#gone.push({ id, version });
		}
		const lost = this.#gone.splice(0, this.#gone.length - GONE_KEPT);
		this.#goneLost = lost.at(-1)?.version ?? this.#goneLost;
	}

	/** Whether the shares may have changed. */
	#measure(members: readonly Member[]): boolean {
		const { ring, now } = this.#source;
		const { fingerprint } = ring;
		if (fingerprint === this.#fingerprint) return false;
		if (ring.size > LARGE_RING && now() - this.#measuredAt < MEASURE_MS) return false;
		this.#fingerprint = fingerprint;
		this.#measuredAt = now();
		this.#shareOf = ring.size > MEASURED_OWNERS ? this.#sharesOfWeights(members) : this.#sharesOfRing();
		return true;
	}

	#refreshShares(version: number): boolean {
		let changed = false;
		for (const [id, entry] of this.#entries) {
			const share = this.#shareOf(id);
			if (share === entry.live.share) continue;
			entry.live = { ...entry.live, share };
			entry.shared = version;
			changed = true;
		}
		return changed;
	}

	#sharesOfRing(): (id: string) => number {
		const shares = new Map(this.#source.ring.shares().map(({ member, share }) => [member, share]));
		return (id) => Number((shares.get(id) ?? 0).toPrecision(6));
	}

	/** So coarse that one owner more or less does not change everybody's. */
	#sharesOfWeights(members: readonly Member[]): (id: string) => number {
		const { ring } = this.#source;
		const weights = new Map<string, number>();
		let total = 0;
		for (const member of members) {
			if (!ring.has(member.name)) continue;
			weights.set(member.name, weightOf(member));
			total += weightOf(member);
		}
		return (id) => Number(((weights.get(id) ?? 0) / Math.max(1, total)).toPrecision(2));
	}
}

/** Whether the members say the same of themselves, and are said to be the same by others. */
function sameWords(a: Member, b: Member): boolean {
	return (
		a.state === b.state &&
		a.incarnation === b.incarnation &&
		a.changedAt === b.changedAt &&
		a.own === b.own &&
		a.protocol[2] === b.protocol[2] &&
		a.address.port === b.address.port &&
		a.address.host === b.address.host &&
		(a.tags === b.tags || JSON.stringify(a.tags) === JSON.stringify(b.tags))
	);
}
