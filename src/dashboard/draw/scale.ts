// From values to pixels: linear and logarithmic scales, ticks that people read, edges on whole device pixels.

export type Scale = (value: number) => number;

/** A domain of one value maps to the middle of the range. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
	const [from, to] = domain;
	const [low, high] = range;
	if (to === from) return () => (low + high) / 2;
	return (value) => low + ((value - from) / (to - from)) * (high - low);
}

/** The domain is above 0; what is below it lies at its low end. */
export function logarithmic(domain: readonly [number, number], range: readonly [number, number]): Scale {
	const scale = linear([Math.log10(domain[0]), Math.log10(domain[1])], range);
	return (value) => scale(Math.log10(Math.max(value, domain[0])));
}

export function clamp(value: number, low: number, high: number): number {
	return Math.min(high, Math.max(low, value));
}

/** To the nearest device pixel. */
export function snap(value: number, dpr: number): number {
	return Math.round(value * dpr) / dpr;
}

const STEPS_MS = [
	1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000,
	1_200_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

/** Whole minutes, hours and so on within the span, `most` of them or fewer. */
export function timeTicks(from: number, to: number, most: number): { readonly step: number; readonly at: number[] } {
	const step = STEPS_MS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most);
	const at: number[] = [];
	for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) at.push(tick);
	return { step, at };
}

/** The smallest of 1, 2, 5, 10, 20, … that is not below the value. */
export function niceAbove(value: number): number {
	if (!(value > 0)) return 1;
	const power = 10 ** Math.floor(Math.log10(value));
	const digit = [1, 2, 5, 10].find((each) => each * power >= value * 0.999_999) ?? 10;
	return digit * power;
}
