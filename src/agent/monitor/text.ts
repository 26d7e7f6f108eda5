// Lines of the monitor: pieces of text with their paint, measured in columns before they are painted.

import { durationText } from '../../status/index.ts';
import type { MemberState } from '../../swim/index.ts';
import { GLYPHS, type Paint, printable, STATE_PAINT } from '../cli/terminal.ts';

export interface Piece {
	readonly text: string;
	readonly paint?: Paint | undefined;
}

export type Line = readonly Piece[];

/** How a frame tells times of day. */
export interface Clock {
	/** `14:02:32.004` for milliseconds since 1970. */
	time(wallMs: number): string;
}

export function piece(text: string, paint?: Paint): Piece {
	return { text: printable(text), paint };
}

export function line(...texts: readonly string[]): Line {
	return texts.map((text) => piece(text));
}

/** `◐ suspect`, in so many columns. */
export function stateWord(state: MemberState, columns: number): Piece[] {
	const { glyph, word } = STATE_PAINT[state];
	return [
		{ text: GLYPHS[state], paint: glyph },
		{ text: ` ${state}`.padEnd(columns - 1), paint: word },
	];
}

export function stateGlyph(state: MemberState): Piece {
	return { text: GLYPHS[state], paint: STATE_PAINT[state].glyph };
}

/** The text in exactly so many columns, cut with `…`. */
export function fitted(text: string, columns: number): string {
	const shown = [...printable(text)];
	if (shown.length <= columns) return shown.join('') + ' '.repeat(columns - shown.length);
	return columns < 1 ? '' : `${shown.slice(0, columns - 1).join('')}…`;
}

/** The text at the right edge of so many columns. */
export function right(text: string, columns: number): string {
	return ' '.repeat(Math.max(0, columns - [...text].length)) + text;
}

export function widthOf(pieces: Line): number {
	return pieces.reduce((sum, { text }) => sum + [...text].length, 0);
}

/** The line in at most so many columns, cut with `…`. */
export function cutLine(pieces: Line, columns: number): Line {
	const kept: Piece[] = [];
	let left = columns;
	for (const { text, paint } of pieces) {
		const width = [...text].length;
		const isLast = width > left;
		kept.push({ text: isLast ? fitted(text, left) : text, paint });
		left -= width;
		if (isLast) break;
	}
	return kept;
}

/** The text in lines of at most so many columns, broken between words; what goes on is indented. */
export function wrapped(text: string, columns: number): string[] {
	const shown = printable(text);
	const wanted = `${/^ */.exec(shown)?.[0] ?? ''}  `;
	const indent = wanted.length * 2 < columns ? wanted : '';
	const lines: string[] = [];
	let rest = shown;
	while ([...rest].length > columns) {
		const head = [...rest].slice(0, columns + 1).join('');
		const gap = head.lastIndexOf(' ');
		const at = Math.max(1, gap > indent.length ? gap : columns);
		lines.push(rest.slice(0, at));
		rest = indent + rest.slice(at).trimStart();
	}
	return [...lines, rest];
}

/** How long until something: tenths of a second, so that its width is quiet. */
export function countdown(ms: number): string {
	const left = Math.max(0, ms);
	return left < 59_950 ? `${(left / 1_000).toFixed(1)}s` : durationText(left);
}

/** One piece at the left edge, one at the right; the left one gives way. */
export function spread(left: Line, end: Line, columns: number): Line {
	const room = Math.max(0, columns - widthOf(end) - 1);
	const head = cutLine(left, room);
	return [...head, piece(' '.repeat(Math.max(1, columns - widthOf(head) - widthOf(end)))), ...end];
}

/** The whole line in one paint. */
export function painted(pieces: Line, paint: Paint, columns: number): Line {
	const text = pieces.map((each) => each.text).join('');
	return [{ text: text + ' '.repeat(Math.max(0, columns - [...text].length)), paint }];
}
