// How the node itself is doing: its health score, its probes, its traffic. Rates are averages since its start.

import { type Counters, type RefusedSource, RTT_BOUNDS_MS, totalTraffic } from '../swim/index.ts';
import type { StatusSource } from './source.ts';

/** A node's own condition. */
export interface NodeHealth {
	/** Lifeguard awareness: 0 is best. */
	readonly score: number;
	/** The worst score there is. */
	readonly worst: number;
	/** Good 0, Fair 1 and 2, Poor above. */
	readonly word: 'Good' | 'Fair' | 'Poor';
	readonly upMs: number;
	readonly stalls: number;
	readonly refutations: number;
	readonly probes: {
		readonly begun: number;
		readonly perS: number;
		/** Of direct acks, estimated within the classes of the histogram; null before the first. */
		readonly p50Ms: number | null;
		readonly p99Ms: number | null;
		/** Share of ended probes that nobody answered. */
		readonly lost: number;
	};
	readonly traffic: {
		readonly sentBytesPerS: number;
		readonly receivedBytesPerS: number;
		readonly sentPacketsPerS: number;
		readonly receivedPacketsPerS: number;
	};
	/** Refused packets, messages and streams, for whatever reason. */
	readonly rejected: number;
	/** The hosts of which most was refused, the worst first. */
	readonly rejectedFrom: readonly RefusedSource[];
	readonly queue: { readonly updates: number; readonly oldestMs: number };
}

/** Sources of refused input that are named. */
const WORST_SOURCES = 5;

/** As of now. */
export function nodeHealth(source: StatusSource): NodeHealth {
	const { counters, config, health, self, sizes } = source;
	const upMs = Math.max(0, source.now() - self.changedAt);
	const perS = (count: number): number => (upMs === 0 ? 0 : (count * 1_000) / upMs);
	const ended = sum(Object.values(counters.probeAnswers));
	return {
		score: health,
		worst: config.awarenessMax - 1,
		word: healthWord(health),
		upMs,
		stalls: counters.stalls,
		refutations: counters.refutations,
		probes: {
			begun: counters.probes,
			perS: perS(counters.probes),
			p50Ms: rttQuantile(counters, 0.5),
			p99Ms: rttQuantile(counters, 0.99),
			lost: ended === 0 ? 0 : counters.probeAnswers.none / ended,
		},
		traffic: {
			sentBytesPerS: perS(totalTraffic(counters, 'bytesSent')),
			receivedBytesPerS: perS(totalTraffic(counters, 'bytesReceived')),
			sentPacketsPerS: perS(totalTraffic(counters, 'packetsSent')),
			receivedPacketsPerS: perS(totalTraffic(counters, 'packetsReceived')),
		},
		rejected: sum(Object.values(counters.rejected)),
		rejectedFrom: source.refusedSources(WORST_SOURCES),
		queue: { updates: sizes.updates, oldestMs: source.oldestUpdateMs },
	};
}

/** The word beside a score of Lifeguard awareness. */
export function healthWord(score: number): NodeHealth['word'] {
	if (score === 0) return 'Good';
	return score <= 2 ? 'Fair' : 'Poor';
}

/**
 * The round trip below which `share` of all lie, in milliseconds: evenly within its class, as Prometheus'
 * `histogram_quantile` has it. In the last class, which has no bound, its lower one. Null without any.
 */
export function rttQuantile({ rtt }: Pick<Counters, 'rtt'>, share: number): number | null {
	const wanted = share * sum(rtt.classes);
	if (wanted === 0) return null;
	let below = 0;
	for (const [at, count] of rtt.classes.entries()) {
		const low = RTT_BOUNDS_MS[at - 1] ?? 0;
		const high = RTT_BOUNDS_MS[at] ?? low;
		if (below + count >= wanted) return low + ((high - low) * (wanted - below)) / count;
		below += count;
	}
	return null;
}

function sum(counts: Iterable<number>): number {
	let total = 0;
	for (const count of counts) total += count;
	return total;
}
