// Filters of a serf query: whether it is meant for us (wire spec §11.5).

import { utf8Text, WireError } from '../swim/index.ts';
import { fieldNames, MsgpackReader } from '../wire/index.ts';
import { MAX_FILTERS } from './messages.ts';
import { matches } from './regexp.ts';
import { UnsupportedPattern } from './regexp-parser.ts';

const FilterType = { nodes: 0, tag: 1 } as const;
const TAG_FILTER = fieldNames('Expr', 'Tag');

/** `unreadable`: one of the filters cannot be judged, so the query is not answered. */
export type FilterVerdict = 'match' | 'no-match' | 'unreadable';

export interface Filtered {
	readonly name: string;
	readonly tags: Readonly<Record<string, string>>;
}

/** All filters must match; an absent tag counts as an empty one, as in serf. */
export function judgeFilters(filters: readonly Uint8Array[], self: Filtered): FilterVerdict {
	if (filters.length > MAX_FILTERS) return 'unreadable';
	try {
		return filters.every((filter) => filterMatches(filter, self)) ? 'match' : 'no-match';
	} catch (error) {
		if (error instanceof WireError || error instanceof UnsupportedPattern) return 'unreadable';
		throw error;
	}
}

function filterMatches(filter: Uint8Array, self: Filtered): boolean {
	const reader = new MsgpackReader();
	reader.reset(filter);
	const type = reader.byte();
	if (type === FilterType.nodes) {
		for (let left = reader.arrayHeader(); left > 0; left--) if (utf8Text(reader.view()) === self.name) return true;
		return false;
	}
	if (type !== FilterType.tag) throw new WireError('unknown-type', `filter of type ${type}`);
	let pattern = '';
	let tag = '';
	let field = -1;
	for (let left = reader.mapHeader(); left > 0; left--) {
		field = reader.key(TAG_FILTER, field + 1);
		if (field === 0) pattern = utf8Text(reader.view());
		else if (field === 1) tag = utf8Text(reader.view());
		else reader.skip();
	}
	return matches(pattern, Object.hasOwn(self.tags, tag) ? (self.tags[tag] as string) : '');
}
