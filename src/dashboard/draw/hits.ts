// Finding what was drawn under the pointer, and what lies next to it for the arrow keys.

import type { Hit } from './types.ts';

/** The topmost hit at the point; else the nearest one within `slop`, so that the gap between two tiles is no hole. */
export function hitAt(hits: readonly Hit[], x: number, y: number, slop = 2): string | undefined {
	let nearest: string | undefined;
	let least = slop;
	for (let at = hits.length - 1; at >= 0; at--) {
		const hit = hits[at] as Hit;
		const away = Math.max(hit.x - x, x - hit.x - hit.width, hit.y - y, y - hit.y - hit.height);
		if (away <= 0) return hit.id;
		if (away <= least) {
			least = away;
			nearest = hit.id;
		}
	}
	return nearest;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

const STEPS: Readonly<Record<Direction, readonly [x: number, y: number]>> = {
	left: [-1, 0],
	right: [1, 0],
	up: [0, -1],
	down: [0, 1],
};

/** The next hit in a direction, the straightest first; `undefined` at the edge. */
export function neighbour(hits: readonly Hit[], from: string, direction: Direction): string | undefined {
	const start = hits.find(({ id }) => id === from);
	if (!start) return hits[0]?.id;
	const [stepX, stepY] = STEPS[direction];
	let best: string | undefined;
	let least = Number.POSITIVE_INFINITY;
	for (const hit of hits) {
		const dx = hit.x + hit.width / 2 - start.x - start.width / 2;
		const dy = hit.y + hit.height / 2 - start.y - start.height / 2;
		const ahead = dx * stepX + dy * stepY;
		if (ahead < 1) continue;
		// One step aside counts like three ahead: the arrow keeps its row or column as long as there is one.
		const cost = ahead + 3 * Math.abs(dx * stepY + dy * stepX);
		if (cost < least) {
			least = cost;
			best = hit.id;
		}
	}
	return best;
}
