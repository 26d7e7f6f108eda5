// The address as a place: which view, which member, which moment and range. What is not said is not written.

export const VIEWS = ['overview', 'members', 'ring', 'events', 'doctor'] as const;
export type View = (typeof VIEWS)[number];

/** Lengths of the time axis, the shortest first. */
export const RANGES = { '10m': 600_000, '1h': 3_600_000, '24h': 86_400_000 } as const;
export type Range = keyof typeof RANGES;
export const RANGE_WORDS: Readonly<Record<Range, string>> = { '10m': '10 min', '1h': '1 h', '24h': '24 h' };

export interface Route {
	readonly view: View;
	/** The chosen member; without one the page shows the worst. */
	readonly member?: string;
	/** A moment, in milliseconds since 1970: what a link in a chat points at. */
	readonly at?: number;
	readonly range: Range;
	/** What lists are filtered by. */
	readonly filter: string;
	/** The key whose owners are asked for. */
	readonly key: string;
}

export const HOME: Route = { view: 'overview', range: '10m', filter: '', key: '' };

/** Reads `#/members?m=longbow-17&q=eu-1c`; what makes no sense is left out. */
export function parseRoute(hash: string): Route {
	const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
	const values = new URLSearchParams(query);
	const member = values.get('m');
	const at = Date.parse(values.get('t') ?? '');
	const range = values.get('r') ?? '';
	return {
		view: VIEWS.find((view) => view === path) ?? HOME.view,
		...(member ? { member } : {}),
		...(Number.isNaN(at) ? {} : { at }),
		range: range in RANGES ? (range as Range) : HOME.range,
		filter: values.get('q') ?? '',
		key: values.get('k') ?? '',
	};
}

export function routeHash({ view, member, at, range, filter, key }: Route): string {
	const values = new URLSearchParams();
	if (member !== undefined) values.set('m', member);
	if (at !== undefined) values.set('t', new Date(at).toISOString());
	if (range !== HOME.range) values.set('r', range);
	if (filter !== '') values.set('q', filter);
	if (key !== '') values.set('k', key);
	const query = values.toString();
	return `#/${view}${query === '' ? '' : `?${query}`}`;
}

/** The next longer or shorter range; the last one stays. */
export function stepRange(range: Range, step: -1 | 1): Range {
	const ranges = Object.keys(RANGES) as Range[];
	return ranges[ranges.indexOf(range) + step] ?? range;
}
