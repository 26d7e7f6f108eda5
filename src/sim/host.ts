// A simulated host: one machine, its clock, and the ways in which a process can be slow or stopped.

import type { Address, Input, Memberlist } from '../swim/index.ts';
import type { SimTime } from './time-queue.ts';

/** One process of a cluster. A restart is another one of the same name. */
export class SimHost {
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
	/** When the planned wake-up comes, so that each is planned once. */
	wakeAt: SimTime = Number.POSITIVE_INFINITY;
	/** Its link is in a burst of losses; kept by the network. */
	inBurst = false;

	constructor(fields: Pick<SimHost, 'name' | 'index' | 'address' | 'machine' | 'startedAt' | 'clockRate'>) {
		this.name = fields.name;
		this.index = fields.index;
		this.address = fields.address;
		this.machine = fields.machine;
		this.startedAt = fields.startedAt;
		this.clockRate = fields.clockRate;
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
