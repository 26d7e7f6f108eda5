// Probe round trips and traffic, out of the seconds that the node recorded.

import { type LiveBytes, type LiveSecond, MARKS, markRttMs } from '../../status/index.ts';
import type { HeatBucket, TrafficData, TrafficPoint } from '../draw/index.ts';

const DECADES = 3;
const ROWS_A_DECADE = 5;

/** From 0.1 to 100 ms, five classes a decade; what is outside counts in the first or the last one. */
export const HEAT_EDGES: readonly number[] = Array.from(
	{ length: DECADES * ROWS_A_DECADE + 1 },
	(_, at) => 0.1 * 10 ** (at / ROWS_A_DECADE),
);

const buckets = new WeakMap<LiveSecond, HeatBucket>();

/** A second is recorded once and never changes. */
export function heatBucket(second: LiveSecond): HeatBucket {
	const known = buckets.get(second);
	if (known) return known;
	const counts = new Uint16Array(HEAT_EDGES.length - 1);
	let unanswered = 0;
	for (const mark of second.probes) {
		const rttMs = markRttMs(mark);
		if (rttMs !== null) counts[rowOf(rttMs)]!++;
		else if (mark === MARKS.none) unanswered++;
	}
	const bucket = { at: second.at, counts, unanswered };
	buckets.set(second, bucket);
	return bucket;
}

function rowOf(rttMs: number): number {
	const row = Math.floor(Math.log10(rttMs / 0.1) * ROWS_A_DECADE);
	return Math.min(HEAT_EDGES.length - 2, Math.max(0, row));
}

export function secondsIn(seconds: readonly LiveSecond[], from: number, to: number): readonly LiveSecond[] {
	return seconds.filter(({ at }) => at >= from && at < to);
}

/** Seconds that make one point: single packets would make a comb of it. */
const SMOOTH = 5;

export function trafficOf(seconds: readonly LiveSecond[]): Omit<TrafficData, 'span'> {
	const points: TrafficPoint[] = seconds.map(({ at }, last) => {
		const around = seconds.slice(Math.max(0, last - SMOOTH + 1), last + 1);
		return { at, out: mean(around, ({ sent }) => sum(sent)), in: mean(around, ({ received }) => sum(received)) };
	});
	const latest = seconds.slice(-SMOOTH);
	const kinds = [0, 1, 2, 3].map((kind) => seconds.reduce((total, { sent }) => total + sent[kind]!, 0));
	const all = kinds.reduce((total, bytes) => total + bytes, 0);
	const [probes = 0, gossip = 0, sync = 0, broadcasts = 0] = kinds.map((bytes) => (all === 0 ? 0 : bytes / all));
	return {
		points,
		packetsOut: mean(latest, ({ packets }) => packets[0]),
		packetsIn: mean(latest, ({ packets }) => packets[1]),
		kinds: { probes, gossip, sync, broadcasts },
	};
}

function sum(bytes: LiveBytes): number {
	return bytes[0] + bytes[1] + bytes[2] + bytes[3];
}

function mean(seconds: readonly LiveSecond[], value: (second: LiveSecond) => number): number {
	return seconds.length === 0 ? 0 : seconds.reduce((total, second) => total + value(second), 0) / seconds.length;
}
