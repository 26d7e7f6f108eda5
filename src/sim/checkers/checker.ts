// What a checker is: an observer with a name, which reports broken invariants and is asked at certain moments.

import type { Cluster } from '../cluster.ts';
import type { Fault } from '../history.ts';
import type { Observer } from '../observer.ts';
import type { SimTime } from '../time-queue.ts';
import type { Weather } from '../weather.ts';
import type { Lives } from './lives.ts';
import type { Promises } from './promises.ts';

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

/** What every checker may look at. */
export interface Trial {
	readonly cluster: Cluster;
	readonly weather: Weather;
	readonly history: readonly Fault[];
	readonly lives: Lives;
	/** What may be expected under this weather and history. */
	readonly promises: Promises;
	/** Verdicts on members that ran, counted in any weather. */
	readonly counts: { falseDeaths: number; falseSuspicions: number };
}

export type Report = (hosts: readonly string[], text: string, evidence?: readonly string[]) => void;

export interface Checker extends Observer {
	/** Every simulated second. */
	sample?(): void;
	/** The run is over. */
	finished?(): void;
}

/** A checker that can be set to watch a run. */
export interface CheckerKind {
	readonly name: string;
	readonly invariant: number;
	/** One sentence: what always holds. */
	readonly holds: string;
	/** A checker for one run, which tells its objections to `report`. */
	create(trial: Trial, report: Report): Checker;
}

/** Thrown by a checker after its report: the run cannot go on. */
export class RunCutShort extends Error {}

/** `4.102s n3: what happened`. */
export function line(at: SimTime, host: string, text: string): string {
	return `${(at / 1000).toFixed(3)}s ${host}: ${text}`;
}
