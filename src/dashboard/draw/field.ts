// The members field: every member at its own place, the not-alive on top.

import type { MemberState } from '../../swim/index.ts';
import { drawCells } from './cells.ts';
import type { FieldData } from './field-data.ts';
import type { FieldLayout } from './field-layout.ts';
import { fitted } from './names.ts';
import { drawTiles } from './tiles.ts';
import { font, type Tokens } from './tokens.ts';
import type { Box, Hit, Pen, Size } from './types.ts';
import { countText, plural } from './units.ts';

/** `layout` may be kept while the size and the places stay as they are. */
export function drawField(pen: Pen, data: FieldData, size: Size, tokens: Tokens, layout: FieldLayout): void {
	pen.clearRect(0, 0, size.width, size.height);
	pen.textAlign = 'left';
	pen.textBaseline = 'alphabetic';
	for (const [at, { label, name }] of layout.bands.entries()) {
		const members = data.groups[at]?.members.filter((member) => member !== null) ?? [];
		drawLabel(pen, label, name, members.length, tokens);
	}
	(isTiny(layout) ? drawCells : drawTiles)(pen, data, layout, tokens);
}

/** No words: nothing in it changes by mere passing of time. */
export function isTiny({ tier }: FieldLayout): boolean {
	return tier === 'cell' || tier === 'pixel';
}

/** Where the pointer finds each member: `names` in the order of the groups, `null` where nobody is. */
export function fieldHits(names: readonly (readonly (string | null)[])[], { bands }: FieldLayout): Hit[] {
	const hits: Hit[] = [];
	for (const [band, { boxes }] of bands.entries()) {
		for (const [at, box] of boxes.entries()) {
			const name = names[band]?.[at];
			if (name != null) hits.push({ id: name, ...box });
		}
	}
	return hits;
}

function drawLabel(pen: Pen, label: Box, name: string, members: number, tokens: Tokens): void {
	if (label.height === 0) return;
	const text = name === '' ? 'no zone' : name;
	pen.font = font(12, tokens.sans);
	pen.fillStyle = tokens.ink2;
	const room = label.width - 6;
	pen.fillText(fitted(pen, text, room), label.x, label.y + 11);
	const count = countText(members);
	pen.fillStyle = tokens.ink3;
	const after = pen.measureText(text).width + 5;
	// Beside its band the number stands below the name, above the band it stands behind it.
	if (label.width > 100) pen.fillText(count, label.x + after, label.y + 11);
	else if (label.height >= 27) pen.fillText(count, label.x, label.y + 26);
}

const STATES: readonly MemberState[] = ['alive', 'suspect', 'dead', 'left'];

/** The field in a sentence: *24 members: 22 alive, 1 suspect, 1 dead. Not alive: longbow-17 suspect, longbow-09 dead.* */
export function fieldText({ groups }: FieldData): string {
	const members = groups.flatMap((group) => group.members.filter((member) => member !== null));
	const counts = STATES.map((state) => ({ state, count: members.filter((each) => each.state === state).length }))
		.filter(({ count }) => count > 0)
		.map(({ state, count }) => `${countText(count)} ${state}`);
	const bad = members.filter(({ state }) => state !== 'alive');
	const named = bad.slice(0, 8).map(({ name, state }) => `${name} ${state}`);
	const rest = bad.length > named.length ? ` and ${countText(bad.length - named.length)} more` : '';
	const list = named.length > 0 ? ` Not alive: ${named.join(', ')}${rest}.` : '';
	const odd = members.filter(({ views }) => views !== undefined).map(({ name }) => name);
	const differ =
		odd.length > 0 ? ` Views differ about ${odd.slice(0, 8).join(', ')}${odd.length > 8 ? ' and others' : ''}.` : '';
	return `${plural(members.length, 'member')}: ${counts.join(', ')}.${list}${differ}`;
}
