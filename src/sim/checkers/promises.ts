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

export class Promises {
	readonly config: Config;
	/** Loss of at most 5 %, everywhere alike, short round trips, no partition: then nobody dies falsely but for the troubled. */
	readonly isMild: boolean;
	/** Hosts that are deaf, mute, slow or stopped for long at some time of the run. */
	readonly troubled: ReadonlySet<string>;

	constructor(weather: Weather, history: readonly Fault[], host: HostOptions) {
		this.config = resolveConfig({ ...host, name: 'promises' });
		this.troubled = new Set(history.flatMap((fault) => troubledBy(fault, this.config)));
		this.isMild =
			isMildLink(weather, this.config) &&
			history.every(({ type }) => type !== 'partition') &&
			this.troubled.size * 4 <= weather.nodes;
	}

	/** The longest that a probe takes to fail, at the worst health, in simulated time. */
	get probeWindowMs(): number {
		return (this.config.awarenessMax + 1) * this.config.protocolPeriodMs;
	}

	/** How long a crash among `live` members may go unsuspected, and until it is a death everywhere (X7). */
	detectionBounds(live: number): { readonly suspectMs: number; readonly deadMs: number } {
		const { protocolPeriodMs, awarenessMax } = this.config;
		// Everybody probes everybody once in two rounds at the latest; a node that doubts itself waits longer for the verdict.
		const suspectMs = (2 * live + awarenessMax + 2) * protocolPeriodMs;
		return { suspectMs, deadMs: 2 * suspectMs + suspicionMs(this.config) + this.disseminationMs(live) };
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

function isMildLink({ link, badLinks, badLinkLoss, packetlessLinks, foreign }: Weather, config: Config): boolean {
	const oneWayMs = link.delayMs + JITTER_MAX * link.jitterMs + (link.reorder > 0 ? link.reorderMs : 0);
	return (
		link.loss <= LOSS_MAX &&
		link.burstStart === 0 &&
		link.mtuBytes >= config.packetBytes &&
		2 * oneWayMs <= ROUND_TRIP_PART * config.ackTimeoutMs &&
		(badLinks === 0 || badLinkLoss <= LOSS_MAX) &&
		packetlessLinks === 0 &&
		foreign === 0
	);
}
