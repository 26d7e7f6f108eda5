// Shrinking: from a run that breaks an invariant to one with fewer hosts, faults and seconds that still breaks it.

import { clipHistory, type Fault } from './history.ts';
import { drawRun, type SimReport, type SimulateOptions, simulate } from './simulate.ts';
import type { Weather } from './weather.ts';

/** What is left of a run that broke an invariant. */
export interface Shrunk {
	/** The smallest run found; give it to `simulate` to see it again. */
	readonly options: SimulateOptions & { readonly weather: Weather; readonly history: readonly Fault[] };
	readonly report: SimReport;
	/** Runs that it took. */
	readonly tries: number;
}

export interface ShrinkLimits {
	/** Default 200. */
	readonly mostTries?: number;
	/** Looked at before each run: true = that is enough. */
	readonly isOver?: () => boolean;
}

/** Kinds of weather that may be calmed, one after the other. */
const CALMED = ['badLinks', 'packetlessLinks', 'streamlessLinks', 'clockSkew', 'foreign'] as const;
const LINK_CALMED = ['loss', 'burstStart', 'jitterMs', 'reorder', 'duplication'] as const;

/**
 * Removes and halves while the first violation's checker still objects. `simulate` may be replaced,
 * as by one with other sources.
 */
export function shrink(options: SimulateOptions, limits: ShrinkLimits = {}, run: typeof simulate = simulate): Shrunk {
	return new Shrinking(options, limits, run).run();
}

class Shrinking {
	readonly #limits: ShrinkLimits;
	readonly #simulate: typeof simulate;
	readonly #checker: string | undefined;
	#best: Shrunk['options'];
	#report: SimReport;
	#tries = 1;

	constructor(options: SimulateOptions, limits: ShrinkLimits, run: typeof simulate) {
		this.#limits = limits;
		this.#simulate = run;
		this.#best = { ...options, ...drawRun(options) };
		this.#report = run(this.#best);
		this.#checker = this.#report.violations[0]?.checker;
	}

	run(): Shrunk {
		if (this.#checker !== undefined) {
			// What one step has made possible another may use, so all are tried again until none helps.
			while (this.#seconds() || this.#hosts() || this.#faults() || this.#calm());
		}
		return { options: this.#best, report: this.#report, tries: this.#tries };
	}

	/** Nothing after the first violation matters, and often the faults may all come earlier. */
	#seconds(): boolean {
		const durationMs = this.#report.durationMs;
		const first = this.#report.violations[0]!.at;
		const upTo = (ms: number): boolean =>
			ms < durationMs && ms >= 100 && this.#try({ durationMs: ms, history: clipHistory(this.#best.history, ms) });
		return upTo(Math.ceil(first)) || upTo(Math.round(durationMs / 2)) || upTo(Math.round(durationMs * 0.8));
	}

	#hosts(): boolean {
		const { weather } = this.#best;
		const down = (nodes: number): boolean =>
			nodes >= 2 &&
			nodes < weather.nodes &&
			this.#try({ weather: { ...weather, nodes, foreign: Math.min(weather.foreign, nodes) } });
		return down(weather.nodes >> 1) || down(Math.ceil(weather.nodes * 0.75)) || down(weather.nodes - 1);
	}

	/** Halves, quarters and so on of the history are left out, at last single faults. */
	#faults(): boolean {
		const { history } = this.#best;
		for (let size = Math.ceil(history.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
			for (let at = 0; at < history.length; at += size) {
				if (this.#try({ history: [...history.slice(0, at), ...history.slice(at + size)] })) return true;
			}
		}
		return false;
	}

	#calm(): boolean {
		const { weather } = this.#best;
		for (const key of CALMED) {
			if (weather[key] !== 0 && this.#try({ weather: { ...weather, [key]: 0 } })) return true;
		}
		for (const key of LINK_CALMED) {
			if (weather.link[key] !== 0 && this.#try({ weather: { ...weather, link: { ...weather.link, [key]: 0 } } }))
				return true;
		}
		return false;
	}

	#try(change: Partial<SimulateOptions>): boolean {
		const { mostTries = 200, isOver } = this.#limits;
		if (this.#tries >= mostTries || isOver?.()) return false;
		this.#tries++;
		const options = { ...this.#best, ...change };
		const report = this.#simulate(options);
		if (!report.violations.some(({ checker }) => checker === this.#checker)) return false;
		this.#best = options;
		this.#report = report;
		return true;
	}
}
