// Durations as Go writes them: `200ms`, `5s`, `1m30s`, `1.5h`; days (`6d4h`) beside, because the CLI prints them.

const UNIT_MS: Readonly<Record<string, number>> = {
	ns: 1e-6,
	us: 1e-3,
	µs: 1e-3,
	μs: 1e-3,
	ms: 1,
	s: 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};
const WHOLE = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|[smhd]))+$/;
const TERM = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smhd])/g;

/** Milliseconds of a duration; `undefined` when the text is none. A number without a unit is none, not even `0`. */
export function parseDuration(text: string): number | undefined {
	if (!WHOLE.test(text)) return undefined;
	let totalMs = 0;
	for (const [, amount, unit] of text.matchAll(TERM)) totalMs += Number(amount) * (UNIT_MS[unit as string] as number);
	// Sums of decimal fractions such as 0.1s + 0.2s carry a binary error far below a nanosecond.
	return Math.round(totalMs * 1e6) / 1e6;
}

/** The exact duration in its shortest usual form: `200ms`, `1.5s`, `1m30s`, `1h`. Parses back to the same number. */
export function formatDuration(totalMs: number): string {
	if (totalMs === 0) return '0s';
	if (totalMs < 1) return `${decimal(totalMs * 1e3)}us`;
	if (totalMs < 1_000) return `${decimal(totalMs)}ms`;
	let restMs = totalMs;
	let text = '';
	for (const unit of ['d', 'h', 'm']) {
		const unitMs = UNIT_MS[unit] as number;
		const count = Math.floor(restMs / unitMs);
		if (count > 0) text += `${count}${unit}`;
		restMs -= count * unitMs;
	}
	return restMs > 0 ? `${text}${decimal(restMs / 1_000)}s` : text;
}

/** Rounded for people, two units at most: `0.6ms`, `3.1s`, `41s`, `2m30s`, `6d4h`. Parses as a duration. */
export function shortDuration(totalMs: number): string {
	if (totalMs < 0.95) return `${totalMs.toFixed(1)}ms`;
	if (totalMs < 999.5) return `${totalMs < 9.95 ? decimal(Number(totalMs.toFixed(1))) : Math.round(totalMs)}ms`;
	if (totalMs < 9_950) return `${(totalMs / 1_000).toFixed(1)}s`;
	const seconds = Math.round(totalMs / 1_000);
	if (seconds < 60) return `${seconds}s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return pair(minutes, 'm', seconds % 60, 's');
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return pair(hours, 'h', minutes % 60, 'm');
	return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function pair(major: number, majorUnit: string, minor: number, minorUnit: string): string {
	return minor === 0 ? `${major}${majorUnit}` : `${major}${majorUnit}${minor}${minorUnit}`;
}

function decimal(value: number): string {
	return String(Math.round(value * 1e6) / 1e6);
}
