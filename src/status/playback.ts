// What a page is told of a playback and may ask of it: the same documents as of a live node, and beside them a transport.

import type { MemberState } from '../swim/index.ts';

/** How far a playback is; a part of the live documents, replaced as a whole. Times are milliseconds since the beginning of the record. */
export interface LivePlayback {
	readonly positionMs: number;
	readonly durationMs: number;
	readonly playing: boolean;
	/** So many times as fast as it was. */
	readonly speed: number;
	/** On the way to a moment that was asked for. */
	readonly seeking: boolean;
	/** Whose view is shown; in `everyone` it is that of one node, with the disagreement of all beside it. */
	readonly seenFrom: string;
	readonly everyone: boolean;
	/** In `everyone`: of whom the views of the running nodes differ, and how many hold what. */
	readonly differing: readonly PlaybackDiffering[];
}

/** A member of which the views differ, and how many views say what. */
export interface PlaybackDiffering {
	readonly member: string;
	readonly views: readonly { readonly state: MemberState | 'unknown'; readonly count: number }[];
}

/** What does not change while it plays: `GET /api/v1/playback`. */
export interface PlaybackDocument {
	readonly schema: number;
	readonly origin: 'simulated' | 'replayed';
	/** *Simulated, seed 7*, *Recorded by longbow-3*. */
	readonly title: string;
	readonly durationMs: number;
	/** Milliseconds since 1970 by the clock of the record when it begins. */
	readonly beganAt: number;
	/** All whose view can be shown. */
	readonly nodes: readonly string[];
	/** Changes of state in the order of time, each once, as whoever saw it first did. */
	readonly marks: readonly PlaybackMark[];
	/** Later ones that were too many to keep. */
	readonly marksDropped: number;
}

/** A step of a member, to be marked on the line of time. */
export interface PlaybackMark {
	readonly atMs: number;
	readonly member: string;
	readonly to: MemberState;
}

/** `POST /api/v1/playback`; what is absent stays as it is. */
export interface PlaybackCommand {
	readonly play?: boolean;
	readonly speed?: number;
	readonly seekMs?: number;
	/** On to the next change of state in the view that is shown, and stop there. */
	readonly step?: boolean;
	readonly seenFrom?: string;
	readonly everyone?: boolean;
}

/** Of `speed`. */
export const PLAYBACK_SPEEDS = { least: 1, most: 100 } as const;
