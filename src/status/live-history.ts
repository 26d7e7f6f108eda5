// What a node remembers for its viewers whether there are any or not: rings of fixed size, filled as probes end and states change.

import {
	type Counters,
	type Instant,
	type MemberState,
	type MeshEvent,
	type ProbeAnswer,
	TRAFFIC_KINDS,
	type Traffic,
	totalTraffic,
} from '../swim/index.ts';
import { LIVE_LIMITS } from './live-limits.ts';
import { probeMark } from './probe-mark.ts';
import { FIGURES, SecondRing, type SecondTraffic } from './second-ring.ts';

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
export interface HistorySecond extends SecondTraffic {
	readonly at: Instant;
	readonly marks: string;
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
	readonly #probes = new Map<string, { marks: string; ended: number }>();
	/** When each suspicion began that still runs. */
	readonly #suspectedAt = new Map<string, Instant>();
	readonly #seconds = new SecondRing();
	/** The running second, and what had been counted when it began. */
	#second: Instant | undefined;
	#marks = '';
	readonly #counted = new Float64Array(FIGURES);

	constructor(counters: Readonly<Counters>) {
		this.#counters = counters;
		for (let figure = 0; figure < FIGURES; figure++) this.#counted[figure] = count(counters, figure);
	}

	/** A probe has ended. */
	noteProbe(member: string, answer: ProbeAnswer, rttMs: number, now: Instant): void {
		this.#roll(now);
		const mark = probeMark(answer, rttMs);
		if (this.#marks.length < MARKS_A_SECOND) this.#marks += mark;
		const probes = this.#probes.get(member);
		if (probes === undefined) {
			this.#probes.set(member, { marks: mark, ended: 1 });
			return;
		}
		probes.marks = (probes.marks + mark).slice(-LIVE_LIMITS.probes);
		probes.ended++;
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
		const newer: HistorySecond[] = [];
		const { length } = this.#seconds;
		const first = (this.#second ?? 0) - length * SECOND_MS;
		for (let place = Math.max(0, Math.floor((after - first) / SECOND_MS) + 1); place < length; place++) {
			const [marks, traffic] = [this.#seconds.marks(place), this.#seconds.traffic(place)];
			newer.push({ at: first + place * SECOND_MS, marks, ...traffic });
		}
		return newer;
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
		const kept = Math.min(ended, LIVE_LIMITS.seconds);
		for (let i = ended - kept; i < ended; i++) {
			this.#seconds.push(i === 0 ? this.#marks : '', (figure) => {
				const counted = count(this.#counters, figure) - (this.#counted[figure] as number);
				return share(counted, i + 1, ended) - share(counted, i, ended);
			});
		}
		for (let figure = 0; figure < FIGURES; figure++) this.#counted[figure] = count(this.#counters, figure);
		this.#second = second;
		this.#marks = '';
	}
}

/** What a node has counted, by the places of a second's figures. */
function count(counters: Readonly<Counters>, figure: number): number {
	const kinds = TRAFFIC_KINDS.length;
	if (figure === 2 * kinds) return totalTraffic(counters, 'packetsSent');
	if (figure > 2 * kinds) return totalTraffic(counters, 'packetsReceived');
	const traffic = counters.traffic[TRAFFIC_KINDS[figure % kinds] as Traffic];
	return figure < kinds ? traffic.bytesSent : traffic.bytesReceived;
}

/** The first `part` of so many equal parts of what was counted, in whole numbers. */
function share(counted: number, part: number, parts: number): number {
	return Math.floor((counted * part) / parts);
}

function push<T>(list: T[], item: T, most: number): void {
	list.push(item);
	if (list.length > most) list.shift();
}
