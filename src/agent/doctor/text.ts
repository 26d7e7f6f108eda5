// Small words of the doctor: counts, lists of names, short durations.

import { durationText } from '../../status/index.ts';

/** `1 member`, `3 members`, `2 addresses`. */
export function plural(count: number, noun: string, more = `${noun}s`): string {
	return `${count} ${count === 1 ? noun : more}`;
}

/** The first names, and how many more there are. */
export function someOf(names: readonly string[], most = 4): string {
	if (names.length <= most) return names.join(', ');
	return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
}

/** A round trip: below 10 ms with a decimal. */
export function rttText(ms: number): string {
	return ms < 10 ? `${ms.toFixed(1)}ms` : durationText(ms);
}

/** The value below which the share `q` of the values lies; undefined when there are none. */
export function quantile(values: readonly number[], q: number): number | undefined {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

/** A sentence of discovery, `what is wrong; what to do`, taken apart. */
export function verdictAndStep(text: string): { readonly verdict: string; readonly step: string | undefined } {
	const end = text.indexOf('; ');
	return end < 0 ? { verdict: text, step: undefined } : { verdict: text.slice(0, end), step: text.slice(end + 2) };
}
