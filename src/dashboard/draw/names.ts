// Names where room is short: without what all have in common, and cut so that the part that tells them apart remains.

import type { Pen } from './types.ts';

/** The beginning that all names share, up to its last separator; empty when a name would vanish. */
export function commonPrefix(names: readonly string[]): string {
	const [first = '', ...others] = names;
	if (others.length === 0) return '';
	let length = first.length;
	for (const name of others) {
		let same = 0;
		while (same < length && name[same] === first[same]) same++;
		length = same;
	}
	const end = Math.max(...['-', '_', '.', ':', '/'].map((mark) => first.lastIndexOf(mark, length - 1)));
	return names.some((name) => name.length <= end + 1) ? '' : first.slice(0, end + 1);
}

/** The text, or its end after an ellipsis: members of one set differ at their ends. */
export function fitted(pen: Pen, text: string, width: number): string {
	if (pen.measureText(text).width <= width) return text;
	for (let from = 1; from < text.length; from++) {
		const rest = `…${text.slice(from)}`;
		if (pen.measureText(rest).width <= width) return rest;
	}
	return '';
}
