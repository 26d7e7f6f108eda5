// One run: a cluster in drawn or given weather, watched by all checkers; first faults, then the healed network must converge.

import type { Cluster, HostOptions, Observer } from './cluster.ts';
import type { Fault } from './history.ts';
import type { SimTime } from './time-queue.ts';
import type { Weather } from './weather.ts';

export interface SimulateOptions {
	readonly seed: number;
	/** Length of the first phase, in which faults happen. Default 30,000. */
	readonly durationMs?: number;
	/** Default: drawn from the seed. */
	readonly weather?: Weather;
	/** Default: drawn from seed and weather. */
	readonly history?: readonly Fault[];
	/** Knobs of all hosts. */
	readonly host?: HostOptions;
	/** Names of the checkers that watch; default all. */
	readonly checks?: readonly string[];
	/** Measures and records; attached before the first host starts. */
	readonly observe?: (cluster: Cluster) => Observer;
	/** Called about every simulated second; false ends the run at once. */
	readonly onProgress?: (progress: SimProgress) => boolean | undefined;
}

export interface SimProgress {
	readonly phase: 'safety' | 'liveness';
	readonly now: SimTime;
	/** End of the phase, at the latest. */
	readonly until: SimTime;
	readonly packets: number;
	readonly violations: number;
}

/** A broken invariant, with the facts that show it. */
export interface Violation {
	/** Name of the checker. */
	readonly checker: string;
	/** Number in DESIGN §6 and docs/simulation.md. */
	readonly invariant: number;
	readonly at: SimTime;
	/** The hosts concerned, the one at fault first. */
	readonly hosts: readonly string[];
	/** One sentence. */
	readonly text: string;
	/** What happened before, oldest first, a line each. */
	readonly evidence: readonly string[];
}

export interface SimReport {
	readonly seed: number;
	readonly durationMs: number;
	readonly weather: Weather;
	readonly history: readonly Fault[];
	/** Equal exactly when two runs did the same, byte for byte. */
	readonly stateHash: string;
	/** At most 100 are kept. */
	readonly violations: readonly Violation[];
	/** Checkers that watched. */
	readonly checks: readonly { readonly name: string; readonly invariant: number; readonly violations: number }[];
	/** Members that were running and were declared dead, each life and incarnation counted once. */
	readonly falseDeaths: number;
	/** Running members that somebody suspected by a failed probe of its own. */
	readonly falseSuspicions: number;
	/** Whether the weather and history are of a class that promises no false death. */
	readonly promisesNoFalseDeath: boolean;
	/** After the heal, until all views, digests and rings were equal; undefined: not within `boundMs`. */
	readonly convergedMs: number | undefined;
	readonly boundMs: number;
	/** Simulated milliseconds in both phases. */
	readonly simulatedMs: SimTime;
	readonly packets: number;
	/** False when `onProgress` ended the run. */
	readonly complete: boolean;
}
