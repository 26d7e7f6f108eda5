// Times and durations in the page's words: local or UTC clock times, and texts that the node wrote for a terminal.

/** Writes an instant, given in milliseconds since 1970. */
export interface Clock {
	readonly utc: boolean;
	/** `14:02`. */
	minute(ms: number): string;
	/** `14:02:34`. */
	second(ms: number): string;
	/** `14:02:32.004`. */
	milli(ms: number): string;
	/** `2026-11-22 14:02:32.004`. */
	full(ms: number): string;
}

export function clock(utc: boolean): Clock {
	const milli = (ms: number): string => stamp(ms, utc).slice(11, 23);
	return {
		utc,
		minute: (ms) => milli(ms).slice(0, 5),
		second: (ms) => milli(ms).slice(0, 8),
		milli,
		full: (ms) => stamp(ms, utc).slice(0, 23).replace('T', ' '),
	};
}

function stamp(ms: number, utc: boolean): string {
	const shiftMs = utc ? 0 : new Date(ms).getTimezoneOffset() * 60_000;
	return new Date(ms - shiftMs).toISOString();
}

const RFC3339 = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const DURATION = /(?<![\w.:-])(?:\d+(?:\.\d+)?(?:ms|[dhms]))+(?![\w-])/g;
const PERCENT = /(\d)%/g;
const UNITS: Readonly<Record<string, string>> = { m: 'min' };

/** What a terminal shows as `100ms` and `2026-11-22T14:02:32.004Z`, a page shows as `100 ms` and `14:02:32.004`. */
export function pageText(text: string, times: Clock): string {
	return text
		.replace(PERCENT, '$1 %')
		.replace(RFC3339, (time) => times.milli(Date.parse(time)))
		.replace(DURATION, (duration) =>
			duration.replace(/(\d)(ms|[dhms])(?=(\d?))/g, (_, digit: string, unit: string, more: string) => {
				const word = UNITS[unit] ?? unit;
				return `${digit} ${word}${more === '' ? '' : ' '}`;
			}),
		);
}

/** The first letter large. */
export function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
