// What a machine knows, as views read it: the same over real, simulated and replayed time.

import type { RingView } from '../ring/index.ts';
import type { Instant, Memberlist, MeshEvent } from '../swim/index.ts';
import type { EvidenceView } from './evidence.ts';
import type { StatusSource } from './source.ts';
import { Views } from './views.ts';

export interface MachineSourceParts {
	readonly machine: Memberlist;
	readonly ring: RingView;
	readonly evidence: EvidenceView;
	now(): Instant;
	wallMs(instant: Instant): number;
	onEvent(listener: (event: MeshEvent) => void): () => void;
}

/** One a machine: it listens to the digests that the machine hears. */
export function machineSource({ machine, ring, evidence, now, wallMs, onEvent }: MachineSourceParts): StatusSource {
	const views = new Views();
	machine.onDigest = (member, digest, agrees) => views.note(member, digest, agrees, now());
	onEvent((event) => {
		if (event.type === 'state' && event.to === 'none') views.forget(event.member.name);
	});
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
		ring,
		evidence,
		member: (name) => machine.member(name),
		now,
		wallMs,
		deadAt: (name) => machine.deadAt(name),
		rttMs: (name) => machine.rttMs(name),
		path: (name) => machine.path(name),
		onEvent,
	};
}
