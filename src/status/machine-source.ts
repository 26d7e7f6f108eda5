// What a machine knows, as views read it: the same over real, simulated and replayed time.

import type { RingView } from '../ring/index.ts';
import type { Instant, Memberlist, MeshEvent } from '../swim/index.ts';
import type { EvidenceView } from './evidence.ts';
import type { StatusSource } from './source.ts';

export interface MachineSourceParts {
	readonly machine: Memberlist;
	readonly ring: RingView;
	readonly evidence: EvidenceView;
	now(): Instant;
	wallMs(instant: Instant): number;
	onEvent(listener: (event: MeshEvent) => void): () => void;
}

export function machineSource({ machine, ring, evidence, now, wallMs, onEvent }: MachineSourceParts): StatusSource {
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
		config: machine.config,
		counters: machine.counters,
		ring,
		evidence,
		member: (name) => machine.member(name),
		now,
		wallMs,
		deadAt: (name) => machine.deadAt(name),
		rttMs: (name) => machine.rttMs(name),
		onEvent,
	};
}
