// Why a member changed its state, in words: the sentences behind events, logs and `why`.

import type { Instant, Why } from '../swim/index.ts';
import { durationText } from './duration.ts';

/** What the evidence itself does not hold; with it the sentence also says how long was waited. */
export interface ExplainContext {
	/** When the event happened, on the clock of the evidence. */
	readonly at?: Instant;
	readonly ackTimeoutMs?: number;
}

/** One clause in the words of the glossary, without the member's name, capital or full stop. */
export function explainWhy(why: Why, context: ExplainContext = {}): string {
	switch (why.code) {
		case 'started':
			return 'this node started';
		case 'heard':
			return why.by === undefined ? 'heard by gossip' : `heard by gossip, accused by ${why.by}`;
		case 'probe-failed':
			return probeFailed(why, context);
		case 'not-refuted':
			return notRefuted(why, context);
		case 'refuted':
			return 'it refuted';
		case 'returned':
			return 'it came back';
		case 'left':
			return 'it said goodbye';
		case 'removed':
			return 'it was dead and is removed, by hand or by a goodbye that came late';
		case 'forgotten':
			return 'forgotten: it was gone for long enough, or its place was needed';
	}
	return why satisfies never;
}

function probeFailed(why: Extract<Why, { code: 'probe-failed' }>, { ackTimeoutMs }: ExplainContext): string {
	const direct = ackTimeoutMs === undefined ? 'no ack' : `no ack in ${durationText(ackTimeoutMs)}`;
	const stream = why.stream ? ', no answer on TCP' : '';
	return `${direct}${stream}; ${helperVerdict(why.helpers, why.nacks)}`;
}

/** A helper that sends a nack is alive itself, but got no ack either; a silent one proves nothing. */
function helperVerdict(helpers: readonly string[], nacks: number): string {
	const [only] = helpers;
	if (only === undefined) return 'there was no helper to ask';
	if (helpers.length === 1) return nacks > 0 ? `${only} could not reach it either` : `helper ${only} was silent too`;
	if (nacks === 0) return `all ${helpers.length} helpers were silent too`;
	if (nacks >= helpers.length) return `none of ${helpers.length} helpers could reach it either`;
	return `${nacks} of ${helpers.length} helpers could not reach it either`;
}

function notRefuted(why: Extract<Why, { code: 'not-refuted' }>, { at }: ExplainContext): string {
	const waited = at === undefined ? 'not refuted in time' : `not refuted in ${durationText(at - why.suspectedAt)}`;
	// The first one accused; the others confirmed.
	const [, ...confirmers] = why.confirmedBy;
	if (confirmers.length === 0) return `${waited}, confirmed by nobody`;
	return `${waited}, confirmed by ${confirmers.length === 1 ? confirmers[0] : confirmers.length}`;
}
