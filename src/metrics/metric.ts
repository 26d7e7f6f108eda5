// What a metric is: its name, its words, and where its numbers come from.

import type { DiscoveryHealth } from '../discovery/index.ts';
import type { StatusSource } from '../status/index.ts';

export interface Sample {
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

/** One distribution: how many observations in each class, the last class without an upper bound. */
export interface Distribution {
	/** Upper bounds, in the unit of the metric's name. */
	readonly bounds: readonly number[];
	readonly classes: ArrayLike<number>;
	readonly sum: number;
}

/** How late the event loop was, in milliseconds, since the last look. */
export interface LoopDelay {
	readonly p99Ms: number;
	readonly maxMs: number;
}

/** All that metrics are read from. */
export interface Observed {
	readonly status: StatusSource;
	readonly discovery: readonly DiscoveryHealth[];
	/** Undefined where nobody measures it. */
	readonly loop: LoopDelay | undefined;
	/** How often the ring's fingerprint has changed. */
	readonly fingerprintChanges: number;
}

interface Named {
	readonly name: string;
	readonly help: string;
	readonly labels: readonly string[];
}

/** Numbers read when somebody scrapes; all series from the start: one that appears with its first event hides it from `rate` and `increase`. */
export type Metric =
	| (Named & { readonly type: 'counter' | 'gauge'; read(observed: Observed): readonly Sample[] })
	| (Named & { readonly type: 'histogram'; read(observed: Observed): Distribution });

export function one(value: number): readonly Sample[] {
	return [{ labels: {}, value }];
}

export function bothWays(sent: number, received: number): readonly Sample[] {
	return [
		{ labels: { direction: 'sent' }, value: sent },
		{ labels: { direction: 'received' }, value: received },
	];
}

/** A series for each key of a record. */
export function each(label: string, counts: Readonly<Record<string, number>>): readonly Sample[] {
	return Object.entries(counts).map(([key, value]) => ({ labels: { [label]: key }, value }));
}
