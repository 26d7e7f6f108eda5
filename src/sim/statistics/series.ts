// Values over simulated time in a bounded number of bins: when they are full, two become one.

import type { SimTime } from '../time-queue.ts';

/** How two neighbouring bins become one. */
type Fold = 'mean' | 'max' | 'min';

const FOLDS: Readonly<Record<Fold, (a: number, b: number) => number>> = {
	mean: (a, b) => (a + b) / 2,
	max: Math.max,
	min: Math.min,
};

/** One value a bin. */
export class Series {
	readonly values: number[];
	readonly #fold: (a: number, b: number) => number;

	/** `before`: bins that passed before there was anything to tell; they hold 0. */
	constructor(fold: Fold, before = 0) {
		this.#fold = FOLDS[fold];
		this.values = new Array<number>(before).fill(0);
	}

	push(value: number): void {
		this.values.push(value);
	}

	/** Halves the number of bins, which must be even. */
	fold(): void {
		const { values } = this;
		for (let i = 0; i * 2 < values.length; i++) values[i] = this.#fold(values[i * 2]!, values[i * 2 + 1]!);
		values.length /= 2;
	}
}

/** A quantity that steps: its mean and its peak since the last bin was closed. */
export class Level {
	#value: number;
	#since: SimTime;
	#area = 0;
	#peak: number;

	constructor(value: number, now: SimTime) {
		this.#value = value;
		this.#peak = value;
		this.#since = now;
	}

	step(by: number, now: SimTime): void {
		this.#area += this.#value * (now - this.#since);
		this.#since = now;
		this.#value += by;
		if (this.#value > this.#peak) this.#peak = this.#value;
	}

	/** Mean over the bin of this length that ends now, and the peak in it; then the next one begins. */
	take(now: SimTime, binMs: number): { readonly mean: number; readonly peak: number } {
		this.step(0, now);
		const taken = { mean: this.#area / binMs, peak: this.#peak };
		this.#area = 0;
		this.#peak = this.#value;
		return taken;
	}
}

/** Divides time into bins of equal width and says when one is over. */
export class Bins {
	/** Width of a bin; doubles when there are too many. */
	widthMs: number;
	/** Number of bins that are over. */
	count = 0;
	readonly #most: number;
	readonly #onClose: (end: SimTime, lengthMs: number) => void;
	readonly #onFold: () => void;
	#start: SimTime = 0;

	/** `most` must be even. */
	constructor(options: {
		readonly widthMs: number;
		readonly most: number;
		close(end: SimTime, lengthMs: number): void;
		fold(): void;
	}) {
		this.widthMs = options.widthMs;
		this.#most = options.most;
		this.#onClose = (end, lengthMs) => options.close(end, lengthMs);
		this.#onFold = () => options.fold();
	}

	/** Closes all bins that end at or before this instant. */
	advance(now: SimTime): void {
		while (now >= this.#start + this.widthMs) this.#close(this.#start + this.widthMs);
	}

	/** Closes the last bin early. Nothing may follow. */
	finish(now: SimTime): void {
		this.advance(now);
		if (now > this.#start) this.#close(now);
	}

	#close(end: SimTime): void {
		this.#onClose(end, end - this.#start);
		this.#start = end;
		if (++this.count < this.#most) return;
		this.#onFold();
		this.count /= 2;
		this.widthMs *= 2;
	}
}
