// The one kind of row that all scenarios print: ours, a peer's beside it, and the ratio of the medians.

import { quantile } from '../../src/sim/index.ts';
import { type Report, round, spread } from '../support/report.ts';

/** What one side was measured to be, run by run; null: not within the longest time that was waited. Empty: not measured. */
export type Samples = readonly (number | null)[];

/** Of what its runs gave, the middle one or the 95th percentile. */
export type Of = 'median' | 'p95';

export class Comparison {
	readonly #report: Report;
	readonly #scenario: string;
	readonly #sides: readonly { readonly name: string }[];

	constructor(report: Report, scenario: string, sides: readonly { readonly name: string }[]) {
		this.#report = report;
		this.#scenario = scenario;
		this.#sides = sides;
	}

	/** `samples`: in the order of the sides. */
	add(nodes: number, what: string, samples: readonly Samples[], of: Of = 'median'): void {
		const [ours = [], theirs = []] = samples;
		const [our, their] = [figure(ours, of), figure(theirs, of)];
		this.#report.add({
			scenario: this.#scenario,
			nodes,
			what,
			ours: our,
			'min–max': range(ours),
			...(this.#sides[1] && {
				beside: this.#sides[1].name,
				theirs: their,
				'their min–max': range(theirs),
				ratio: typeof our === 'number' && typeof their === 'number' && their > 0 ? round(our / their) : '',
			}),
		});
	}
}

function figure(samples: Samples, of: Of): number | string {
	if (samples.length === 0) return '';
	const known = samples.filter((sample) => sample !== null).sort((a, b) => a - b);
	if (known.length === 0) return 'never';
	return round(of === 'median' ? spread(known).median : (quantile(known, 0.95) as number));
}

function range(samples: Samples): string {
	const known = samples.filter((sample) => sample !== null);
	const never = samples.length - known.length;
	const parts = never > 0 ? [`${never} of ${samples.length} never`] : [];
	if (known.length > 0) {
		const { min, max } = spread(known);
		parts.unshift(`${round(min)}–${round(max)}`);
	}
	return parts.join(', ');
}
