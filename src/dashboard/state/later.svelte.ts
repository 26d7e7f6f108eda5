// Spreads what one piece of news changes over several frames, so that none of them has to draw the whole board.

import { untrack } from 'svelte';

/** What `read` says, so many frames later; to be called while a component starts. What changes sooner again is shown at its latest. */
export function later<T>(read: () => T, frames: number): () => T {
	let shown = $state.raw(untrack(read));
	$effect(() => {
		const value = read();
		let left = frames;
		let request = requestAnimationFrame(function next() {
			if (--left > 0) request = requestAnimationFrame(next);
			else shown = value;
		});
		return () => cancelAnimationFrame(request);
	});
	return () => shown;
}
