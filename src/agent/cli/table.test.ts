// Tables: aligned, uncut in a pipe, cut on a terminal.

import { describe, expect, it } from 'vitest';
import { captured } from '../../../test/support/captured-terminal.ts';
import { type Column, cut, tableLines } from './table.ts';

interface Row {
	readonly name: string;
	readonly count: number;
	readonly text: string;
}
const COLUMNS: readonly Column<Row>[] = [
	{ title: 'NAME', text: ({ name }) => name, painted: ({ name }, terminal) => terminal.paint(name, 'red') },
	{ title: 'N', text: ({ count }) => String(count), align: 'right' },
	{ title: 'TEXT', text: ({ text }) => text },
];
const ROWS: readonly Row[] = [
	{ name: 'a', count: 5, text: 'short' },
	{ name: 'longer', count: 1_234, text: 'x'.repeat(100) },
];

describe('tableLines', () => {
	it('aligns columns and leaves no space at the end', () => {
		expect(tableLines(COLUMNS, ROWS, captured().terminal)).toEqual([
			'NAME       N  TEXT',
			'a          5  short',
			`longer  1234  ${'x'.repeat(100)}`,
		]);
	});

	it('cuts the last column on a terminal', () => {
		const lines = tableLines(COLUMNS, ROWS, captured({ isTTY: true, columns: 30, color: 'never' }).terminal);
		expect(lines[2]).toBe(`longer  1234  ${'x'.repeat(15)}…`);
		expect(lines.every((line) => line.length <= 30)).toBe(true);
	});

	it('has no header when none is wanted, and then no width for it', () => {
		expect(tableLines(COLUMNS, ROWS.slice(0, 1), captured().terminal, { header: false })).toEqual(['a  5  short']);
	});

	it('aligns what is painted by what is seen', () => {
		const [, first] = tableLines(COLUMNS, ROWS, captured({ color: 'always' }).terminal);
		expect(first).toBe('\x1b[31ma\x1b[0m          5  short');
	});

	it('shows control characters of a name as text', () => {
		const [, first] = tableLines(COLUMNS, [{ name: 'a', count: 1, text: '\x1b[31mred' }], captured().terminal);
		expect(first).toContain('\\x1b[31mred');
	});
});

describe('cut', () => {
	it.each([
		['abc', 3, 'abc'],
		['abcd', 3, 'ab…'],
		['abcd', 1, '…'],
		['abcd', 0, ''],
	])('%s to %d columns', (text, columns, expected) => {
		expect(cut(text, columns)).toBe(expected);
	});
});
