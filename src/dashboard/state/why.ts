// The evidence about a member as the inspector shows it: the likely cause, the probe that failed, the steps.

import type { TimelineLine, WhyDocument } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import type { ProbePaths } from '../draw/index.ts';
import { type Clock, capital, pageText } from './words.ts';

/** What stands beside a step: the state that it led to, or that it is a mere fact, the present, the future. */
export type StepMark = MemberState | 'fact' | 'now';

export interface Step {
	readonly at: number;
	readonly mark: StepMark;
	readonly title: string;
	readonly text: string;
	/** A verdict or the present: it stands out. */
	readonly strong: boolean;
}

const MARKS: Readonly<Partial<Record<TimelineLine['kind'], StepMark>>> = {
	ack: 'alive',
	alive: 'alive',
	suspect: 'suspect',
	confirmed: 'suspect',
	dead: 'dead',
	expected: 'dead',
	left: 'left',
	refuted: 'alive',
	now: 'now',
};

const STRONG: ReadonlySet<TimelineLine['kind']> = new Set(['suspect', 'dead', 'left', 'now']);

/** Oldest first. */
export function stepsOf({ timeline }: WhyDocument, times: Clock): Step[] {
	return timeline.map(({ at, kind, title, text }) => ({
		at: Date.parse(at),
		mark: MARKS[kind] ?? 'fact',
		title: capital(title),
		text: pageText(text, times),
		strong: STRONG.has(kind),
	}));
}

/** The steps that fit, in the height that each of them takes: verdicts and the present before facts, late ones before early ones. */
export function fittingSteps(steps: readonly Step[], room: number, heightOf: (step: Step) => number): readonly Step[] {
	const late = steps.toReversed();
	const kept = new Set<Step>();
	let left = room;
	for (const step of late.toSorted((a, b) => rank(a) - rank(b))) {
		const height = heightOf(step);
		if (height > left) continue;
		left -= height;
		kept.add(step);
	}
	return steps.filter((step) => kept.has(step));
}

function rank({ mark, strong }: Step): number {
	if (strong) return 0;
	return mark === 'fact' || mark === 'alive' ? 2 : 1;
}

/** The lost probe as it is drawn. */
export function pathsOf(
	{ member, state, probe }: WhyDocument,
	shorten: (name: string) => string,
): ProbePaths | undefined {
	if (!probe) return undefined;
	const targetState = state === 'forgotten' ? 'left' : state;
	return {
		from: 'this node',
		target: shorten(member),
		targetState,
		direct: `no ack in ${probe.ackTimeoutMs} ms`,
		helpers: probe.helpers.map(({ name, answer }) => ({ name: shorten(name), answer: answer ?? 'silent' })),
	};
}
