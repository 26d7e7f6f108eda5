// The ring as a picture needs it, in one pass over its points and without laying it out: who owns each of many equal steps, and who takes over.

import { pointCount, thinningFor, writePoints } from './points.ts';

/** Who owns each of many keys that lie evenly on the circle. */
export interface RingSteps {
	/** Members with at least one point. */
	readonly names: readonly string[];
	/** Of all members together. */
	readonly points: number;
	/** The circle in equal steps: the index into `names` of who owns the middle of each. */
	readonly owners: Uint32Array;
}

/** What a member owns, and what becomes of it when it dies. */
export interface Takeover {
	/** Its arcs in turns, 0 to 1, the end not before the beginning. */
	readonly arcs: readonly (readonly [from: number, to: number])[];
	/** How many members get keys of it. */
	readonly heirs: number;
	/** What the one that gets most gets, as a share of all keys. */
	readonly most: number;
}

const TURN = 2 ** 32;
/** Distances are compared by the upper half of positions: of two points within 2^-32 of a turn either may be taken. */
const NOBODY = Number.POSITIVE_INFINITY;

/** Who owns each of `count` keys that lie evenly on the circle. */
export function ringSteps(weights: ReadonlyMap<string, number>, count: number): RingSteps {
	const names: string[] = [];
	const owners = new Uint32Array(count);
	const nearest = new Float64Array(count).fill(NOBODY);
	const scale = count / TURN;
	let points = 0;
	eachMember(weights, (name, high, length) => {
		const owner = names.push(name) - 1;
		points += length;
		for (let i = 0; i < length; i++) {
			// The last step whose middle lies at or before the point; before the first one that is the last of the turn before.
			const at = high[i]! * scale - 0.5;
			const step = at < 0 ? count - 1 : Math.floor(at);
			const distance = at < 0 ? at + 1 : at - step;
			if (distance >= nearest[step]!) continue;
			nearest[step] = distance;
			owners[step] = owner;
		}
	});
	if (points === 0) return { names, points, owners: new Uint32Array(0) };
	// Where no point lies between two middles, the first one belongs to whom the second one belongs to; twice around the end.
	for (let at = 2 * count - 1; at >= 0; at--) {
		const step = at % count;
		if (nearest[step] !== NOBODY) continue;
		const next = (step + 1) % count;
		if (nearest[next] === NOBODY) continue;
		nearest[step] = nearest[next]! + 1;
		owners[step] = owners[next]!;
	}
	return { names, points, owners };
}

/** What moves to whom when the member dies: each of its arcs to the owner of the next point that is another's. */
export function ringTakeover(weights: ReadonlyMap<string, number>, member: string): Takeover {
	const own = ownPoints(weights, member);
	if (own.length === 0) return { arcs: [], heirs: 0, most: 0 };
	const gaps = gapsOf(weights, member, own);
	const gains = new Map<number, number>();
	const arcs: (readonly [number, number])[] = [];
	let heir = -1;
	// Backwards, twice around, so that the heir is known for the last points as well. A gap without others' points passes it on.
	for (let at = 2 * own.length - 1; at >= 0; at--) {
		const gap = at % own.length;
		const next = gaps.heir[(gap + 1) % own.length]!;
		if (next !== -1) heir = next;
		if (at >= own.length || heir === -1) continue;
		const before = gaps.last[gap]! === -1 ? own[(gap + own.length - 1) % own.length]! : gaps.last[gap]!;
		const [from, to] = [before / TURN, own[gap]! / TURN];
		if (from <= to) arcs.push([from, to]);
		else arcs.push([from, 1], [0, to]);
		gains.set(heir, (gains.get(heir) ?? 0) + ((to - from + 1) % 1));
	}
	return { arcs, heirs: gains.size, most: Math.max(0, ...gains.values()) };
}

/** Of the points of all others, the first and the last one before each own point, and whose the first one is. */
interface Gaps {
	readonly first: Float64Array;
	readonly last: Float64Array;
	readonly heir: Int32Array;
}

const GUIDE_BITS = 14;

function gapsOf(weights: ReadonlyMap<string, number>, member: string, own: Uint32Array): Gaps {
	const first = new Float64Array(own.length).fill(NOBODY);
	const last = new Float64Array(own.length).fill(-1);
	const heir = new Int32Array(own.length).fill(-1);
	const shift = 32 - GUIDE_BITS;
	const guide = new Uint32Array(2 ** GUIDE_BITS);
	for (let range = 0, at = 0; range < guide.length; range++) {
		while (at < own.length && own[at]! >>> shift < range) at++;
		guide[range] = at;
	}
	const end = own[own.length - 1]!;
	let number = 0;
	eachMember(weights, (name, high, length) => {
		const other = number++;
		if (name === member) return;
		for (let i = 0; i < length; i++) {
			const point = high[i]!;
			let gap = guide[point >>> shift]!;
			while (gap < own.length && own[gap]! < point) gap++;
			if (gap === own.length) gap = 0;
			// The gap of the first own point reaches over the end of the circle: what lies behind the last own point comes first in it.
			const order = point > end ? point - TURN : point;
			if (order < first[gap]!) {
				first[gap] = order;
				heir[gap] = other;
			}
			const latest = last[gap]!;
			if (latest === -1 || order > (latest > end ? latest - TURN : latest)) last[gap] = point;
		}
	});
	return { first, last, heir };
}

function ownPoints(weights: ReadonlyMap<string, number>, member: string): Uint32Array {
	let own = new Uint32Array(0);
	eachMember(
		new Map([[member, weights.get(member) ?? 0]]),
		(_, high, length) => {
			own = high.slice(0, length).sort();
		},
		thinningFor(weights),
	);
	return own;
}

/** The points of one member after the other, in arrays that are written anew each time. */
function eachMember(
	weights: ReadonlyMap<string, number>,
	visit: (name: string, high: Uint32Array, length: number) => void,
	thinning: number = thinningFor(weights),
): void {
	const most = Math.max(0, ...weights.values());
	const room = most === 0 ? 0 : pointCount(most, thinning);
	const high = new Uint32Array(room);
	const low = new Uint32Array(room);
	for (const [name, weight] of weights) {
		if (weight === 0) continue;
		const length = pointCount(weight, thinning);
		writePoints(name, length, high, low, 0);
		visit(name, high, length);
	}
}
