// The weather of a simulated run: every fault that may happen as one named figure, 0 = off; presets, and weather drawn by chance.

import { type Random, randomBelow } from '../swim/index.ts';
import { CALM, type LinkWeather } from './network.ts';

/** All that can go wrong in a run, and how often. Rates are events a minute; 0 = never. */
export interface Weather {
	/** Hosts at the start. */
	readonly nodes: number;
	/** What all links are like while the faults rage. */
	readonly link: LinkWeather;
	/** Whether hosts use streams (TCP) at all. */
	readonly streams: boolean;
	/** Share of directed links with `badLinkLoss`, 0..1. */
	readonly badLinks: number;
	readonly badLinkLoss: number;
	/** Share of links, 0..1, on which no packet passes, streams only. */
	readonly packetlessLinks: number;
	/** Share of links, 0..1, on which no stream passes, packets only. */
	readonly streamlessLinks: number;
	/** Clocks run at most so much faster or slower, 0..1. */
	readonly clockSkew: number;
	/** Hosts that speak plain memberlist, without our extensions. */
	readonly foreign: number;
	/** Events of each kind a minute. */
	readonly partitions: number;
	/** One-way cuts: between two hosts, or of everything to or from one host. */
	readonly cuts: number;
	/** Stops of a process, at most `stallMs` long, after which it goes on. */
	readonly stalls: number;
	readonly stallMs: number;
	/** Spells in which a process takes `slowMs` for each input. */
	readonly slowness: number;
	readonly slowMs: number;
	readonly crashes: number;
	/** Share of the crashed that start again, 0..1. */
	readonly restarts: number;
	readonly leaves: number;
	/** Restarts of all hosts, one after the other, once in a run: 0 or 1. */
	readonly rollingRestart: number;
	/** Hosts that join in one burst, once in a run. */
	readonly burstJoin: number;
	readonly tagUpdates: number;
	/** Partitions and cuts last at most so long. */
	readonly cutMs: number;
}

const LAN: Weather = {
	nodes: 16,
	link: CALM,
	streams: true,
	badLinks: 0,
	badLinkLoss: 0,
	packetlessLinks: 0,
	streamlessLinks: 0,
	clockSkew: 0,
	foreign: 0,
	partitions: 0,
	cuts: 0,
	stalls: 0,
	stallMs: 0,
	slowness: 0,
	slowMs: 0,
	crashes: 0,
	restarts: 0,
	leaves: 0,
	rollingRestart: 0,
	burstJoin: 0,
	tagUpdates: 0,
	cutMs: 0,
};

/** Weather that people know; see {@link WEATHERS}. */
export type WeatherName = 'calm' | 'lan' | 'cloud' | 'storm';

/** Weather that people know. `calm`: nothing ever happens. */
export const WEATHERS: Readonly<Record<WeatherName, Weather>> = {
	calm: LAN,
	lan: { ...LAN, link: { ...CALM, loss: 0.001 }, crashes: 1, restarts: 0.5, tagUpdates: 4 },
	cloud: {
		...LAN,
		link: { ...CALM, loss: 0.01, delayMs: 1, jitterMs: 4, duplication: 0.001, reorder: 0.01 },
		clockSkew: 0.001,
		stalls: 2,
		stallMs: 2_000,
		crashes: 2,
		restarts: 0.8,
		leaves: 1,
		tagUpdates: 4,
	},
	storm: {
		...LAN,
		link: {
			...CALM,
			loss: 0.03,
			burstStart: 0.001,
			burstLoss: 0.6,
			delayMs: 5,
			jitterMs: 10,
			duplication: 0.004,
			reorder: 0.05,
		},
		badLinks: 0.02,
		badLinkLoss: 0.5,
		clockSkew: 0.01,
		partitions: 2,
		cuts: 2,
		cutMs: 20_000,
		stalls: 4,
		stallMs: 9_000,
		slowness: 1,
		slowMs: 5,
		crashes: 4,
		restarts: 0.7,
		leaves: 2,
		tagUpdates: 6,
	},
};

