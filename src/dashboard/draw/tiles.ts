// The members field where there is room for words: big tiles, cards and chips, one a member.

import { faded } from './colour.ts';
import { aliveTints, type FieldData, type FieldMember, ownersOf, tintOf } from './field-data.ts';
import type { FieldLayout } from './field-layout.ts';
import { drawGlyph } from './glyph.ts';
import { fitted } from './names.ts';
import { drawProbeLine } from './probe-line.ts';
import { corner, fuse, hatch, outline, selection } from './shapes.ts';
import { font, type Tokens } from './tokens.ts';
import type { Box, Pen } from './types.ts';
import { agoText, leftText, msText, percentText } from './units.ts';
import { drawViews } from './view-split.ts';

interface Tile {
	readonly member: FieldMember;
	readonly box: Box;
	readonly name: string;
	readonly value: string;
	readonly ink: string;
	readonly ink2: string;
}

export function drawTiles(pen: Pen, data: FieldData, { tier, bands }: FieldLayout, tokens: Tokens): void {
	const tints = aliveTints(tokens, data.colourBy);
	const owners = ownersOf(data);
	let chosen: Box | undefined;
	for (const [band, { boxes }] of bands.entries()) {
		for (const [at, box] of boxes.entries()) {
			const member = data.groups[band]?.members[at];
			if (!member) {
				outline(pen, box, tokens.line);
				continue;
			}
			const tint = data.colourBy === 'state' ? tokens.aliveField : tints[tintOf(member, data.colourBy, owners)];
			ground(pen, member, box, tint ?? tokens.aliveField, tokens);
			const tile = tileOf(member, box, data, tint ?? tokens.aliveField, tokens);
			if (tier === 'big') drawBig(pen, tile, data.groups[band]?.name ?? '', tokens);
			else if (tier === 'card') drawCard(pen, tile, tokens);
			else drawChip(pen, tile, tokens);
			if (member.self) corner(pen, box, tier === 'chip' ? 9 : 12, tokens.ink);
			if (member.name === data.selected) chosen = box;
		}
	}
	if (chosen) selection(pen, chosen, tokens);
}

function tileOf(member: FieldMember, box: Box, data: FieldData, tint: string, tokens: Tokens): Tile {
	const { state, name } = member;
	const value = valueText(member, data);
	const shape = { member, box, name: name.slice(data.prefix.length), value };
	if (member.views) return { ...shape, ink: tokens.ink, ink2: tokens.ink2 };
	if (state === 'suspect') return { ...shape, ink: tokens.onSuspect, ink2: tokens.onSuspect };
	if (state === 'dead') return { ...shape, ink: tokens.dead, ink2: tokens.dead };
	if (state === 'left') return { ...shape, ink: tokens.ink2, ink2: tokens.ink3 };
	// On a loud tint the second ink would be too faint.
	return { ...shape, ink: tokens.ink, ink2: tint === tokens.aliveField ? tokens.ink2 : tokens.ink };
}

function valueText({ state, self, rttMs, share, leftMs, agoMs, views }: FieldMember, data: FieldData): string {
	if (views) {
		const doubts = views.filter((view) => view.share > 0 && view.state !== 'alive');
		return doubts.map((view) => `${Math.round(view.share * 100)} % ${view.state}`).join(', ');
	}
	if (state === 'suspect')
		return data.stale ? 'suspect then' : leftMs === null ? 'suspect' : `${leftText(leftMs)} left`;
	if (state !== 'alive') return agoMs === null || data.stale ? state : agoText(agoMs);
	if (data.colourBy === 'share') return share === null ? 'owns nothing' : percentText(share);
	if (self) return 'this node';
	return rttMs === null ? 'no ack yet' : msText(rttMs);
}

function ground(pen: Pen, { state, views }: FieldMember, box: Box, tint: string, tokens: Tokens): void {
	if (views) {
		// The words stand on a ground of their own.
		const height = box.height < 60 ? 7 : Math.round(box.height * 0.4);
		pen.fillStyle = tokens.raised;
		pen.fillRect(box.x, box.y, box.width, box.height);
		drawViews(pen, views, { ...box, y: box.y + box.height - height, height }, tokens);
	} else if (state === 'left') outline(pen, box, tokens.left, 1, [3, 3]);
	else if (state === 'dead') {
		hatch(pen, box, faded(tokens.dead, 0.2), 8);
		outline(pen, box, tokens.dead, 1.5);
	} else {
		pen.fillStyle = state === 'suspect' ? tokens.suspect : tint;
		pen.fillRect(box.x, box.y, box.width, box.height);
	}
}

