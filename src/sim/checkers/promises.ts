// What may be expected under a given weather and history: classes in which nobody may die falsely, and the bounds of time.

import { type Config, disseminationMs, pushPullIntervalMs, resolveConfig } from '../../swim/index.ts';
import type { HostOptions } from '../cluster.ts';
import type { Fault } from '../history.ts';
import type { Weather } from '../weather.ts';

/** Round trips must end well within the ack timeout, or probes fail in any weather. */
const ROUND_TRIP_PART = 0.8;
/** Jitter is a table whose largest entry is 3.47 times its mean. */
const JITTER_MAX = 3.5;
const LOSS_MAX = 0.05;

/**
 * What false deaths are counted apart by. `mild`: nobody may die. `gray`: mild but for at most a quarter of the hosts, which
 * are deaf, mute, slow or stopped for long; no other may die. `parted`: a partition, whose sides rightly give each other up.
 * `rough`: all the rest, where a rate is published and none is promised.
 */
export const WEATHER_CLASSES = ['mild', 'gray', 'rough', 'parted'] as const;
/** One of {@link WEATHER_CLASSES}. */
export type WeatherClass = (typeof WEATHER_CLASSES)[number];

export class Promises {
	readonly config: Config;
	readonly weatherClass: WeatherClass;
	/** Hosts that are deaf, mute, slow or stopped for long at some time of the run. */
	readonly troubled: ReadonlySet<string>;
	/** The longest that any one host is stopped in all, in simulated time: so much later it may find what it has to find. */
	readonly stoppedMs: number;

	constructor(weather: Weather, history: readonly Fault[], host: HostOptions) {
		this.config = resolveConfig({ ...host, name: 'promises' });
		const faults = joinStalls(history);
		this.troubled = new Set(faults.flatMap((fault) => troubledBy(fault, this.config)));
		const stopped = new Map<string, number>();
		for (const fault of faults) {
			if (fault.type === 'stall') stopped.set(fault.host, (stopped.get(fault.host) ?? 0) + fault.forMs);
		}
		this.stoppedMs = Math.max(0, ...stopped.values());
		const isParted = history.some(({ type }) => type === 'partition');
		const isRough = !isMildLink(weather, this.config) || this.troubled.size * 4 > weather.nodes;
		this.weatherClass = isParted ? 'parted' : isRough ? 'rough' : this.troubled.size > 0 ? 'gray' : 'mild';
	}

	/** Nobody dies falsely but for the troubled, and crashes and news have their bounds. */
	get isMild(): boolean {
		return this.weatherClass === 'mild' || this.weatherClass === 'gray';
	}

	/** The longest that a probe takes to fail, at the worst health, in simulated time. */
	get probeWindowMs(): number {
		return (this.config.awarenessMax + 1) * this.config.protocolPeriodMs;
	}

	/** How long a crash among `live` members may go unsuspected, and until it is a death everywhere (X7). */
	detectionBounds(live: number): { readonly suspectMs: number; readonly deadMs: number } {
		const { protocolPeriodMs, awarenessMax } = this.config;
		// Everybody probes everybody once in two rounds at the latest; a node that doubts itself waits longer for the verdict.
		const roundsMs = (2 * live + awarenessMax + 2) * protocolPeriodMs;
		const deadMs = 2 * roundsMs + suspicionMs(this.config) + this.disseminationMs(live);
		return { suspectMs: roundsMs + this.stoppedMs, deadMs: deadMs + this.stoppedMs };
	}

	/** How long news among `live` members takes at most, by gossip or, where that has failed, by comparing digests (X3). */
	disseminationMs(live: number): number {
		return DISSEMINATIONS * disseminationMs(this.config, live);
	}
}

/** Rounds of dissemination after which gossip that has died out has been made good by digests. */
const DISSEMINATIONS = 5;

/**
 * Within this time of the heal all views must be equal: the two sides of a cut find each other in two turns of the
 * reconnector (X11), one more for each address that nobody answers at any longer; meanwhile suspicions that were
 * raised at the last moment must run out, and those who crashed then must be found by a round of probes.
 */
export function convergenceBoundMs(config: Config, weather: Weather, live: number, deserted: number): number {
	const { reconnectIntervalMs, suspicionMaxTimeoutMult, protocolPeriodMs, awarenessMax, leaveTimeoutMs } = config;
	const reconnectMs = (2 + deserted) * reconnectIntervalMs;
	const suspicionMaxMs = suspicionMs(config) * (live < 4 ? 1 : suspicionMaxTimeoutMult);
	const roundMs = (2 * live + awarenessMax + 2) * protocolPeriodMs;
	// Foreign members have nothing but their exchange of everything with one random member.
	const foreignMs = weather.foreign > 0 ? 4 * pushPullIntervalMs(config.pushPullIntervalMs, live) : 0;
	return reconnectMs + suspicionMaxMs + roundMs + 5 * disseminationMs(config, live) + leaveTimeoutMs + foreignMs;
}

function suspicionMs({ suspicionTimeoutMs, protocolPeriodMs }: Config): number {
	return suspicionTimeoutMs === 'auto' ? 20 * protocolPeriodMs : suspicionTimeoutMs;
}

/** Stops of one process that overlap are one long stop. */
function joinStalls(history: readonly Fault[]): Fault[] {
	const joined: Fault[] = [];
	for (const fault of [...history].sort((a, b) => a.at - b.at)) {
		const before = joined.findLastIndex(
			(other) =>
				other.type === 'stall' &&
				fault.type === 'stall' &&
				other.host === fault.host &&
				fault.at <= other.at + other.forMs,
		);
		const stall = joined[before];
		if (stall?.type !== 'stall' || fault.type !== 'stall') joined.push(fault);
		else joined[before] = { ...stall, forMs: Math.max(stall.forMs, fault.at + fault.forMs - stall.at) };
	}
	return joined;
}

function troubledBy(fault: Fault, config: Config): string[] {
	const patienceMs = config.suspicionTimeoutMs === 'auto' ? 0 : config.suspicionTimeoutMs;
	switch (fault.type) {
		case 'cut':
			// A cut between two hosts is got round by helpers; which of the two suffers does not matter.
			return [fault.from, fault.to].filter((name) => name !== undefined);
		case 'stall':
			return fault.forMs >= patienceMs ? [fault.host] : [];
		case 'slow':
			return [fault.host];
		default:
			return [];
	}
}

/** Loss of at most 5 %, everywhere alike, without bursts, and short round trips. */
function isMildLink({ link, badLinks, packetlessLinks, foreign }: Weather, config: Config): boolean {
	const oneWayMs = link.delayMs + JITTER_MAX * link.jitterMs + (link.reorder > 0 ? link.reorderMs : 0);
	return (
		link.loss <= LOSS_MAX &&
		link.burstStart === 0 &&
		link.mtuBytes >= config.packetBytes &&
		2 * oneWayMs <= ROUND_TRIP_PART * config.ackTimeoutMs &&
		badLinks === 0 &&
		packetlessLinks === 0 &&
		foreign === 0
	);
}
