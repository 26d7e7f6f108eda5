// The history of a run: the faults that happen in it, each a plain value, so that shrinking can take it away.

import { type Random, randomBelow, shuffle } from '../swim/index.ts';
import type { SimTime } from './time-queue.ts';
import type { Weather } from './weather.ts';

/** Comes back after a stop: under its own name or a new one, at its own address or a new one. */
export interface Return {
	readonly afterMs: number;
	/** Absent = the same name. */
	readonly name?: string;
	/** At an address where nobody was before. */
	readonly moves: boolean;
}

/** One fault. Hosts are named; a fault of a host that does not run then does nothing. `at` and `forMs` are simulated time. */
export type Fault =
	/** Nothing passes between these and all others. `flapMs`: on and off in turns of that length; 0 = without a break. */
	| {
			readonly type: 'partition';
			readonly at: SimTime;
			readonly forMs: number;
			readonly side: readonly string[];
			readonly flapMs: number;
	  }
	/** Nothing passes in one direction; an absent end = everybody: without `from`, `to` is deaf; without `to`, `from` is mute. */
	| { readonly type: 'cut'; readonly at: SimTime; readonly forMs: number; readonly from?: string; readonly to?: string }
	/** The process runs nothing for so long. */
	| { readonly type: 'stall'; readonly at: SimTime; readonly forMs: number; readonly host: string }
	/** Each input takes the process so long. */
	| {
			readonly type: 'slow';
			readonly at: SimTime;
			readonly forMs: number;
			readonly host: string;
			readonly costMs: number;
	  }
	/** The process ends without a word. */
	| { readonly type: 'crash'; readonly at: SimTime; readonly host: string; readonly back?: Return }
	/** The process says goodbye and ends. */
	| { readonly type: 'leave'; readonly at: SimTime; readonly host: string; readonly back?: Return }
	/** These start all at once. */
	| { readonly type: 'join'; readonly at: SimTime; readonly hosts: readonly string[] }
	| {
			readonly type: 'tags';
			readonly at: SimTime;
			readonly host: string;
			readonly tags: Readonly<Record<string, string>>;
	  };

/** The first so many hosts are known to everybody from the start, so they always come back to where they were. */
export const SEED_HOSTS = 3;

/** Name of the host with that number among those of the start. */
export function hostName(index: number): string {
	return `n${index}`;
}

/** Everybody who can ever run: those of the start, those who join, and the new names of those who come back. */
export function hostNames({ nodes }: Weather, history: readonly Fault[]): Set<string> {
	const names = new Set(Array.from({ length: nodes }, (_, i) => hostName(i)));
	for (const fault of history) {
		if (fault.type === 'join') for (const name of fault.hosts) names.add(name);
		if ('back' in fault && fault.back?.name !== undefined) names.add(fault.back.name);
	}
	return names;
}

/** Draws what happens in a run of that length; every fault is over by its end. */
export function drawHistory(weather: Weather, random: Random, durationMs: number): Fault[] {
	const faults = new HistoryDraw(weather, random, durationMs).faults();
	return clipHistory(faults, durationMs);
}

/** Drops what begins after the end and shortens what would last beyond it, so that a run can be healed by then. */
export function clipHistory(history: readonly Fault[], durationMs: number): Fault[] {
	const clipped: Fault[] = [];
	for (const fault of history) {
		const restMs = durationMs - fault.at;
		if (restMs < 0) continue;
		if ('forMs' in fault) clipped.push({ ...fault, forMs: Math.min(fault.forMs, restMs) });
		else if ('back' in fault && fault.back) {
			clipped.push({ ...fault, back: { ...fault.back, afterMs: Math.min(fault.back.afterMs, restMs) } });
		} else clipped.push(fault);
	}
	return clipped.sort((a, b) => a.at - b.at);
}

/** Draws each kind of fault in turn. */
class HistoryDraw {
	readonly #weather: Weather;
	readonly #random: Random;
	readonly #durationMs: number;
	readonly #names: string[];
	#renamed = 0;

	constructor(weather: Weather, random: Random, durationMs: number) {
		this.#weather = weather;
		this.#random = random;
		this.#durationMs = durationMs;
		this.#names = Array.from({ length: weather.nodes }, (_, i) => hostName(i));
	}

