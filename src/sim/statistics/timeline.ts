// A run over time, in a bounded number of bins: what all views said of the members, who differed, and what was sent.

import { type MemberState, STATE_NAMES } from '../../swim/index.ts';
import type { SimHost } from '../host.ts';
import type { SimTime } from '../time-queue.ts';
import { Bins, Level, Series } from './series.ts';
import type { Life, Subject } from './subject.ts';

/** Member of whom some view said something else than alive. Values are numbers of views, means over a bin. */
export interface MemberTimeline {
	readonly name: string;
	readonly lives: readonly Life[];
	readonly suspect: readonly number[];
	/** Most views at once. */
	readonly suspectPeak: readonly number[];
	readonly dead: readonly number[];
	readonly left: readonly number[];
}

/** One value a bin in every series; bin i ends at (i + 1) × binMs. */
export interface Timeline {
	readonly binMs: number;
	readonly bins: number;
	/** Running processes. */
	readonly running: readonly number[];
	/** Entries of all running views together, by the state in which they hold a member. */
	readonly views: Readonly<Record<MemberState, readonly number[]>>;
	/** Smallest share of running views, 0..1, that are equal to the most common one. */
	readonly agreeing: readonly number[];
	readonly packetsPerNodePerS: readonly number[];
	readonly bytesPerNodePerS: readonly number[];
	/** In the order in which they were first doubted. */
	readonly members: readonly MemberTimeline[];
	/** Members that were doubted beyond those in `members`. */
	readonly moreMembers: number;
}

const BINS_MAX = 240;
const FIRST_BIN_MS = 250;
const MEMBERS_MAX = 200;
const DOUBTS = ['suspect', 'dead', 'left'] as const;

interface Row {
	readonly subject: Subject;
	readonly levels: Readonly<Record<(typeof DOUBTS)[number], Level>>;
	readonly series: Readonly<Record<(typeof DOUBTS)[number] | 'suspectPeak', Series>>;
}

export class TimelineRecorder {
	readonly #hosts: ReadonlyMap<string, SimHost>;
	readonly #bins: Bins;
	readonly #running = new Level(0, 0);
	readonly #views = byState(() => new Level(0, 0));
	readonly #series = {
		running: new Series('mean'),
		...byState(() => new Series('mean')),
		agreeing: new Series('min'),
		packets: new Series('mean'),
		bytes: new Series('mean'),
	};
	readonly #rows = new Map<Subject, Row>();
	#moreMembers = new Set<Subject>();
	#packets = 0;
	#bytes = 0;

	/** `hosts`: those that run. */
	constructor(hosts: ReadonlyMap<string, SimHost>) {
		this.#hosts = hosts;
		this.#bins = new Bins({
			widthMs: FIRST_BIN_MS,
			most: BINS_MAX,
			close: (end, lengthMs) => this.#close(end, lengthMs),
			fold: () => this.#fold(),
		});
	}

	/** Call before whatever happens at this instant is told. */
	advance(now: SimTime): void {
		this.#bins.advance(now);
	}

	packet(bytes: number): void {
		this.#packets++;
		this.#bytes += bytes;
	}

	population(by: number, now: SimTime): void {
		this.#running.step(by, now);
	}

	/** So many more views hold the subject in that state. */
	entry(subject: Subject, state: MemberState, by: number, now: SimTime): void {
		this.#views[state].step(by, now);
		if (state !== 'alive') this.#row(subject, now)?.levels[state].step(by, now);
	}

	/** The end of the run. Nothing may follow. */
	finish(now: SimTime): Timeline {
		this.#bins.finish(now);
		const { running, agreeing, packets, bytes } = this.#series;
		return {
			binMs: this.#bins.widthMs,
			bins: this.#bins.count,
			running: running.values,
			views: byState((state) => this.#series[state].values),
			agreeing: agreeing.values,
			packetsPerNodePerS: packets.values,
			bytesPerNodePerS: bytes.values,
			members: [...this.#rows.values()].map(({ subject, series }) => ({
				name: subject.name,
				lives: subject.lives,
				suspect: series.suspect.values,
				suspectPeak: series.suspectPeak.values,
				dead: series.dead.values,
				left: series.left.values,
			})),
			moreMembers: this.#moreMembers.size,
		};
	}

	#row(subject: Subject, now: SimTime): Row | undefined {
		const known = this.#rows.get(subject);
		if (known) return known;
		if (this.#rows.size === MEMBERS_MAX) {
			this.#moreMembers.add(subject);
			return undefined;
		}
		const level = (): Level => new Level(0, now);
		const series = (fold: 'mean' | 'max'): Series => new Series(fold, this.#bins.count);
		const row: Row = {
			subject,
			levels: { suspect: level(), dead: level(), left: level() },
			series: { suspect: series('mean'), suspectPeak: series('max'), dead: series('mean'), left: series('mean') },
		};
		this.#rows.set(subject, row);
		return row;
	}

	#close(end: SimTime, lengthMs: number): void {
		const running = this.#running.take(end, lengthMs).mean;
		const perNodeS = running > 0 ? 1000 / (running * lengthMs) : 0;
		this.#series.running.push(running);
		for (const state of STATE_NAMES) this.#series[state].push(this.#views[state].take(end, lengthMs).mean);
		this.#series.agreeing.push(agreement(this.#hosts));
		this.#series.packets.push(this.#packets * perNodeS);
		this.#series.bytes.push(this.#bytes * perNodeS);
		this.#packets = 0;
		this.#bytes = 0;
		for (const { levels, series } of this.#rows.values()) {
			const { mean, peak } = levels.suspect.take(end, lengthMs);
			series.suspect.push(mean);
			series.suspectPeak.push(peak);
			series.dead.push(levels.dead.take(end, lengthMs).mean);
			series.left.push(levels.left.take(end, lengthMs).mean);
		}
	}

	#fold(): void {
		for (const series of Object.values(this.#series)) series.fold();
		for (const { series } of this.#rows.values()) for (const each of Object.values(series)) each.fold();
	}
}

/** Share of the views that are equal to the most common one; 1 when nobody runs. */
function agreement(hosts: ReadonlyMap<string, SimHost>): number {
	const counts = new Map<string, number>();
	let most = 0;
	for (const { machine } of hosts.values()) {
		const { a, b } = machine.digest;
		const count = (counts.get(`${a} ${b}`) ?? 0) + 1;
		counts.set(`${a} ${b}`, count);
		most = Math.max(most, count);
	}
	return hosts.size === 0 ? 1 : most / hosts.size;
}

function byState<T>(make: (state: MemberState) => T): Record<MemberState, T> {
	return { alive: make('alive'), suspect: make('suspect'), dead: make('dead'), left: make('left') };
}
