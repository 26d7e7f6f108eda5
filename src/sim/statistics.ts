// Measures a run: detection, dissemination, joining, load, and the course of it, against the truth that a simulation knows.

import type { Address, Input, MeshEvent } from '../swim/index.ts';
import type { Cluster } from './cluster.ts';
import type { SimHost } from './host.ts';
import type { Observer } from './observer.ts';
import { type Load, LoadMeter } from './statistics/load.ts';
import { type Quantiles, Sample } from './statistics/sample.ts';
import { Subject } from './statistics/subject.ts';
import { type Timeline, TimelineRecorder } from './statistics/timeline.ts';
import type { SimTime } from './time-queue.ts';

/** What was measured. Durations are simulated milliseconds. */
export interface RunStatistics {
	readonly detection: {
		/** Processes that ended without a goodbye while others held them alive or suspect. */
		readonly crashes: number;
		/** From the crash to the first suspicion in any view. A member that was suspected already is not measured. */
		readonly firstSuspect: Quantiles;
		/** From the crash until no running view holds it alive or suspect. */
		readonly deadAll: Quantiles;
		/** Crashed, and neither dead in all views nor started again at the end. */
		readonly open: number;
	};
	/** From new tags until all views that held the member live have them. */
	readonly dissemination: Quantiles;
	/** From the start of a process until all running processes hold it alive or suspect. */
	readonly join: Quantiles;
	/** While nothing happened; null when there was no quiet second. */
	readonly quietLoad: Load;
	/** Over the whole run. */
	readonly load: Load;
	readonly packets: number;
	readonly bytes: number;
	/** Measured values in milliseconds, for histograms. */
	readonly samples: { readonly firstSuspect: readonly number[]; readonly deadAll: readonly number[] };
	readonly timeline: Timeline;
}

/** Let it observe a cluster before its first host starts. Its memory is bounded by the number of members, not by time. */
export class Statistics implements Observer {
	readonly #cluster: Cluster;
	readonly #subjects = new Map<string, Subject>();
	readonly #joining = new Set<Subject>();
	readonly #firstSuspect = new Sample();
	readonly #deadAll = new Sample();
	readonly #dissemination = new Sample();
	readonly #join = new Sample();
	readonly #load = new LoadMeter();
	readonly #timeline: TimelineRecorder;
	#crashes = 0;

	constructor(cluster: Cluster) {
		this.#cluster = cluster;
		this.#timeline = new TimelineRecorder(cluster.hosts);
	}

	packet(_from: SimHost, _to: Address, bytes: Uint8Array, at: SimTime): void {
		this.#advance(at);
		this.#load.packet(bytes.length);
		this.#timeline.packet(bytes.length);
	}

	/** Called by the cluster. */
	started(host: SimHost): void {
		const now = this.#now();
		const subject = this.#subject(host.name);
		subject.start(now);
		if (subject.joiningSince !== undefined) this.#joining.add(subject);
		this.#load.population(1);
		this.#timeline.population(1, now);
	}

