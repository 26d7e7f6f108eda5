// A record that is played back: its clock, its marks on the scrubber, what all views hold, and how it is commanded.

import type { LivePlayback, PlaybackCommand, PlaybackMark } from '../../status/index.ts';
import type { ViewShare } from '../draw/index.ts';

/** Documents come four times a second; a clock that runs further ahead than this would have to go back. */
const AHEAD_MS = 400;

/** The clock of the record, so long after the document that was true `at`. */
export function playedTo(at: number, { playing, seeking, speed }: LivePlayback, sinceMs: number): number {
	return at + (playing && !seeking ? Math.min(Math.max(0, sinceMs), AHEAD_MS) * speed : 0);
}

export const SCRUBBER_WIDTH = 1_000;

/** Marks as a path of ticks; a scrubber of thousands of marks is one shape. Several at one place are one tick. */
export function markPath(marks: readonly PlaybackMark[], durationMs: number, y: number, height: number): string {
	const places = new Set(marks.map(({ atMs }) => Math.round((atMs / Math.max(1, durationMs)) * SCRUBBER_WIDTH)));
	return Array.from(places, (x) => `M${x} ${y}v${height}`).join('');
}

/** Of each member about whom the views differ: how many of them hold what. */
export function viewShares(playback: LivePlayback | undefined): ReadonlyMap<string, readonly ViewShare[]> {
	return new Map(
		(playback?.differing ?? []).map(({ member, views }) => {
			const all = views.reduce((sum, { count }) => sum + count, 0);
			return [member, views.map(({ state, count }) => ({ state, share: count / all }))];
		}),
	);
}

/** Resolves to what is wrong with it, in a sentence; empty when it is obeyed. */
export async function command(order: PlaybackCommand): Promise<string> {
	const headers = { 'Content-Type': 'application/json' };
	try {
		const response = await fetch('./api/v1/playback', { method: 'POST', headers, body: JSON.stringify(order) });
		return response.ok ? '' : ((await response.json()) as { error: string }).error;
	} catch {
		return 'The playback does not answer.';
	}
}
