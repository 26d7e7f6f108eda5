// Keys as rows: who holds each, who sends with it, and on whom it is missing.

import type { KeysResult } from '../../flight/index.ts';
import { type Column, tableLines } from './table.ts';
import { printable, type Terminal } from './terminal.ts';

export interface KeyRow {
	/** The first four hex digits of its hash. */
	readonly key: string;
	readonly bits: number;
	readonly heldBy: number;
	/** Members that send with it. */
	readonly primaryOn: readonly string[];
	readonly missing: readonly KeyHolder[];
	/** How long ago somebody heard it, at most; `null` = nobody has. */
	readonly heardMsAgo: number | null;
}

export interface KeyHolder {
	readonly member: string;
	/** Why it may be missing: `dead`, `suspect`, `no answer`, …; empty where it just does not hold it. */
	readonly note: string;
}

/** The key that most send with first. `holders` are all who should have it. */
export function keyRows(answers: ReadonlyMap<string, KeysResult>, holders: readonly KeyHolder[]): KeyRow[] {
	const rows = new Map<string, { bits: number; held: Set<string>; primaryOn: string[]; heard: number[] }>();
	for (const [member, { keys }] of answers) {
		for (const { key, bits, primary, heardMsAgo } of keys) {
			const row = rows.get(key) ?? { bits, held: new Set(), primaryOn: [], heard: [] };
			row.held.add(member);
			if (primary) row.primaryOn.push(member);
			if (heardMsAgo !== null) row.heard.push(heardMsAgo);
			rows.set(key, row);
		}
	}
	return [...rows]
		.map(([key, { bits, held, primaryOn, heard }]) => ({
			key,
			bits,
			heldBy: held.size,
			primaryOn: primaryOn.sort(),
			missing: holders.filter(({ member }) => !held.has(member)),
			heardMsAgo: heard.length === 0 ? null : Math.min(...heard),
		}))
		.sort((a, b) => b.primaryOn.length - a.primaryOn.length || b.heldBy - a.heldBy || (a.key < b.key ? -1 : 1));
}

/** `of`: how many should hold each key. */
export function keyLines(rows: readonly KeyRow[], of: number, terminal: Terminal): string[] {
	const columns: Column<KeyRow>[] = [
		{ title: 'KEY', text: ({ key }) => `${key}…` },
		{ title: 'HELD BY', text: ({ heldBy }) => `${heldBy} of ${of}` },
		{ title: 'PRIMARY ON', text: ({ primaryOn }) => String(primaryOn.length) },
		{ title: '', text: ({ missing }) => (missing.length === 0 ? '' : `missing on ${holdersText(missing)}`) },
	];
	return tableLines(columns, rows, terminal);
}

/** `longbow-09 (dead), longbow-17 (suspect)`. */
export function holdersText(holders: readonly KeyHolder[]): string {
	return holders.map(({ member, note }) => `${printable(member)}${note === '' ? '' : ` (${note})`}`).join(', ');
}
