// What can be played back: a record that is played from its beginning as often as needed, each time the same.

import type { PlaybackDiffering, PlaybackDocument, StatusSource } from '../../status/index.ts';

export interface Playable extends Omit<PlaybackDocument, 'schema' | 'beganAt'> {
	/** Plays from the beginning once more; `follow` names the node whose view is wanted. */
	begin(follow: string): Pass;
}

/** One way through the record. It only goes forward. */
export interface Pass {
	/** How far it is, in milliseconds since the beginning of the record. */
	readonly elapsedMs: number;
	readonly ended: boolean;
	/** Whether this pass follows the views of that node. */
	follows(node: string): boolean;
	/** A little further, a few milliseconds of work at most; not much beyond `untilMs`. */
	advance(untilMs: number): void;
	/** What the node shows; undefined while it has not started. */
	source(node: string): StatusSource | undefined;
	/** Changes of state that the node has told so far. */
	verdicts(node: string): number;
	/** Of whom the views of the running nodes differ. */
	differing(): readonly PlaybackDiffering[];
}
