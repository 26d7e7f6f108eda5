// The members field with one small cell a member: alive is a quiet tint, and whatever is not alive lies on top of it.

import { aliveTints, type FieldData, type FieldMember, ownersOf, tintOf } from './field-data.ts';
import type { FieldLayout } from './field-layout.ts';
import { cross } from './glyph.ts';
import { corner, inset, outline, selection } from './shapes.ts';
import type { Tokens } from './tokens.ts';
import type { Box, Pen } from './types.ts';
import { drawViews } from './view-split.ts';

interface Laid {
	readonly member: FieldMember;
	readonly box: Box;
}

const MOST_GROWN = 100;

export function drawCells(pen: Pen, data: FieldData, { tier, bands }: FieldLayout, tokens: Tokens): void {
	const tiny = tier === 'pixel';
	const tints = aliveTints(tokens, data.colourBy);
	const owners = ownersOf(data);
	const later: Laid[] = [];
	let chosen: Laid | undefined;
	for (const [band, { boxes }] of bands.entries()) {
		const members = data.groups[band]?.members ?? [];
		for (let at = 0; at < boxes.length; at++) {
			const member = members[at];
			if (!member) continue;
			const box = boxes[at] as Box;
			if (member.name === data.selected) chosen = { member, box };
			if (member.state !== 'alive' || member.self || member.views) later.push({ member, box });
			if (member.state !== 'alive') continue;
			pen.fillStyle = tints[tintOf(member, data.colourBy, owners)] as string;
			pen.fillRect(box.x, box.y, box.width, box.height);
		}
	}
	// Where many are not alive they would lie on each other.
	const grown = tiny && later.length < MOST_GROWN ? 2 : 0;
	for (const { member, box } of later) drawSpecial(pen, member, box, { tiny, grown }, tokens);
	if (!chosen) return;
	const { member, box } = chosen;
	selection(pen, inset(box, member.state === 'alive' ? 0 : -grown), tokens, tiny ? 1 : 1.5);
}

/** How the not-alive are drawn: with thinner lines, and larger to each side than their cell. */
interface Fit {
	readonly tiny: boolean;
	readonly grown: number;
}

function drawSpecial(pen: Pen, member: FieldMember, box: Box, { tiny, grown }: Fit, tokens: Tokens): void {
	if (member.views) drawViews(pen, member.views, inset(box, -grown), tokens);
	else if (member.state !== 'alive') drawNotAlive(pen, member, inset(box, -grown), tiny, tokens);
	if (member.self) corner(pen, box, Math.max(4, Math.min(box.width, box.height) * 0.42), tokens.ink);
}

/** Larger cells of thousands get a gap around, so that they stand apart from their neighbours in any tint. */
function drawNotAlive(pen: Pen, { state }: FieldMember, box: Box, tiny: boolean, tokens: Tokens): void {
	const gap = tiny ? inset(box, -1) : box;
	pen.fillStyle = tokens.panel;
	pen.fillRect(gap.x, gap.y, gap.width, gap.height);
	const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
	const least = Math.min(box.width, box.height);
	switch (state) {
		case 'suspect':
			pen.fillStyle = tokens.suspect;
			pen.fillRect(box.x, box.y, box.width, box.height);
			halfDisc(pen, x, y, least * 0.29, tokens.onSuspect);
			break;
		case 'dead':
			outline(pen, box, tokens.dead, tiny ? 1 : 1.5);
			pen.beginPath();
			cross(pen, x, y, least * (tiny ? 0.28 : 0.24));
			pen.strokeStyle = tokens.dead;
			pen.lineWidth = tiny ? 1.25 : 1.75;
			pen.stroke();
			break;
		case 'left':
			outline(pen, box, tokens.left, 1, [2, 2]);
			break;
		case 'alive':
			break;
		default:
			state satisfies never;
	}
}

function halfDisc(pen: Pen, x: number, y: number, radius: number, colour: string): void {
	pen.strokeStyle = colour;
	pen.fillStyle = colour;
	pen.lineWidth = Math.max(1, radius * 0.28);
	pen.beginPath();
	pen.arc(x, y, radius, 0, 2 * Math.PI);
	pen.stroke();
	pen.beginPath();
	pen.arc(x, y, radius, -Math.PI / 2, Math.PI / 2);
	pen.closePath();
	pen.fill();
}
