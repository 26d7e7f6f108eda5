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

function decimal(value: number): string {
	return String(Math.round(value * 1e6) / 1e6);
}
