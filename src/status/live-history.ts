// What a node remembers for its viewers whether there are any or not: rings of fixed size, filled as probes end and states change.

import {
	type Counters,
	type Instant,
	type MemberState,
	type MeshEvent,
	type ProbeAnswer,
	TRAFFIC_KINDS,
	totalTraffic,
} from '../swim/index.ts';
import { LIVE_LIMITS, type LiveBytes } from './live-limits.ts';
import { probeMark } from './probe-mark.ts';

/** The probes of one member. */
export interface ProbeHistory {
	/** The last ones, a mark each, oldest first. */
	readonly marks: string;
	/** All that ever ended: another number is a new probe. */
	readonly ended: number;
}

export interface StateChange {
	readonly seq: number;
	readonly at: Instant;
	readonly member: string;
	readonly from: MemberState | 'none';
	readonly to: MemberState | 'none';
}

/** One second; `at` is its beginning. */
export interface HistorySecond {
	readonly at: Instant;
	readonly marks: string;
	readonly sent: LiveBytes;
	readonly received: LiveBytes;
	readonly packets: readonly [sent: number, received: number];
}

/** The recent past of a node, in fixed rings. */
export interface LiveHistoryView {
	/** `undefined` for a member that was never probed. */
	probesOf(member: string): ProbeHistory | undefined;
	/** Steps from state to state, oldest first. */
	readonly changes: readonly StateChange[];
	/** When the newest step was made that is no longer among them; undefined while all are. */
	readonly changesLostAt: Instant | undefined;
	/** Of the last verdicts on suspects: how long each took, oldest first. */
	readonly deathsMs: readonly number[];
	readonly refutationsMs: readonly number[];
	/** When the node started; undefined before. */
	readonly startedAt: Instant | undefined;
	/** When this process last was not run for too long. */
	readonly stalledAt: Instant | undefined;
	/** Seconds that have ended, those after `after`, oldest first, without gaps. */
	seconds(now: Instant, after: Instant): readonly HistorySecond[];
}

const SECOND_MS = 1_000;
const VERDICTS = 64;
/** Marks of one second that are kept: more than twenty times of what the default period brings. */
const MARKS_A_SECOND = 100;

/** No timer: a second ends when something happens after it, or when somebody asks. */
export class LiveHistory implements LiveHistoryView {
	readonly changes: StateChange[] = [];
	readonly deathsMs: number[] = [];
	readonly refutationsMs: number[] = [];
	changesLostAt: Instant | undefined;
	startedAt: Instant | undefined;
	stalledAt: Instant | undefined;
	readonly #counters: Readonly<Counters>;
	readonly #probes = new Map<string, ProbeHistory>();
	/** When each suspicion began that still runs. */
	readonly #suspectedAt = new Map<string, Instant>();
	readonly #seconds: HistorySecond[] = [];
	/** The running second, and what had been counted when it began. */
	#second: Instant | undefined;
	#marks = '';
	#counted: Totals;

	constructor(counters: Readonly<Counters>) {
		this.#counters = counters;
		this.#counted = totalsOf(counters);
	}

	/** A probe has ended. */
	noteProbe(member: string, answer: ProbeAnswer, rttMs: number, now: Instant): void {
		this.#roll(now);
		const mark = probeMark(answer, rttMs);
		if (this.#marks.length < MARKS_A_SECOND) this.#marks += mark;
		const { marks, ended } = this.#probes.get(member) ?? { marks: '', ended: 0 };
		this.#probes.set(member, { marks: (marks + mark).slice(-LIVE_LIMITS.probes), ended: ended + 1 });
	}

	/** Takes the next event of the node. */
	note(event: MeshEvent): void {
		if (event.type === 'stall') this.stalledAt = event.at;
		if (event.type !== 'state') return;
		const { seq, at, from, to, member, why } = event;
		if (why.code === 'started') this.startedAt = at;
		this.changes.push({ seq, at, member: member.name, from, to });
		if (this.changes.length > LIVE_LIMITS.changes) this.changesLostAt = this.changes.shift()?.at;
		this.#noteVerdict(event);
		if (to === 'none') this.#probes.delete(member.name);
	}

	probesOf(member: string): ProbeHistory | undefined {
		return this.#probes.get(member);
	}

	seconds(now: Instant, after: Instant): readonly HistorySecond[] {
		this.#roll(now);
		const newer = this.#seconds.findLastIndex(({ at }) => at <= after) + 1;
		return this.#seconds.slice(newer);
	}

	#noteVerdict({ at, from, to, member }: Extract<MeshEvent, { type: 'state' }>): void {
		const since = this.#suspectedAt.get(member.name);
		if (to === 'suspect') {
			this.#suspectedAt.set(member.name, since ?? at);
			return;
		}
		this.#suspectedAt.delete(member.name);
		if (since === undefined || from !== 'suspect') return;
		if (to === 'dead') push(this.deathsMs, at - since, VERDICTS);
		else if (to === 'alive') push(this.refutationsMs, at - since, VERDICTS);
	}

	// What was counted since the running second began belongs to it. Only a node that probes nobody leaves several
	// seconds to be ended at once; its traffic is spread over them.
	#roll(now: Instant): void {
		const second = Math.floor(now / SECOND_MS) * SECOND_MS;
		this.#second ??= second;
		const ended = (second - this.#second) / SECOND_MS;
		if (ended <= 0) return;
		const totals = totalsOf(this.#counters);
		const kept = Math.min(ended, LIVE_LIMITS.seconds);
		for (let i = ended - kept; i < ended; i++) {
			const part = share(this.#counted, totals, i, ended);
			push(
				this.#seconds,
				{ at: this.#second + i * SECOND_MS, marks: i === 0 ? this.#marks : '', ...part },
				LIVE_LIMITS.seconds,
			);
		}
		this.#second = second;
		this.#marks = '';
		this.#counted = totals;
	}
}

type Totals = Pick<HistorySecond, 'sent' | 'received' | 'packets'>;

function totalsOf(counters: Readonly<Counters>): Totals {
	const bytes = (key: 'bytesSent' | 'bytesReceived'): LiveBytes =>
		TRAFFIC_KINDS.map((kind) => counters.traffic[kind][key]) as unknown as LiveBytes;
	return {
		sent: bytes('bytesSent'),
		received: bytes('bytesReceived'),
		packets: [totalTraffic(counters, 'packetsSent'), totalTraffic(counters, 'packetsReceived')],
	};
}

/** The `i`th of so many equal parts of what was counted, in whole numbers that add up to it. */
function share(from: Totals, to: Totals, i: number, parts: number): Totals {
	const of = <T extends readonly number[]>(was: T, is: T): T => {
		const upTo = (at: number, part: number): number =>
			Math.floor((((is[at] as number) - (was[at] as number)) * part) / parts);
		return was.map((_, at) => upTo(at, i + 1) - upTo(at, i)) as unknown as T;
	};
	return {
		sent: of(from.sent, to.sent),
		received: of(from.received, to.received),
		packets: of(from.packets, to.packets),
	};
}

function push<T>(list: T[], item: T, most: number): void {
	list.push(item);
	if (list.length > most) list.shift();
}