/**
 * Draws weather of 2 to `mostNodes` hosts; each kind of fault is off altogether in about half of all runs (swarm testing).
 * One run of four is mild: there the strict promises hold, which chance alone would hardly ever put to the test.
 */
export function drawWeather(random: Random, mostNodes = 64): Weather {
	const maybe = (draw: () => number): number => (randomBelow(random, 2) === 0 ? 0 : draw());
	const within = (low: number, high: number): number => low + (high - low) * (random.uint32() / 0x1_0000_0000);
	const whole = (low: number, high: number): number => low + randomBelow(random, high - low + 1);
	// Small clusters have formulas of their own and are cheap: ten of sixteen runs. One of sixteen is large.
	const size = randomBelow(random, 16);
	const most = size < 10 ? whole(2, 8) : size < 15 ? whole(9, 20) : whole(21, Math.max(21, mostNodes));
	const nodes = Math.min(mostNodes, most);
	const streams = randomBelow(random, 3) > 0;
	const drawn: Weather = {
		nodes,
		link: drawLink(maybe, within),
		streams,
		badLinks: maybe(() => within(0, 0.2)),
		badLinkLoss: within(0.1, 1),
		packetlessLinks: streams ? maybe(() => maybe(() => within(0, 0.1))) : 0,
		streamlessLinks: maybe(() => within(0, 0.5)),
		clockSkew: maybe(() => within(0, 0.05)),
		foreign: streams ? maybe(() => maybe(() => whole(1, Math.ceil(nodes / 3)))) : 0,
		partitions: maybe(() => within(0, 6)),
		cuts: maybe(() => within(0, 6)),
		cutMs: within(500, 30_000),
		stalls: maybe(() => within(0, 10)),
		stallMs: within(100, 15_000),
		slowness: maybe(() => within(0, 4)),
		slowMs: within(1, 40),
		crashes: maybe(() => within(0, 10)),
		restarts: within(0, 1),
		leaves: maybe(() => within(0, 6)),
		rollingRestart: maybe(() => maybe(() => 1)),
		burstJoin: maybe(() => whole(1, Math.ceil(nodes / 2))),
		tagUpdates: maybe(() => within(0, 20)),
	};
	return randomBelow(random, 4) === 0 ? mildened(drawn) : drawn;
}

/** As much of the weather as kills nobody (`Promises` in checkers/promises.ts says what that is); a quarter is left of what may trouble single hosts. */
function mildened({ link, ...weather }: Weather): Weather {
	return {
		...weather,
		link: {
			...link,
			loss: Math.min(link.loss, 0.05),
			burstStart: 0,
			delayMs: link.delayMs / 4,
			jitterMs: link.jitterMs / 4,
			reorderMs: link.reorderMs / 4,
			mtuBytes: CALM.mtuBytes,
		},
		badLinks: 0,
		packetlessLinks: 0,
		foreign: 0,
		partitions: 0,
		cuts: weather.cuts / 4,
		stallMs: weather.stallMs / 4,
		slowness: weather.slowness / 4,
	};
}

function drawLink(maybe: (draw: () => number) => number, within: (low: number, high: number) => number): LinkWeather {
	return {
		loss: maybe(() => maybe(() => within(0, 0.3)) || within(0, 0.05)),
		burstStart: maybe(() => within(0, 0.01)),
		burstLoss: within(0.2, 1),
		burstPackets: within(2, 50),
		delayMs: within(0.1, 20),
		jitterMs: maybe(() => within(0, 20)),
		reorder: maybe(() => within(0, 0.2)),
		reorderMs: within(1, 50),
		duplication: maybe(() => within(0, 0.2)),
		mtuBytes: maybe(() => maybe(() => within(576, 1_399))) || CALM.mtuBytes,
	};
}
