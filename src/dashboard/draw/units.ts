// Figures as the page writes them: 0.8 ms, 3.1 s, 2 d 7 h, 1.9 KB/s, 4.33 %, 2,989.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A round trip: one decimal below 10 ms. */
export function msText(ms: number): string {
	if (ms >= SECOND_MS) return spanText(ms);
	return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** What is left until a verdict: tenths of a second below a minute. */
export function leftText(ms: number): string {
	const most = Math.max(0, ms);
	return most < MINUTE_MS ? `${(most / SECOND_MS).toFixed(1)} s` : spanText(most);
}

/** The last whole second of a clock: from it all ages are counted, so that no two places show another one. */
export function wholeSecond(nowMs: number): number {
	return Math.floor(nowMs / SECOND_MS) * SECOND_MS;
}

/** How old something is, in whole seconds or more: *41 s*, *2 d 7 h*. */
export function ageText(ms: number): string {
	return ms < MINUTE_MS ? `${Math.max(0, Math.floor(ms / SECOND_MS))} s` : spanText(ms);
}

export function agoText(ms: number): string {
	return ms < SECOND_MS ? 'just now' : `${ageText(ms)} ago`;
}

/** How long something lasted: two units at most. */
export function spanText(durationMs: number): string {
	const ms = Math.max(0, durationMs);
	if (ms < 10 * SECOND_MS) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
	if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
	if (ms < HOUR_MS) return twoUnits(ms, MINUTE_MS, 'min', SECOND_MS, 's');
	if (ms < DAY_MS) return twoUnits(ms, HOUR_MS, 'h', MINUTE_MS, 'min');
	return twoUnits(ms, DAY_MS, 'd', HOUR_MS, 'h');
}

export function rateText(bytesPerSecond: number): string {
	const units = ['B/s', 'KB/s', 'MB/s', 'GB/s'] as const;
	let value = bytesPerSecond;
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1_000;
		unit++;
	}
	return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Three digits that say something, two far below one percent: *10.4 %*, *4.33 %*, *0.244 %*, *0.00012 %*. */
export function percentText(share: number): string {
	const percent = share * 100;
	if (percent === 0) return '0 %';
	if (percent >= 9.95) return `${percent.toFixed(1)} %`;
	if (percent >= 0.0995) return `${percent.toFixed(percent >= 0.995 ? 2 : 3)} %`;
	const decimals = Math.min(8, 1 - Math.floor(Math.log10(percent)));
	return `${percent.toFixed(decimals)} %`;
}

export function countText(count: number): string {
	// By hand: a locale costs a hundred times as much, and this is called for every drawing.
	return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 member`, `24 members`. */
export function plural(count: number, one: string, many = `${one}s`): string {
	return `${countText(count)} ${count === 1 ? one : many}`;
}

function twoUnits(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
	const rest = Math.floor((ms % largeMs) / smallMs);
	return `${Math.floor(ms / largeMs)} ${large}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}
