// The seconds of a node that have ended, as numbers in a ring: what they hold is made into objects when somebody asks.

import { LIVE_LIMITS, type LiveBytes } from './live-limits.ts';

/** Numbers of a second: bytes sent and received, each by what they are for, and packets sent and received. */
export const FIGURES = 10;

export interface SecondTraffic {
	readonly sent: LiveBytes;
	readonly received: LiveBytes;
	readonly packets: readonly [sent: number, received: number];
}

/** The last ones of a run of seconds without gaps. */
export class SecondRing {
	/** Grows until all seconds that are kept have a row in it. */
	#figures = new Uint32Array(FIRST_ROWS * FIGURES);
	readonly #marks: string[] = [];
	/** Seconds that ever ended. */
	#ended = 0;

	/** How many are kept, at most {@link LIVE_LIMITS}. */
	get length(): number {
		return this.#marks.length;
	}

	/** A second has ended; `figure` gives each of its numbers. */
	push(marks: string, figure: (at: number) => number): void {
		const row = this.#ended % LIVE_LIMITS.seconds;
		if ((row + 1) * FIGURES > this.#figures.length) this.#grow();
		for (let at = 0; at < FIGURES; at++) this.#figures[row * FIGURES + at] = figure(at);
		this.#marks[row] = marks;
		this.#ended++;
	}

	/** The marks of a second, 0 being the oldest. */
	marks(place: number): string {
		return this.#marks[this.#row(place)] as string;
	}

	traffic(place: number): SecondTraffic {
		const row = this.#row(place) * FIGURES;
		const figure = (at: number): number => this.#figures[row + at] as number;
		return {
			sent: [figure(0), figure(1), figure(2), figure(3)],
			received: [figure(4), figure(5), figure(6), figure(7)],
			packets: [figure(8), figure(9)],
		};
	}

	#row(place: number): number {
		return (this.#ended - this.length + place) % LIVE_LIMITS.seconds;
	}

	#grow(): void {
		const wider = new Uint32Array(Math.min(2 * this.#figures.length, LIVE_LIMITS.seconds * FIGURES));
		wider.set(this.#figures);
		this.#figures = wider;
	}
}

const FIRST_ROWS = 16;