	/** Called by the cluster. */
	stopped(host: SimHost): void {
		const now = this.#now();
		this.#load.population(-1);
		this.#timeline.population(-1, now);
		const subject = this.#subject(host.name);
		const crashed = subject.stop(now);
		this.#joining.delete(subject);
		this.#dropView(host, now);
		for (const other of this.#joining) this.#joinedIfAll(other, now);
		if (!crashed || subject.holders === 0) return;
		this.#crashes++;
		subject.crash = { at: now, suspected: subject.views.suspect > 0 };
	}

	/** Called by the cluster. */
	event(host: SimHost, event: MeshEvent, at: SimTime): void {
		this.#advance(at);
		switch (event.type) {
			case 'state':
				this.#moved(host, event, at);
				break;
			case 'update':
				this.#updated(host, event.member.name, event.member.incarnation, at);
				break;
			case 'leaving':
				this.#subject(host.name).leaving = true;
				break;
			case 'confirmed':
			case 'refuted':
			case 'joined':
			case 'conflict':
				break;
			default:
				// Of one node alone: nothing is told to others.
				return;
		}
		this.#load.disturb();
	}

	stepped(host: SimHost, input: Input, at: SimTime): void {
		if (input.type !== 'set-tags') return;
		const { self } = host.machine;
		const lacking = new Set<object>();
		for (const other of this.#cluster.hosts.values()) {
			const held = other === host ? undefined : other.machine.member(self.name);
			if ((held?.state === 'alive' || held?.state === 'suspect') && held.incarnation < self.incarnation)
				lacking.add(other);
		}
		if (lacking.size > 0) this.#subject(host.name).update = { at, incarnation: self.incarnation, lacking };
	}

	/** The figures of the run, which is over. */
	finish(): RunStatistics {
		const now = this.#now();
		return {
			detection: {
				crashes: this.#crashes,
				firstSuspect: this.#firstSuspect.quantiles,
				deadAll: this.#deadAll.quantiles,
				open: [...this.#subjects.values()].filter(({ crash }) => crash !== undefined).length,
			},
			dissemination: this.#dissemination.quantiles,
			join: this.#join.quantiles,
			quietLoad: this.#load.quiet,
			load: this.#load.overall,
			packets: this.#load.packets,
			bytes: this.#load.bytes,
			samples: { firstSuspect: this.#firstSuspect.values, deadAll: this.#deadAll.values },
			timeline: this.#timeline.finish(now),
		};
	}

	#moved(host: SimHost, { member, from, to }: Extract<MeshEvent, { type: 'state' }>, now: SimTime): void {
		const subject = this.#subject(member.name);
		if (from !== 'none') this.#count(subject, from, -1, now);
		if (to !== 'none') this.#count(subject, to, 1, now);
		const { crash } = subject;
		if (crash && !crash.suspected && (to === 'suspect' || to === 'dead')) {
			crash.suspected = true;
			this.#firstSuspect.add(now - crash.at);
		}
		this.#deadIfAll(subject, now);
		this.#joinedIfAll(subject, now);
		// Whoever buries it needs its tags no more; whoever meets it anew hears the newest.
		if (to !== 'suspect') this.#updated(host, member.name, member.incarnation, now, to !== 'alive');
	}

	#updated(host: SimHost, name: string, incarnation: number, now: SimTime, gone = false): void {
		const subject = this.#subject(name);
		const { update } = subject;
		if (!update || (incarnation < update.incarnation && !gone)) return;
		update.lacking.delete(host);
		if (update.lacking.size > 0) return;
		subject.update = undefined;
		this.#dissemination.add(now - update.at);
	}

	#deadIfAll(subject: Subject, now: SimTime): void {
		if (!subject.crash || subject.holders > 0) return;
		this.#deadAll.add(now - subject.crash.at);
		subject.crash = undefined;
	}

	#joinedIfAll(subject: Subject, now: SimTime): void {
		if (subject.joiningSince === undefined || subject.holders < this.#cluster.hosts.size) return;
		this.#join.add(now - subject.joiningSince);
		subject.joiningSince = undefined;
		this.#joining.delete(subject);
	}

	/** What the host held is no running view any more. */
	#dropView(host: SimHost, now: SimTime): void {
		for (const { name, state, incarnation } of host.machine.members()) {
			const subject = this.#subject(name);
			this.#count(subject, state, -1, now);
			this.#deadIfAll(subject, now);
			this.#updated(host, name, incarnation, now, true);
		}
	}

	#count(subject: Subject, state: 'alive' | 'suspect' | 'dead' | 'left', by: number, now: SimTime): void {
		subject.views[state] += by;
		this.#timeline.entry(subject, state, by, now);
	}

	#subject(name: string): Subject {
		let subject = this.#subjects.get(name);
		if (!subject) {
			subject = new Subject(name);
			this.#subjects.set(name, subject);
		}
		return subject;
	}

	#now(): SimTime {
		const { now } = this.#cluster;
		this.#advance(now);
		return now;
	}

	#advance(now: SimTime): void {
		this.#load.advance(now);
		this.#timeline.advance(now);
	}
}
