// Spreads what one piece of news changes over several frames, so that none of them has to draw the whole board.

import { untrack } from 'svelte';

interface Waiting {
	/** Frames to go. */
	left: number;
	readonly show: () => void;
}

const waiting = new Set<Waiting>();
let asked = false;

/** One request a frame, however many wait: each costs the browser a tenth of a millisecond. */
function askForFrame(): void {
	if (asked || waiting.size === 0) return;
	asked = true;
	requestAnimationFrame(() => {
		asked = false;
		for (const each of waiting) {
			if (--each.left > 0) continue;
			waiting.delete(each);
			each.show();
		}
		askForFrame();
	});
}

/** What `read` says, so many frames later; to be called while a component starts. What changes sooner again is shown at its latest. */
export function later<T>(read: () => T, frames: number): () => T {
	let shown = $state.raw(untrack(read));
	$effect(() => {
		const value = read();
		const each: Waiting = {
			left: frames,
			show: () => {
				shown = value;
			},
		};
		waiting.add(each);
		askForFrame();
		return () => waiting.delete(each);
	});
	return () => shown;
}
