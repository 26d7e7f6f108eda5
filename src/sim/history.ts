// The history of a run: the faults that happen in it, each a plain value, so that shrinking can take it away.

import type { SimTime } from './time-queue.ts';

/** Comes back after a stop: under its own name or a new one, at its own address or a new one. */
export interface Return {
	readonly afterMs: number;
	/** Absent = the same name. */
	readonly name?: string;
	/** At an address where nobody was before. */
	readonly moves: boolean;
}

/** One fault. Hosts are named; a fault of a host that does not run then does nothing. `at` and `forMs` are simulated time. */
export type Fault =
	/** Nothing passes between these and all others. `flapMs`: on and off in turns of that length; 0 = without a break. */
	| {
			readonly type: 'partition';
			readonly at: SimTime;
			readonly forMs: number;
			readonly side: readonly string[];
			readonly flapMs: number;
	  }
	/** Nothing passes in one direction; an absent end = everybody: without `from`, `to` is deaf; without `to`, `from` is mute. */
	| { readonly type: 'cut'; readonly at: SimTime; readonly forMs: number; readonly from?: string; readonly to?: string }
	/** The process runs nothing for so long. */
	| { readonly type: 'stall'; readonly at: SimTime; readonly forMs: number; readonly host: string }
	/** Each input takes the process so long. */
	| {
			readonly type: 'slow';
			readonly at: SimTime;
			readonly forMs: number;
			readonly host: string;
			readonly costMs: number;
	  }
	/** The process ends without a word. */
	| { readonly type: 'crash'; readonly at: SimTime; readonly host: string; readonly back?: Return }
	/** The process says goodbye and ends. */
	| { readonly type: 'leave'; readonly at: SimTime; readonly host: string; readonly back?: Return }
	/** These start all at once. */
	| { readonly type: 'join'; readonly at: SimTime; readonly hosts: readonly string[] }
	| {
			readonly type: 'tags';
			readonly at: SimTime;
			readonly host: string;
			readonly tags: Readonly<Record<string, string>>;
	  };
