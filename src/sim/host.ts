// A simulated host: one machine, its clock, and the ways in which a process can be slow or stopped.

import type { Address, Input, Instant, Memberlist } from '../swim/index.ts';
import type { SimTime, Task } from './time-queue.ts';

/** One process of a cluster. A restart is another one of the same name. */
export class SimHost implements Task {
	readonly name: string;
	/** Position in the order of starts; a restart is a new host. */
	readonly index: number;
	readonly address: Address;
	readonly machine: Memberlist;
	readonly startedAt: SimTime;
	/** Its clock runs so many times as fast as simulated time. */
	readonly clockRate: number;
	up = true;
	/** Until then it runs no code; what arrives waits in `inbox`. */
	busyUntil: SimTime = 0;
	readonly inbox: Input[] = [];
	/** Processing time of one input: a slow or starved process. */
	costMs = 0;
	/** When its planned wake-up comes, so that each is planned once. */
	wakeAt: SimTime = Number.POSITIVE_INFINITY;
	/** The deadline of its machine after its last step, on its own clock: most wake-ups come in vain and look at nothing else. */
	deadline: Instant = Number.POSITIVE_INFINITY;
	/** Its link is in a burst of losses; kept by the network. */
	inBurst = false;
	/** Told when its planned time has come. */
	readonly #woken: (host: SimHost) => void;

	constructor(
		fields: Pick<SimHost, 'name' | 'index' | 'address' | 'machine' | 'startedAt' | 'clockRate'>,
		woken: (host: SimHost) => void,
	) {
		this.name = fields.name;
		this.index = fields.index;
		this.address = fields.address;
		this.machine = fields.machine;
		this.startedAt = fields.startedAt;
		this.clockRate = fields.clockRate;
		this.#woken = woken;
	}

	/** The time for which it was planned has come: its timer may be due. */
	run(): void {
		this.#woken(this);
	}

	/** What its own clock says at a simulated time. */
	clock(time: SimTime): number {
		return (time - this.startedAt) * this.clockRate;
	}

	/** The simulated time of an instant of its own clock. */
	timeOf(instant: number): SimTime {
		return this.startedAt + instant / this.clockRate;
	}
}
