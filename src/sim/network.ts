// The simulated network: what becomes of a packet, and how long a stream's bytes take.

import { type Random, randomBelow } from '../swim/index.ts';
import type { SimHost } from './host.ts';

/** The weather on all links. Every fault is off at 0. */
export interface LinkWeather {
	/** Share of packets that vanish, 0..1. */
	readonly loss: number;
	/** Share of packets after which a link falls into a burst, 0..1, and the loss while it lasts. */
	readonly burstStart: number;
	readonly burstLoss: number;
	/** Mean number of packets of a burst. */
	readonly burstPackets: number;
	/** Smallest one-way delay. */
	readonly delayMs: number;
	/** Mean of the delay added to it, exponentially distributed: a long tail, and reordering when it exceeds the spacing. */
	readonly jitterMs: number;
	/** Share of packets that are held back by `reorderMs`, 0..1. */
	readonly reorder: number;
	readonly reorderMs: number;
	/** Share of packets that arrive twice, 0..1. */
	readonly duplication: number;
	/** Longer packets vanish. */
	readonly mtuBytes: number;
}

/** A good LAN on which nothing is lost. */
export const CALM: LinkWeather = {
	loss: 0,
	burstStart: 0,
	burstLoss: 0,
	burstPackets: 10,
	delayMs: 0.2,
	jitterMs: 0.1,
	reorder: 0,
	reorderMs: 5,
	duplication: 0,
	mtuBytes: 65_507,
};

/** A fault of particular links while it is in force: a cut, a partition, a lossy cable, a firewall. */
export interface LinkRule {
	/** Whether what goes from here to there is under the rule; asked for each packet. */
	applies(from: SimHost, to: SimHost): boolean;
	/** Share of packets that vanish, 0..1; 1 = cut. */
	readonly packetLoss: number;
	/** Whether streams pass. */
	readonly streams: boolean;
	/** What one way takes longer than by the weather. */
	readonly delayMs?: number;
}

/** Quantiles of the exponential distribution with mean 1 at (i + ½) / 32: a table, so that every machine draws alike. */
const EXPONENTIAL: readonly number[] = [
	0.0157, 0.048, 0.0813, 0.1158, 0.1515, 0.1884, 0.2268, 0.2666, 0.3081, 0.3514, 0.3965, 0.4438, 0.4933, 0.5453, 0.6001,
	0.6579, 0.7191, 0.7841, 0.8534, 0.9275, 1.0072, 1.0934, 1.1872, 1.2901, 1.404, 1.5315, 1.6767, 1.8452, 2.0459, 2.2941,
	2.6205, 3.4657,
];

/** What lies between the hosts. Its weather may be changed at any time. */
export class Network {
	weather: LinkWeather;
	readonly #random: Random;
	readonly #rules = new Set<LinkRule>();

	constructor(random: Random, weather: LinkWeather = CALM) {
		this.#random = random;
		this.weather = weather;
	}

	/** Puts a rule in force; returns its end. */
	impose(rule: LinkRule): () => void {
		this.#rules.add(rule);
		return () => {
			this.#rules.delete(rule);
		};
	}

	/** After how many milliseconds the packet arrives: never, once, or twice. */
	deliveries(from: SimHost, to: SimHost, bytes: number): number[] {
		const { weather } = this;
		if (bytes > weather.mtuBytes || this.#isLost(from, to)) return [];
		const first = this.#delay(from, to);
		return this.#happens(weather.duplication) ? [first, this.#delay(from, to)] : [first];
	}

	/** Delay of a chunk of a stream; undefined while nothing passes. Streams lose nothing: they wait. */
	streamDelay(from: SimHost, to: SimHost): number | undefined {
		for (const rule of this.#rules) if (!rule.streams && rule.applies(from, to)) return undefined;
		return this.#delay(from, to);
	}

	#isLost(from: SimHost, to: SimHost): boolean {
		for (const rule of this.#rules) {
			if (rule.packetLoss > 0 && rule.applies(from, to) && this.#happens(rule.packetLoss)) return true;
		}
		const { weather } = this;
		if (weather.burstStart > 0 && this.#isInBurst(to, weather)) return this.#happens(weather.burstLoss);
		return this.#happens(weather.loss);
	}

	// Gilbert and Elliott's two states, kept at the receiving link.
	#isInBurst(to: SimHost, weather: LinkWeather): boolean {
		if (to.inBurst) to.inBurst = !this.#happens(1 / weather.burstPackets);
		else to.inBurst = this.#happens(weather.burstStart);
		return to.inBurst;
	}

	#delay(from: SimHost, to: SimHost): number {
		const { weather } = this;
		let delay = weather.delayMs;
		for (const rule of this.#rules) if (rule.delayMs !== undefined && rule.applies(from, to)) delay += rule.delayMs;
		if (weather.jitterMs > 0) delay += weather.jitterMs * EXPONENTIAL[randomBelow(this.#random, 32)]!;
		if (this.#happens(weather.reorder)) delay += weather.reorderMs;
		return delay;
	}

	#happens(share: number): boolean {
		if (share <= 0) return false;
		return share >= 1 || this.#random.uint32() < share * 0x1_0000_0000;
	}
}
