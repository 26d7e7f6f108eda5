// The ring as a picture needs it: who owns which arcs, who owns each of many equal steps, and who takes over when a member dies.

import { emptyPoints, locate, type Points, rebuild } from './points.ts';

/** An arc in turns: 0 to 1, the end not before the beginning. */
export type Arc = readonly [from: number, to: number];

/** What becomes of a member's keys when it dies. */
export interface Takeover {
	/** How many members get keys of it. */
	readonly heirs: number;
	/** What the one that gets most gets, as a share of all keys. */
	readonly most: number;
}

/** A laid out ring. To be thrown away when the owners change. */
export interface RingMap {
	/** Members with at least one point, in the order that `steps` numbers them. */
	readonly names: readonly string[];
	readonly points: number;
	/** The member's arcs in order; neighbouring ones are one. */
	arcs(member: string): Arc[];
	/** The circle in `count` equal steps: the number of the owner of the middle of each. */
	steps(count: number): Uint32Array;
	/** What becomes of its keys when it dies. */
	takeover(member: string): Takeover;
}

const WORD = 2 ** 32;

/** The ring of these members and weights, laid out. */
export function mapRing(weights: ReadonlyMap<string, number>): RingMap {
	const points = rebuild(emptyPoints(), weights);
	return {
		names: points.names.map((name) => name ?? ''), // laid out afresh, nobody has gone
		points: points.length,
		arcs: (member) => arcsOf(points, member),
		steps: (count) => {
			const steps = new Uint32Array(points.length === 0 ? 0 : count);
			return steps.map((_, at) => points.slot[locate(points, Math.floor(((at + 0.5) / count) * WORD), () => 0)]!);
		},
		takeover: (member) => takeoverOf(points, member),
	};
}

/** A point owns the arc that ends in it. */
function arcsOf(points: Points, member: string): Arc[] {
	const arcs: [number, number][] = [];
	const mine = points.names.indexOf(member);
	for (let at = 0; at < points.length; at++) {
		if (points.slot[at] !== mine) continue;
		const to = points.high[at]! / WORD;
		if (at === 0) {
			// What lies behind the last point belongs to the first one.
			arcs.push([0, to]);
			continue;
		}
		const from = points.high[at - 1]! / WORD;
		const last = arcs.at(-1);
		if (last && last[1] === from) last[1] = to;
		else arcs.push([from, to]);
	}
	if (points.length > 0 && points.slot[0] === mine) arcs.push([points.high[points.length - 1]! / WORD, 1]);
	return arcs;
}

/** Each arc goes to the owner of the next point that is another's. */
function takeoverOf(points: Points, member: string): Takeover {
	const mine = points.names.indexOf(member);
	if (mine < 0 || points.owners < 2) return { heirs: 0, most: 0 };
	const gains = new Map<number, number>();
	// Backwards, twice around, so that the heir is known for the last points as well.
	let heir = -1;
	for (let step = 2 * points.length - 1; step >= 0; step--) {
		const at = step % points.length;
		const slot = points.slot[at]!;
		if (slot !== mine) heir = slot;
		else if (step < points.length) gains.set(heir, (gains.get(heir) ?? 0) + lengthOf(points, at));
	}
	return { heirs: gains.size, most: Math.max(0, ...gains.values()) };
}

function lengthOf(points: Points, at: number): number {
	const to = points.high[at]!;
	const from = at === 0 ? points.high[points.length - 1]! - WORD : points.high[at - 1]!;
	return (to - from) / WORD;
}
