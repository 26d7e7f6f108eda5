// A duration in the words of the CLI and the logs: 640ms, 3.1s, 1m30s, 6d4h.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Two units at most; below a minute one decimal, below a second whole milliseconds. A negative duration reads as 0. */
export function durationText(durationMs: number): string {
	const ms = Math.max(0, Math.round(durationMs));
	if (ms < SECOND_MS) return `${ms}ms`;
	if (ms < MINUTE_MS - 50) return `${(ms / SECOND_MS).toFixed(1)}s`;
	const seconds = Math.round(ms / SECOND_MS) * SECOND_MS;
	if (seconds < HOUR_MS) return twoUnits(seconds, MINUTE_MS, 'm', SECOND_MS, 's');
	if (seconds < DAY_MS) return twoUnits(seconds, HOUR_MS, 'h', MINUTE_MS, 'm');
	return twoUnits(seconds, DAY_MS, 'd', HOUR_MS, 'h');
}

function twoUnits(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
	const rest = Math.floor((ms % largeMs) / smallMs);
	return `${Math.floor(ms / largeMs)}${large}${rest > 0 ? `${rest}${small}` : ''}`;
}
