// The table of members: its columns, and how each of them sorts.

import type { LiveMember } from '../../status/index.ts';
import { byName } from '../draw/index.ts';
import { worstFirst } from './problems.ts';

export type Column = 'name' | 'state' | 'address' | 'zone' | 'rtt' | 'seen' | 'share' | 'tags';

export const COLUMNS: readonly (readonly [column: Column, word: string, kind: '' | 'figure' | 'rest'])[] = [
	['name', 'Name', ''],
	['state', 'State', ''],
	['address', 'Address', ''],
	['zone', 'Zone', ''],
	['rtt', 'Round trip', 'figure'],
	['seen', 'Seen', 'figure'],
	['share', 'Keys', 'figure'],
	['tags', 'Tags', 'rest'],
];

type Order = (a: LiveMember, b: LiveMember) => number;

/** What is not known stands last. */
const known = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;
const tags = ({ Tags }: LiveMember): string => Object.entries(Tags).join(' ');

const ORDERS: Readonly<Record<Column, Order>> = {
	name: (a, b) => byName(a.ID, b.ID),
	state: worstFirst,
	address: (a, b) => byName(a.Addr, b.Addr),
	zone: (a, b) => byName(a.zone ?? '\uffff', b.zone ?? '\uffff'),
	rtt: (a, b) => compare(known(a.rttMs), known(b.rttMs)),
	seen: (a, b) => compare(-(a.seenAt ?? 0), -(b.seenAt ?? 0)),
	share: (a, b) => compare(b.share, a.share),
	tags: (a, b) => byName(tags(a), tags(b)),
};

export function sorted(members: readonly LiveMember[], column: Column, down: boolean): LiveMember[] {
	const order = ORDERS[column];
	const sign = down ? -1 : 1;
	return members.toSorted((a, b) => sign * order(a, b) || byName(a.ID, b.ID));
}

/** Infinity less itself is no number. */
function compare(a: number, b: number): number {
	return a === b ? 0 : a < b ? -1 : 1;
}
