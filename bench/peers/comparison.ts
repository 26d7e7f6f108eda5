// The one kind of row that all scenarios print: ours, a peer's beside it, and the ratio.

import { quantile } from '../../src/sim/index.ts';
import { type Report, round, spread } from '../support/report.ts';

/** Null: not within the longest time that was waited. Undefined: not measured. */
export type Figure = number | null | undefined;

/** What a run gave, by what it is called: one figure, or several. */
export type Figures<Run> = Readonly<Record<string, (run: Run) => Figure | readonly Figure[]>>;

export class Comparison {
	readonly #report: Report;
	readonly #scenario: string;
	readonly #peer: string | undefined;

	/** `sides`: we, and the peer if there is one. */
	constructor(report: Report, scenario: string, sides: readonly { readonly name: string }[]) {
		this.#report = report;
		this.#scenario = scenario;
		this.#peer = sides[1]?.name;
	}

	/** Rows of medians. `runs`: those of each side, in the order of the sides. */
	add<Run>(nodes: number, runs: readonly (readonly Run[])[], figures: Figures<Run>): void {
		for (const [what, samples] of sampled(runs, figures)) {
			this.#row(nodes, what, samples, (known) => spread(known).median);
		}
	}

	/** After each row of medians one of the 95th percentiles. */
	addWithTails<Run>(nodes: number, runs: readonly (readonly Run[])[], figures: Figures<Run>): void {
		for (const [what, samples] of sampled(runs, figures)) {
			this.#row(nodes, what, samples, (known) => spread(known).median);
			this.#row(nodes, `${what}, p95`, samples, (known) => quantile(known, 0.95) as number);
		}
	}

	#row(nodes: number, what: string, [ours = [], theirs = []]: readonly Sample[], of: Of): void {
		const [our, their] = [figure(ours, of), figure(theirs, of)];
		const beside = {
			beside: this.#peer ?? '',
			theirs: their,
			'their min–max': range(theirs),
			ratio: typeof our === 'number' && typeof their === 'number' && their > 0 ? round(our / their) : '',
		};
		const row = { scenario: this.#scenario, nodes, what, ours: our, 'min–max': range(ours) };
		this.#report.add(this.#peer === undefined ? row : { ...row, ...beside });
	}
}

type Sample = readonly (number | null)[];

/** Of figures in ascending order. */
type Of = (known: readonly number[]) => number;

function sampled<Run>(runs: readonly (readonly Run[])[], figures: Figures<Run>): (readonly [string, Sample[]])[] {
	return Object.entries(figures).map(([what, pick]) => [
		what,
		runs.map((side) => side.flatMap(pick).filter((each) => each !== undefined)),
	]);
}

function figure(sample: Sample, of: Of): number | string {
	if (sample.length === 0) return '';
	const known = sample.filter((each) => each !== null).sort((a, b) => a - b);
	return known.length === 0 ? 'never' : round(of(known));
}

function range(sample: Sample): string {
	const known = sample.filter((each) => each !== null);
	const never = sample.length - known.length;
	const parts = never > 0 ? [`${never} of ${sample.length} never`] : [];
	if (known.length > 0) {
		const { min, max } = spread(known);
		parts.unshift(`${round(min)}–${round(max)}`);
	}
	return parts.join(', ');
}
