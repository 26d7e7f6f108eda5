// One run: a cluster in drawn or given weather, watched by all checkers; first faults, then the healed network must converge.

import { type MeshEvent, seededRandom } from '../swim/index.ts';
import {
	CHECKERS,
	type Checker,
	type CheckerKind,
	Convergence,
	convergenceBoundMs,
	Lives,
	Promises,
	RunCutShort,
	type Trial,
	type Violation,
} from './checkers/index.ts';
import { Cluster, type HostOptions } from './cluster.ts';
import { Faults, type RecordedHost } from './faults.ts';
import { clipHistory, drawHistory, type Fault } from './history.ts';
import type { Observer } from './observer.ts';
import type { SimTime } from './time-queue.ts';
import { drawWeather, type Weather } from './weather.ts';

export type { Violation };

/** A run. What is not given is drawn from the seed. */
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
	/** Writes down one host's life; changes nothing of the run. */
	readonly record?: RecordedHost;
	/** Simulated time between two steps of `simulation`, a multiple of 100. Default 1,000; it changes nothing of the run. */
	readonly stepMs?: number;
	/** Called by `simulate` about every simulated second; false ends the run at once. */
	readonly onProgress?: (progress: SimProgress) => boolean | undefined;
}

/** How far a run is. */
export interface SimProgress {
	readonly phase: 'safety' | 'liveness';
	readonly now: SimTime;
	/** End of the phase, at the latest. */
	readonly until: SimTime;
	readonly packets: number;
	readonly violations: number;
}

/** What a run was and what came of it. Durations are simulated milliseconds. */
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

type Steps<Result> = Generator<SimProgress, Result, boolean | undefined>;

export const DEFAULT_DURATION_MS = 30_000;
const SAMPLE_MS = 1_000;
/** How often it is looked whether the views have become equal. */
const LOOK_MS = 100;
/** Once equal, nothing may change any more; watched for so long. */
const QUIET_MS = 3_000;
const VIOLATIONS_KEPT = 100;
/** Foreign members exchange everything so often here, or a run would be mostly waiting. */
const FOREIGN_PUSH_PULL_MS = 5_000;

/** Runs a cluster through a history and its healing. The same options give the same run, byte for byte. */
export function simulate(options: SimulateOptions): SimReport {
	const steps = simulation(options);
	for (let goOn: boolean | undefined; ; ) {
		const { value, done } = steps.next(goOn);
		if (done) return value;
		goOn = options.onProgress?.(value);
	}
}

/** The same run in steps of about a simulated second, for whoever has other things to do between them; false ends it. */
export function simulation(options: SimulateOptions): Generator<SimProgress, SimReport, boolean | undefined> {
	return new Simulation(options).run();
}

/** What a run would draw if nothing were given: chance of its own for each, so that giving one does not change the other. */
export function drawRun(options: SimulateOptions): { readonly weather: Weather; readonly history: readonly Fault[] } {
	const durationMs = options.durationMs ?? DEFAULT_DURATION_MS;
	const weather = options.weather ?? drawWeather(seededRandom(options.seed ^ 0x5eed_0001));
	const history = options.history ?? drawHistory(weather, seededRandom(options.seed ^ 0x5eed_0002), durationMs);
	return { weather, history: clipHistory(history, durationMs) };
}

class Simulation {
	readonly #options: SimulateOptions;
	readonly #durationMs: number;
	readonly #stepMs: number;
	readonly #trial: Trial;
	readonly #faults: Faults;
	readonly #convergence: Convergence;
	readonly #watching: { readonly kind: CheckerKind; readonly checker: Checker; violations: number }[] = [];
	readonly #violations: Violation[] = [];
	/** Broken promises of the run as a whole: that nothing is thrown, that views become equal and stay so. */
	readonly #outcome = { throws: 0, convergence: 0 };
	#convergedMs: number | undefined;
	#boundMs = 0;
	#isQuiet = false;
	#ended = false;

	constructor(options: SimulateOptions) {
		const { seed } = options;
		this.#options = options;
		this.#durationMs = options.durationMs ?? DEFAULT_DURATION_MS;
		this.#stepMs = options.stepMs ?? SAMPLE_MS;
		const { weather, history } = drawRun(options);
		const host = { ...(weather.foreign > 0 && { pushPullIntervalMs: FOREIGN_PUSH_PULL_MS }), ...options.host };
		const cluster = new Cluster({ seed, host });
		const lives = new Lives(() => cluster.now);
		this.#trial = {
			cluster,
			weather,
			history,
			lives,
			promises: new Promises(weather, history, host),
			counts: { falseDeaths: 0, falseSuspicions: 0 },
		};
		cluster.observe(lives.observer);
		this.#convergence = new Convergence(this.#trial);
		cluster.observe({
			event: (from, event) => {
				this.#convergence.event(from, event);
				if (this.#isQuiet && event.type === 'state' && isChangeOfView(event))
					this.#disturbed(from.name, JSON.stringify(event));
			},
		});
		for (const kind of CHECKERS) if (!options.checks || options.checks.includes(kind.name)) this.#watch(kind);
		if (options.observe) cluster.observe(options.observe(cluster));
		this.#faults = new Faults(cluster, { weather, history, seed, record: options.record });
	}

