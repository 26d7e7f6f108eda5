// What the page holds of the node, as one fold over the documents of the live stream. Pure: no browser, no clock of its own.

import { fold, type LiveSnapshot } from '../../status/index.ts';
import type { LiveDocument } from './live-stream.ts';

export interface Board {
	readonly snapshot: LiveSnapshot | undefined;
	/** What to add to the browser's clock to get the node's. */
	readonly offsetMs: number;
	/** When the latest document came, by the browser's clock. */
	readonly arrivedMs: number;
	/** The start of the node's present life, when it is not the one that the page met first. */
	readonly restartedAt: number | undefined;
	/** The time before the present life of which nothing is known: from the last news of the earlier one. */
	readonly gap: { readonly from: number; readonly to: number } | undefined;
	/** While the screen holds: what it shows, and the node's time then. */
	readonly held: { readonly snapshot: LiveSnapshot; readonly at: number } | undefined;
}

export const NOTHING_YET: Board = {
	snapshot: undefined,
	offsetMs: 0,
	arrivedMs: 0,
	restartedAt: undefined,
	gap: undefined,
	held: undefined,
};

/** `arrivedMs` by the browser's clock. */
export function take(board: Board, document: LiveDocument, arrivedMs: number): Board {
	switch (document.kind) {
		case 'snapshot':
			return { ...begin(board, document.snapshot, document.snapshot.at - arrivedMs), arrivedMs };
		case 'delta': {
			if (!board.snapshot) return board;
			const snapshot = fold(board.snapshot, document.delta);
			return { ...board, snapshot, arrivedMs, offsetMs: nearer(board.offsetMs, snapshot.at - arrivedMs) };
		}
		case 'beat': {
			const { at, seq } = document.beat;
			const snapshot = board.snapshot && { ...board.snapshot, at, seq };
			return { ...board, snapshot, arrivedMs, offsetMs: nearer(board.offsetMs, at - arrivedMs) };
		}
		default:
			return document satisfies never;
	}
}

function begin(board: Board, snapshot: LiveSnapshot, offsetMs: number): Board {
	const before = board.snapshot;
	const { startedAt } = snapshot.node;
	// A record that goes back, or shows another of its nodes, has not restarted.
	const restarted = before !== undefined && !snapshot.playback && before.node.startedAt !== startedAt;
	if (!restarted) return { ...board, snapshot, offsetMs };
	// Another node behind the same address is no restart of the first one.
	const same = before.node.name === snapshot.node.name;
	return {
		...board,
		snapshot,
		offsetMs,
		restartedAt: same ? startedAt : undefined,
		gap: same ? { from: Math.min(before.at, startedAt), to: startedAt } : undefined,
	};
}

/** A jump of the clock is believed at once; below it, the document that travelled least is right. */
const JUMP_MS = 2_000;

function nearer(offsetMs: number, seenMs: number): number {
	return Math.abs(seenMs - offsetMs) > JUMP_MS ? seenMs : Math.max(offsetMs, seenMs);
}

/** The screen holds, or goes on. */
export function pause(board: Board, nodeNowMs: number): Board {
	if (board.held) return { ...board, held: undefined };
	return board.snapshot ? { ...board, held: { snapshot: board.snapshot, at: nodeNowMs } } : board;
}

/** Events that came while the screen holds. */
export function newEvents({ snapshot, held }: Board): number {
	if (!snapshot || !held) return 0;
	const known = held.snapshot.events.at(-1)?.seq ?? 0;
	const life = held.snapshot.node.startedAt === snapshot.node.startedAt;
	return life ? snapshot.events.filter(({ seq }) => seq > known).length : snapshot.events.length;
}
