// Works the ring out beside the page: at 3,000 owners it takes tens of milliseconds, in which nothing could be drawn.

import { type RingSteps, ringSteps, ringTakeover, type Takeover } from '../../ring/index.ts';

export interface RingQuestion {
	readonly weights: ReadonlyMap<string, number>;
	/** Keys that lie evenly on the circle, each told with its owner. */
	readonly steps: number;
	/** Whose death is thought of; undefined: nobody's. */
	readonly member: string | undefined;
}

export interface RingAnswer {
	readonly member: string | undefined;
	readonly steps: RingSteps;
	readonly takeover: Takeover | undefined;
}

addEventListener('message', ({ data: { weights, steps, member } }: MessageEvent<RingQuestion>) => {
	postMessage({
		member,
		steps: ringSteps(weights, steps),
		takeover: member === undefined ? undefined : ringTakeover(weights, member),
	} satisfies RingAnswer);
});