	faults(): Fault[] {
		const weather = this.#weather;
		return [
			...this.#burst(weather.burstJoin),
			...this.#many(weather.partitions, () => this.#partition()),
			...this.#many(weather.cuts, () => this.#cut()),
			...this.#many(weather.stalls, () => {
				return { type: 'stall', at: this.#time(), forMs: this.#within(1, weather.stallMs), host: this.#host() };
			}),
			...this.#many(weather.slowness, () => this.#slow()),
			...this.#many(weather.crashes, () => this.#stop('crash')),
			...this.#many(weather.leaves, () => this.#stop('leave')),
			...this.#many(weather.tagUpdates, (i) => {
				return { type: 'tags', at: this.#time(), host: this.#host(), tags: this.#tags(i) };
			}),
			...(weather.rollingRestart > 0 ? this.#rollingRestart() : []),
		];
	}

	/** As many as the rate a minute says; what is left of a whole one is decided by chance. */
	#many(perMinute: number, draw: (index: number) => Fault): Fault[] {
		const count = Math.floor((perMinute * this.#durationMs) / 60_000 + this.#random.uint32() / 0x1_0000_0000);
		return Array.from({ length: count }, (_, i) => draw(i));
	}

	#burst(count: number): Fault[] {
		if (count === 0) return [];
		const hosts = Array.from({ length: count }, (_, i) => `j${i}`);
		this.#names.push(...hosts);
		return [{ type: 'join', at: this.#time(), hosts }];
	}

	#partition(): Fault {
		const order = this.#names.map((_, i) => i);
		shuffle(this.#random, order, order.length);
		const some = order.slice(0, 1 + randomBelow(this.#random, Math.max(1, order.length >> 1)));
		const side = some.map((i) => this.#names[i]!);
		const flapMs = randomBelow(this.#random, 3) === 0 ? this.#within(100, 3_000) : 0;
		return { type: 'partition', at: this.#time(), forMs: this.#within(100, this.#weather.cutMs), side, flapMs };
	}

	#cut(): Fault {
		const [from, to] = [this.#host(), this.#host()];
		const kind = randomBelow(this.#random, 3);
		const ends = kind === 0 ? { from, to } : kind === 1 ? { from } : { to };
		return { type: 'cut', at: this.#time(), forMs: this.#within(100, this.#weather.cutMs), ...ends };
	}

	#slow(): Fault {
		const costMs = this.#within(0.1, this.#weather.slowMs);
		return { type: 'slow', at: this.#time(), forMs: this.#within(100, 15_000), host: this.#host(), costMs };
	}

	#stop(type: 'crash' | 'leave'): Fault {
		const host = this.#host();
		const at = this.#time();
		if (this.#isSeed(host)) return { type, at, host, back: { afterMs: this.#within(10, 10_000), moves: false } };
		if (this.#random.uint32() >= this.#weather.restarts * 0x1_0000_0000) return { type, at, host };
		const back = { afterMs: this.#within(10, 10_000), moves: randomBelow(this.#random, 3) === 0 };
		return {
			type,
			at,
			host,
			back: back.moves || randomBelow(this.#random, 3) > 0 ? back : { ...back, name: this.#newName() },
		};
	}

	#rollingRestart(): Fault[] {
		const type = randomBelow(this.#random, 2) === 0 ? 'crash' : 'leave';
		const moves = randomBelow(this.#random, 2) === 0;
		const stepMs = this.#durationMs / (this.#weather.nodes + 1);
		return Array.from({ length: this.#weather.nodes }, (_, i) => {
			const back = { afterMs: this.#within(10, 2 * stepMs), moves: moves && !this.#isSeed(hostName(i)) };
			return { type, at: (i + 1) * stepMs, host: hostName(i), back };
		});
	}

	#tags(index: number): Readonly<Record<string, string>> {
		const tags: Record<string, string> = { v: String(index), note: 'x'.repeat(randomBelow(this.#random, 200)) };
		if (randomBelow(this.#random, 2) === 0) tags.w = String(randomBelow(this.#random, 5));
		return tags;
	}

	#newName(): string {
		return `r${this.#renamed++}`;
	}

	#isSeed(name: string): boolean {
		return this.#names.indexOf(name) < SEED_HOSTS;
	}

	#host(): string {
		return this.#names[randomBelow(this.#random, this.#names.length)]!;
	}

	#time(): SimTime {
		return this.#within(0, this.#durationMs);
	}

	/** Whole milliseconds: short to print, and the same on every machine. */
	#within(low: number, high: number): number {
		return Math.round(low + (high - low) * (this.#random.uint32() / 0x1_0000_0000));
	}
}
