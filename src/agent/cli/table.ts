// Tables that a person and awk can read: aligned columns, two spaces apart, the last one cut only on a terminal.

import type { Paint, Terminal } from './terminal.ts';
import { printable } from './terminal.ts';

export interface Column<R> {
	readonly title: string;
	/** Plain text of the cell; it may come from the network. */
	text(row: R): string;
	/** The cell with colours; must look as wide as `text`. */
	painted?(row: R, terminal: Terminal): string;
	readonly align?: 'left' | 'right';
}

/** Lines of a table, header first; the header is left out on request. */
export function tableLines<R>(
	columns: readonly Column<R>[],
	rows: readonly R[],
	terminal: Terminal,
	options: { readonly header?: boolean } = {},
): string[] {
	const cells = rows.map((row) => columns.map((column) => printable(column.text(row))));
	const widths = columns.map((column, index) =>
		Math.max(
			options.header === false ? 0 : column.title.length,
			...cells.map((line) => displayWidth(line[index] ?? '')),
		),
	);
	const lines: string[] = [];
	if (options.header !== false) {
		const titles = columns.map((column) => column.title);
		lines.push(joined(columns, titles, widths, terminal.width, (text) => terminal.paint(text, HEADER)));
	}
	for (const [index, row] of rows.entries()) {
		const texts = cells[index] as string[];
		lines.push(
			joined(columns, texts, widths, terminal.width, (text, at) => {
				const column = columns[at] as Column<R>;
				return text === texts[at] && column.painted ? column.painted(row, terminal) : text;
			}),
		);
	}
	return lines;
}

const HEADER: Paint = 'dim';
const GAP = '  ';

function joined<R>(
	columns: readonly Column<R>[],
	texts: readonly string[],
	widths: readonly number[],
	width: number | undefined,
	paint: (text: string, at: number) => string,
): string {
	let line = '';
	let used = 0;
	for (const [at, text] of texts.entries()) {
		const last = at === texts.length - 1;
		const fitted = last && width !== undefined ? cut(text, width - used) : text;
		const pad = ' '.repeat(Math.max(0, (widths[at] as number) - displayWidth(fitted)));
		const right = columns[at]?.align === 'right';
		const cell = right ? pad + paint(fitted, at) : paint(fitted, at) + (last ? '' : pad);
		line += last ? cell : cell + GAP;
		used += (widths[at] as number) + GAP.length;
	}
	return line.trimEnd();
}

/** Cuts to so many columns, with `…` where something is missing. */
export function cut(text: string, columns: number): string {
	if (displayWidth(text) <= columns) return text;
	return columns < 1 ? '' : `${[...text].slice(0, columns - 1).join('')}…`;
}

// Names and tags are short identifiers; code points are columns for all of them but East Asian ones.
function displayWidth(text: string): number {
	return [...text].length;
}
