// What a machine knows and what has happened to it, as views read it: the same over real, simulated and replayed time.

import { createRingFollower, type RingView } from '../ring/index.ts';
import type { Instant, Memberlist, MeshEvent } from '../swim/index.ts';
import { EventLog } from './event-log.ts';
import { Evidence } from './evidence.ts';
import { LiveHistory } from './live-history.ts';
import type { StatusSource } from './source.ts';
import { Views } from './views.ts';

export interface NodeStatusParts {
	readonly machine: Memberlist;
	now(): Instant;
	wallMs(instant: Instant): number;
	/** Where views subscribe; absent where nobody does, as in a replay. */
	onEvent?(listener: (event: MeshEvent) => void): () => void;
	/** Told of the end of each probe as well. */
	onProbe?: Memberlist['onProbe'];
}

/** One a machine: it listens to the digests that the machine hears and to its probes. */
export class NodeStatus {
	readonly source: StatusSource;
	readonly #follower = createRingFollower();
	readonly #events = new EventLog();
	readonly #evidence = new Evidence();
	readonly #views = new Views();
	readonly #history: LiveHistory;

	constructor(parts: NodeStatusParts) {
		const history = new LiveHistory(parts.machine.counters);
		this.#history = history;
		parts.machine.onProbe = (member, answer, rttMs) => {
			history.noteProbe(member, answer, rttMs, parts.now());
			parts.onProbe?.(member, answer, rttMs);
		};
		parts.machine.onDigest = (member, digest, agrees) => this.#views.note(member, digest, agrees, parts.now());
		this.source = this.#sourceOf(parts);
	}

	/** The ring over all owners, current with the last event. */
	get ring(): RingView {
		return this.#follower.ring;
	}

	/** Takes the next event of the machine: the ring, the log and the evidence follow at once. */
	note(event: MeshEvent): void {
		this.#follower.follow(event);
		this.#events.note(event);
		this.#evidence.note(event);
		this.#history.note(event);
		if (event.type === 'state' && event.to === 'none') this.#views.forget(event.member.name);
	}

	#sourceOf({ machine, now, wallMs, onEvent = nobody }: NodeStatusParts): StatusSource {
		const views = this.#views;
		return {
			get self() {
				return machine.self;
			},
			get members() {
				return machine.members();
			},
			get health() {
				return machine.health;
			},
			get digest() {
				return machine.digest;
			},
			get views() {
				return views.summary(machine.config.name, machine.digest, machine.members());
			},
			get sizes() {
				return machine.sizes;
			},
			get oldestUpdateMs() {
				return machine.oldestUpdateMs;
			},
			config: machine.config,
			counters: machine.counters,
			ring: this.#follower.ring,
			events: this.#events,
			evidence: this.#evidence,
			history: this.#history,
			member: (name) => machine.member(name),
			now,
			wallMs,
			deadAt: (name) => machine.deadAt(name),
			refusedSources: (most) => machine.refusedSources(most),
			rttMs: (name) => machine.rttMs(name),
			path: (name) => machine.path(name),
			heardView: (name) => views.of(name),
			onEvent,
		};
	}
}

function nobody(): () => void {
	return () => undefined;
}