	*run(): Steps<SimReport> {
		try {
			yield* this.#safety();
			if (!this.#ended) yield* this.#liveness();
			for (const { checker } of this.#watching) checker.finished?.();
		} catch (error) {
			if (error instanceof RunCutShort) return this.#report();
			this.#outcome.throws++;
			const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
			this.#violate('throws', 8, [], `something was thrown: ${String(error)}`, stack.split('\n'));
		}
		return this.#report();
	}

	/** While faults rage, nothing wrong may happen. */
	*#safety(): Steps<void> {
		this.#faults.begin();
		while (this.#trial.cluster.now < this.#durationMs && !this.#ended) {
			yield* this.#advance(
				Math.min(this.#stepMs, this.#durationMs - this.#trial.cluster.now),
				'safety',
				this.#durationMs,
			);
		}
	}

	/** All faults have ended: within the bound the views must be equal, and then nothing may happen any more. */
	*#liveness(): Steps<void> {
		const { cluster, weather, lives, promises } = this.#trial;
		this.#faults.heal();
		const healedAt = cluster.now;
		this.#boundMs = convergenceBoundMs(promises.config, weather, cluster.hosts.size, lives.deserted);
		const until = healedAt + this.#boundMs;
		// A ping that was lost before the heal has its verdict only a probe window later.
		const settledAt = healedAt + promises.probeWindowMs;
		let reachedAt = this.#convergence.isReached() ? healedAt : undefined;
		const isOver = (): boolean => reachedAt !== undefined && cluster.now >= settledAt;
		while (!isOver() && cluster.now < until && !this.#ended) {
			for (let at = 0; at < this.#stepMs && !isOver(); at += LOOK_MS) {
				cluster.run(LOOK_MS);
				reachedAt = this.#convergence.isReached() ? (reachedAt ?? cluster.now) : undefined;
			}
			yield* this.#advance(0, 'liveness', until);
		}
		if (this.#ended) return;
		if (reachedAt === undefined) {
			this.#outcome.convergence++;
			const text = `views are not equal ${Math.round(this.#boundMs)} ms after all faults have ended`;
			this.#violate('convergence', 5, [], text, this.#convergence.evidence());
			return;
		}
		this.#convergedMs = reachedAt - healedAt;
		this.#isQuiet = true;
		const quietUntil = cluster.now + QUIET_MS;
		while (cluster.now < quietUntil && !this.#ended) {
			yield* this.#advance(Math.min(this.#stepMs, quietUntil - cluster.now), 'liveness', quietUntil);
		}
	}

	#disturbed(host: string, what: string): void {
		this.#outcome.convergence++;
		this.#violate('convergence', 5, [host], `${host} changed its view although all were equal and nothing happened`, [
			what,
		]);
	}

	*#advance(durationMs: number, phase: SimProgress['phase'], until: SimTime): Steps<void> {
		const { cluster } = this.#trial;
		if (durationMs > 0) cluster.run(durationMs);
		for (const { checker } of this.#watching) checker.sample?.();
		const progress = { phase, now: cluster.now, until, packets: cluster.packets, violations: this.#violations.length };
		if ((yield progress) === false) this.#ended = true;
	}

	#watch(kind: CheckerKind): void {
		const checker = kind.create(this.#trial, (hosts, text, evidence = []) => {
			watched.violations++;
			this.#violate(kind.name, kind.invariant, hosts, text, evidence);
		});
		const watched = { kind, checker, violations: 0 };
		this.#watching.push(watched);
		this.#trial.cluster.observe(checker);
	}

	#violate(
		checker: string,
		invariant: number,
		hosts: readonly string[],
		text: string,
		evidence: readonly string[],
	): void {
		if (this.#violations.length >= VIOLATIONS_KEPT) return;
		this.#violations.push({ checker, invariant, at: this.#trial.cluster.now, hosts, text, evidence });
	}

	#report(): SimReport {
		const { cluster, weather, history, promises, counts } = this.#trial;
		const checks = this.#watching.map(({ kind, violations }) => ({
			name: kind.name,
			invariant: kind.invariant,
			violations,
		}));
		return {
			seed: this.#options.seed,
			durationMs: this.#durationMs,
			weather,
			history,
			stateHash: cluster.hash.text,
			violations: this.#violations,
			checks: [
				...checks,
				{ name: 'throws', invariant: 8, violations: this.#outcome.throws },
				{ name: 'convergence', invariant: 5, violations: this.#outcome.convergence },
			],
			...counts,
			promisesNoFalseDeath: promises.isMild,
			convergedMs: this.#convergedMs,
			boundMs: this.#boundMs,
			simulatedMs: cluster.now,
			packets: cluster.packets,
			complete: !this.#ended,
		};
	}
}

/** Which members are gone, and how, may differ for a while and is no part of the digest: the goodbye may come after the death. */
function isChangeOfView({ from, to }: Extract<MeshEvent, { type: 'state' }>): boolean {
	return to !== 'none' && !(from === 'dead' && to === 'left');
}
