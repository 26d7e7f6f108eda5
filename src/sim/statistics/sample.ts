// A sample of durations and its quantiles.

/** Durations in milliseconds; null where nothing was measured. */
export interface Quantiles {
	readonly count: number;
	readonly p50Ms: number | null;
	readonly p99Ms: number | null;
	readonly maxMs: number | null;
}

/** More values than this add nothing to a quantile that is read to two digits. */
const VALUES_MAX = 100_000;

export class Sample {
	/** In the order of measuring. */
	readonly values: number[] = [];

	add(valueMs: number): void {
		if (this.values.length < VALUES_MAX) this.values.push(valueMs);
	}

	get quantiles(): Quantiles {
		const sorted = [...this.values].sort((a, b) => a - b);
		return {
			count: sorted.length,
			p50Ms: quantile(sorted, 0.5),
			p99Ms: quantile(sorted, 0.99),
			maxMs: sorted.at(-1) ?? null,
		};
	}
}

/** The smallest value that at least this share of the sorted values does not exceed (nearest rank). */
export function quantile(sorted: readonly number[], share: number): number | null {
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
