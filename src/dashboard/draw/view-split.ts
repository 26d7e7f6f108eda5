// One member as all nodes see it: its box divided among the states that the views hold, so that disagreement is an area.

import type { MemberState } from '../../swim/index.ts';
import { hatch, outline } from './shapes.ts';
import type { Tokens } from './tokens.ts';
import type { Box, Pen } from './types.ts';

export interface ViewShare {
	readonly state: MemberState | 'unknown';
	readonly share: number;
}

/** Parts from left to right: alive, suspect, dead, left, and the views that do not know the member at all. */
export function drawViews(pen: Pen, views: readonly ViewShare[], box: Box, tokens: Tokens): void {
	let x = box.x;
	for (const state of ['alive', 'suspect', 'dead', 'left', 'unknown'] as const) {
		const share = views.find((view) => view.state === state)?.share ?? 0;
		if (share <= 0) continue;
		// A single view of thousands must be seen, too.
		const width = Math.min(box.x + box.width - x, Math.max(2, share * box.width));
		drawPart(pen, state, { ...box, x, width }, tokens);
		x += width;
	}
}

function drawPart(pen: Pen, state: ViewShare['state'], box: Box, tokens: Tokens): void {
	const { x, y, width, height } = box;
	pen.fillStyle = state === 'alive' ? tokens.aliveField : state === 'suspect' ? tokens.suspect : tokens.panel;
	pen.fillRect(x, y, width, height);
	if (state === 'dead') {
		hatch(pen, box, tokens.dead, 4, 1.25);
		outline(pen, box, tokens.dead);
	} else if (state === 'left' || state === 'unknown') {
		outline(pen, box, state === 'left' ? tokens.left : tokens.edge, 1, [2, 2]);
	}
}
