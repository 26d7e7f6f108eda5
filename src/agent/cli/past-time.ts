// A time gone by as a user writes it: as our outputs have it, in full, or as an age.

import { duration, type Kind } from '../../config/index.ts';
import { parseRfc3339, rfc3339 } from '../../status/index.ts';

const LONGEST_MS = 3_650 * 86_400_000;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/;

/**
 * Milliseconds since 1970. A time of day is the latest such one, local unless `utc`. What is left out is meant as a whole: `14:02:31`
 * is the last millisecond of its second, or now where that is sooner.
 */
export function pastTime(nowMs: number, utc: boolean): Kind<number> {
	const ages = duration(0, LONGEST_MS);
	const allowed = 'a time gone by, for example 14:02:31, 2026-11-22T14:02:31Z, or 10m for ten minutes ago';
	return {
		name: 'time',
		allowed,
		parse(text) {
			const age = ages.parse(text);
			if ('value' in age) return { value: nowMs - age.value };
			const value = clockTime(text, nowMs, utc) ?? parseRfc3339(text);
			// A whole second that has begun lies partly in the future.
			return value === undefined || value - nowMs > 999 ? { allowed } : { value: Math.min(value, nowMs) };
		},
		format: rfc3339,
	};
}

function clockTime(text: string, nowMs: number, utc: boolean): number | undefined {
	const [whole, hour, minute, second, fraction] = CLOCK.exec(text) ?? [];
	if (whole === undefined) return undefined;
	const time = [Number(hour), Number(minute), Number(second ?? 0), Number((fraction ?? '').padEnd(3, '0'))] as const;
	const today = onDay(0, time, nowMs, utc);
	const first = today > nowMs ? onDay(1, time, nowMs, utc) : today;
	const unitMs = second === undefined ? 60_000 : fraction === undefined ? 1_000 : 1;
	return Math.min(first + unitMs - 1, nowMs);
}

/** A time of day, so many days before today. */
function onDay(
	daysAgo: number,
	time: readonly [hour: number, minute: number, second: number, ms: number],
	nowMs: number,
	utc: boolean,
): number {
	const now = new Date(nowMs);
	if (utc) return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - daysAgo, ...time);
	return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo, ...time).getTime();
}
