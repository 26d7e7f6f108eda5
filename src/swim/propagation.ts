// How long news takes to get here: one member at a time sends a beacon off, and each counts its age when it first comes (X17).

import type { Address } from './address.ts';
import { sameAddress } from './address.ts';
import { countPropagation } from './counters.ts';
import type { Slot } from './member-table.ts';
import type { BeaconMessage } from './message.ts';
import type { Node } from './node.ts';
import type { Prober } from './probe.ts';
import { Timer } from './timers.ts';
import type { Turns } from './turns.ts';

/** Numbering of a node that sends none off itself; agents agree on it. */
const USUAL_INTERVAL_MS = 60_000;
/** Clocks may differ by so many turns; a number further off would silence all that follow. */
const TURNS_OFF = 2;

export class Propagation {
	readonly #node: Node;
	readonly #prober: Prober;
	readonly #turns: Turns;

	constructor(node: Node, prober: Prober, turns: Turns) {
		this.#node = node;
		this.#prober = prober;
		this.#turns = turns;
	}

	start(): void {
		const { extensions, beaconIntervalMs } = this.#node.config;
		if (extensions && beaconIntervalMs > 0) this.#schedule();
	}

	/** Serves the beacon timer: when it is our turn, a new beacon begins its way here. */
	tick(): void {
		const { config, beacon, phase } = this.#node;
		this.#schedule();
		const number = this.#turns.current(config.beaconIntervalMs);
		if (phase !== 'running' || !this.#turns.isOurs(config.beaconIntervalMs) || !beacon.isNew(number)) return;
		if (this.#hasOwn()) beacon.hold(number, 0);
	}

	/** From an own node alone (X1). The first copy counts; those that follow say nothing new. */
	hear({ number, ageMs }: BeaconMessage, from: Address): void {
		const { beacon, config, counters, table } = this.#node;
		const interval = config.beaconIntervalMs || USUAL_INTERVAL_MS;
		if (!beacon.isNew(number) || Math.abs(number - this.#turns.current(interval)) > TURNS_OFF) return;
		const sender = this.#slotAt(from);
		if (sender === undefined || table.identity(sender).extension === 0) return;
		// Nobody stamps it with a time of day, which would measure how clocks differ: each adds what it has seen pass.
		const age = ageMs + (this.#prober.rttMs(sender) ?? 0) / 2;
		countPropagation(counters, age);
		beacon.hold(number, age);
	}

	#schedule(): void {
		const { timers, config } = this.#node;
		timers.set(Timer.beacon, this.#turns.nextAt(config.beaconIntervalMs));
	}

	/** Whether there is anybody to tell. */
	#hasOwn(): boolean {
		const { table, self } = this.#node;
		for (let slot = 0; slot < table.slots; slot++) {
			if (slot !== self && table.isKnown(slot) && table.isLive(slot) && table.identity(slot).extension > 0) return true;
		}
		return false;
	}

	#slotAt(address: Address): Slot | undefined {
		const { table } = this.#node;
		for (let slot = 0; slot < table.slots; slot++) {
			if (table.isKnown(slot) && table.isLive(slot) && sameAddress(table.identity(slot).address, address)) return slot;
		}
		return undefined;
	}
}