function drawBig(pen: Pen, tile: Tile, zone: string, tokens: Tokens): void {
	const { member, box, ink, ink2, value } = tile;
	const [x, y, room] = [box.x + 14, box.y, box.width - 28];
	const glyphRoom = drawCornerGlyph(pen, tile, 7, 14);
	write(pen, member.name, x, y + 28, room - glyphRoom, font(19, tokens.sans, 600), ink);
	write(pen, zone === '' ? value : `${value}, in ${zone}`, x, y + 49, room, font(14, tokens.sans), ink2);
	const lines = [member.address, `incarnation ${member.incarnation}`];
	if (member.share !== null) lines.push(`owns ${percentText(member.share)} of keys`);
	pen.font = font(12.5, tokens.mono);
	const whole = lines.filter((text) => pen.measureText(text).width <= room);
	// The line of probes takes what the words leave, up to a height at which a line still reads as one.
	const kept = Math.min(24, box.height * 0.2);
	const fitting = whole.slice(0, Math.max(0, Math.floor((box.height - 64 - kept) / 18.5)));
	for (const [at, text] of fitting.entries()) {
		write(pen, text, x, y + 77 + at * 18.5, room, font(12.5, tokens.mono), ink2);
	}
	drawFoot(pen, tile, Math.max(y + 64 + fitting.length * 18.5, y + box.height - 80), tokens);
}

function drawCard(pen: Pen, tile: Tile, tokens: Tokens): void {
	const { box, name, value, ink, ink2 } = tile;
	const room = box.width - 14;
	const glyphRoom = drawCornerGlyph(pen, tile, 5.5, 8);
	write(pen, name, box.x + 7, box.y + 19, room - glyphRoom, font(15, tokens.sans, 600), ink);
	write(pen, value, box.x + 7, box.y + 36, room, font(12, tokens.sans), ink2);
	drawFoot(pen, tile, box.y + box.height - Math.min(40, box.height * 0.34, box.height - 42), tokens);
}

function drawChip(pen: Pen, { member, box, name, value, ink, ink2 }: Tile, tokens: Tokens): void {
	const middle = box.y + box.height / 2;
	const left = member.state === 'alive' ? 6 : 20;
	if (member.state !== 'alive') drawGlyph(pen, member.state, box.x + 11, middle, 4.5, ink);
	pen.textBaseline = 'middle';
	pen.font = font(12.5, tokens.sans, 600);
	const spare = box.width - left - 11 - pen.measureText(name).width;
	pen.font = font(12, tokens.sans);
	const figures = value.replace(/ (ms|left|ago)$/, '');
	const valueWidth = pen.measureText(figures).width;
	// The name comes first; a figure stands beside it where both fit whole.
	const figured = /^\d/.test(figures) && valueWidth <= spare;
	const valueRoom = figured ? valueWidth + 6 : 0;
	write(pen, name, box.x + left, middle + 0.5, box.width - left - 5 - valueRoom, font(12.5, tokens.sans, 600), ink);
	if (figured) {
		pen.textAlign = 'right';
		write(pen, figures, box.x + box.width - 6, middle + 0.5, valueRoom, font(12, tokens.sans), ink2);
		pen.textAlign = 'left';
	}
	pen.textBaseline = 'alphabetic';
}

/** The glyph of a member that is not alive, at the upper right; how much room it takes from the name. */
function drawCornerGlyph(pen: Pen, { member, box, ink }: Tile, radius: number, margin: number): number {
	if (member.state === 'alive' || member.views) return 0;
	drawGlyph(pen, member.state, box.x + box.width - margin - radius, box.y + margin + radius - 1, radius, ink);
	return 2 * radius + 4;
}

function drawFoot(pen: Pen, { member, box, ink }: Tile, top: number, tokens: Tokens): void {
	const { state, probes, leftMs, fuseMs, self, views } = member;
	const bottom = box.y + box.height;
	if (!self && !views && state !== 'left' && probes.length > 1) {
		const room = { x: box.x, y: top, width: box.width, height: bottom - top - (state === 'suspect' ? 6 : 2) };
		const line = state === 'alive' ? tokens.alive : ink;
		drawProbeLine(pen, probes, room, { line: faded(line, 0.8), lost: state === 'alive' ? tokens.suspectMark : line });
	}
	if (state !== 'suspect' || views || leftMs === null || fuseMs === null) return;
	fuse(pen, { ...box, y: bottom - 4, height: 4 }, leftMs / fuseMs, tokens.onSuspect);
}

function write(pen: Pen, text: string, x: number, y: number, width: number, face: string, colour: string): void {
	pen.font = face;
	pen.fillStyle = colour;
	pen.fillText(fitted(pen, text, width), x, y);
}
