// The live documents of a node as a stream of answers: a snapshot, then what changes, as `status/live.ts` describes them.

import { setTimeout as delay } from 'node:timers/promises';
import {
	type LiveAbout,
	type LiveBeat,
	type LiveDelta,
	type LiveSnapshot,
	LiveView,
	type StatusSource,
} from '../status/index.ts';

/** One of the three. */
export type LiveDocument =
	| { readonly snapshot: LiveSnapshot }
	| { readonly delta: LiveDelta }
	| { readonly beat: LiveBeat };

const TICK_MS = 250;
const BEAT_MS = 5_000;
/** `at` and `seq` alone are no news. */
const BARE_FIELDS = 2;

/** Until `stop`; a reader who takes his time gets one larger delta in place of many. */
export async function* liveDocuments(
	source: StatusSource,
	about: LiveAbout,
	stop: AbortSignal,
): AsyncGenerator<LiveDocument> {
	const view = new LiveView(source, about);
	let cursor = view.refresh();
	yield { snapshot: view.snapshot() };
	let saidAt = performance.now();
	for (;;) {
		// An abort ends the wait early; that is how it is meant to end.
		await delay(TICK_MS, undefined, { signal: stop }).catch(() => undefined);
		if (stop.aborted) return;
		const now = view.refresh();
		const delta = view.since(cursor);
		cursor = now;
		if (delta === undefined) yield { snapshot: view.snapshot() };
		else if (Object.keys(delta).length > BARE_FIELDS) yield { delta };
		else if (performance.now() - saidAt >= BEAT_MS) yield { beat: { at: delta.at, seq: delta.seq } };
		else continue;
		saidAt = performance.now();
	}
}
