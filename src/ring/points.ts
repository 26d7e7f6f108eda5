// The points of the ring: where each member's virtual nodes lie, sorted, and which one follows a key.

import { compareBytes, utf8, xxHash32 } from '../swim/index.ts';

/** The two halves of every 64-bit position, of keys and of points, are xxHash32 under these seeds. */
export const SEED_HIGH = 0;
export const SEED_LOW = 0x9e3779b9;

/**
 * Virtual nodes for each unit of weight. Over 300 clusters of 100 members the most loaded member had
 * 1.08 of the fair share in the median and 1.12 at worst; a quarter of the points gives 1.16 and 1.25.
 */
export const POINTS_PER_WEIGHT = 1_024;

/**
 * Cap of the whole ring, 12 bytes a point: weights arrive over the network, so memory must not
 * follow them without end. A ring that would exceed it is thinned: everybody keeps half of the
 * points, or a quarter and so on, which keeps the proportions and stays a function of the set.
 */
export const MAX_POINTS = 4_194_304;

/** Points in order of (high, low, name bytes). A later layout never changes an earlier one. */
export interface Points {
	readonly length: number;
	readonly high: Uint32Array;
	readonly low: Uint32Array;
	/** Index into `names` and `weights`. */
	readonly slot: Uint32Array;
	/** Members with at least one point; `undefined` where one has gone and nobody has taken its slot. */
	readonly names: readonly (string | undefined)[];
	readonly weights: readonly number[];
	/** Number of members with at least one point. */
	readonly owners: number;
	/** Each member's points have been halved so many times. */
	readonly thinning: number;
	/** Where the points of each range of the high half begin; one range for one to two points. */
	readonly guide: Uint32Array;
}

export function emptyPoints(): Points {
	return {
		...columns(0),
		names: [],
		weights: [],
		owners: 0,
		thinning: 0,
		guide: new Uint32Array(2),
	};
}

function columns(length: number): Pick<Points, 'length' | 'high' | 'low' | 'slot'> {
	return { length, high: new Uint32Array(length), low: new Uint32Array(length), slot: new Uint32Array(length) };
}

/**
 * The layout of `weights`. Only points of members that changed since `previous` are computed, and the
 * runs between them are copied whole: one change of a ring of a thousand costs little more than that copy.
 */
export function rebuild(previous: Points, weights: ReadonlyMap<string, number>, cap: number = MAX_POINTS): Points {
	const thinning = thinningFor(weights, cap);
	const base = thinning === previous.thinning ? previous : emptyPoints();
	const slots = slotsOf(base, weights);
	const gone = indexesOf(base, slots.gone);
	const added = pointsOf(slots.added, slots.names, slots.weights, thinning);
	const length = base.length - gone.length + added.length;
	const points = { ...added, ...columns(length), owners: slots.owners };
	splice(points, base, gone, added);
	const isAsLong = guideLength(length) === base.guide.length;
	return { ...points, guide: isAsLong ? guideAfter(base, gone, added) : guideOf(points.high) };
}

interface Slots extends Pick<Points, 'names' | 'weights' | 'owners'> {
	/** Slots of `base` whose member is gone or has another weight. */
	readonly gone: readonly number[];
	/** Slots whose member has come or has another weight. */
	readonly added: readonly number[];
}

/** Who is unchanged keeps its slot, so that its points can be copied as they are. */
function slotsOf(base: Points, weights: ReadonlyMap<string, number>): Slots {
	const names = base.names.slice();
	const gone: number[] = [];
	for (const [slot, name] of base.names.entries()) {
		if (name === undefined || weights.get(name) === base.weights[slot]) continue;
		names[slot] = undefined;
		gone.push(slot);
	}
	const known = new Set(names);
	const added: number[] = [];
	let free = 0;
	for (const [name, weight] of weights) {
		if (weight === 0 || known.has(name)) continue;
		while (names[free] !== undefined) free++;
		names[free] = name;
		added.push(free);
	}
	const owners = names.reduce((count, name) => count + (name === undefined ? 0 : 1), 0);
	return { names, weights: names.map((name) => weights.get(name ?? '') ?? 0), owners, gone, added };
}

/** Index of the first point at or after the position, around the end to the first one. */
export function locate(points: Points, high: number, low: () => number): number {
	const at = lowerBound(points, high, low);
	return at < points.length ? at : 0;
}

/** Index of the first point at or after the position; `length` when there is none. */
function lowerBound({ length, high, low, guide }: Points, keyHigh: number, keyLow: () => number): number {
	// Points are spread evenly, so the range that the guide names holds one or two of them.
	let at = guide[keyHigh >>> guideShift(guide)] as number;
	while (at < length && (high[at] as number) < keyHigh) at++;
	// Only one key in many thousands meets a point's high half exactly: the low half is hashed for those alone.
	if (at < length && high[at] === keyHigh) {
		const rest = keyLow();
		while (at < length && high[at] === keyHigh && (low[at] as number) < rest) at++;
	}
	return at;
}

function guideOf(high: Uint32Array): Uint32Array {
	const guide = new Uint32Array(guideLength(high.length));
	const shift = guideShift(guide);
	let range = 0;
	for (let at = 0; at < high.length; at++) {
		const last = (high[at] as number) >>> shift;
		while (range <= last) guide[range++] = at;
	}
	return guide.fill(high.length, range);
}

/** The guide of `base` moved by what has gone and come before each range: a fifth of the work of a new one. */
function guideAfter(base: Points, gone: Uint32Array, added: Points): Uint32Array {
	const guide = base.guide.slice();
	const shift = guideShift(guide);
	let cut = 0;
	let next = 0;
	for (let range = 0; range < guide.length; range++) {
		while (cut < gone.length && (base.high[gone[cut] as number] as number) >>> shift < range) cut++;
		while (next < added.length && (added.high[next] as number) >>> shift < range) next++;
		guide[range] = (guide[range] as number) + next - cut;
	}
	return guide;
}

function guideLength(points: number): number {
	return 2 ** Math.max(1, 31 - Math.clz32(points));
}

function guideShift(guide: Uint32Array): number {
	return Math.clz32(guide.length) + 1;
}

/** Share of all positions by slot: a point owns the arc that ends in it. */
export function shareBySlot(points: Points): Float64Array {
	const shares = new Float64Array(points.names.length);
	for (let at = 0; at < points.length; at++) {
		const slot = points.slot[at] as number;
		shares[slot] = (shares[slot] as number) + arcBefore(points, at);
	}
	return shares;
}

/** Length of the arc that ends in a point, as a part of the circle. */
export function arcBefore(points: Points, at: number): number {
	const before = at === 0 ? points.length - 1 : at - 1;
	const arc =
		((points.high[at] as number) - (points.high[before] as number)) / 2 ** 32 +
		((points.low[at] as number) - (points.low[before] as number)) / 2 ** 64;
	return at === 0 ? arc + 1 : arc;
}

/** How often everybody's points are halved to stay below the cap. */
export function thinningFor(weights: ReadonlyMap<string, number>, cap: number = MAX_POINTS): number {
	let total = 0;
	for (const weight of weights.values()) total += weight * POINTS_PER_WEIGHT;
	let thinning = 0;
	while (total / 2 ** thinning > cap) thinning++;
	return thinning;
}

export function pointCount(weight: number, thinning: number): number {
	return Math.max(1, (weight * POINTS_PER_WEIGHT) >>> thinning);
}

/** The points of the members at `slots`, sorted. */
function pointsOf(
	slots: readonly number[],
	names: Points['names'],
	weights: Points['weights'],
	thinning: number,
): Points {
	const counts = slots.map((slot) => pointCount(weights[slot] as number, thinning));
	const length = counts.reduce((sum, count) => sum + count, 0);
	const points = { ...emptyPoints(), ...columns(length), names, weights, thinning };
	let at = 0;
	for (const [i, slot] of slots.entries()) {
		const count = counts[i] as number;
		writePoints(names[slot] as string, count, points.high, points.low, at);
		points.slot.fill(slot, at, at + count);
		at += count;
	}
	return sorted(points);
}

/** Writes the points of a member from index `at` on, in no order. */
export function writePoints(member: string, count: number, high: Uint32Array, low: Uint32Array, at: number): void {
	const name = utf8(member);
	const a = xxHash32(name, SEED_HIGH);
	const b = xxHash32(name, SEED_LOW);
	for (let index = 0; index < count; index++) {
		// Both halves depend on both hashes of the name: two names that share one of them by chance share no point.
		const word = mix(a ^ mix((b + Math.imul(index + 1, 0x9e3779b1)) | 0));
		high[at + index] = word;
		low[at + index] = mix(b ^ Math.imul(word, 0x85ebca77) ^ index);
	}
}

/** Where the points of the members at `slots` lie, in ascending order. */
function indexesOf(points: Points, slots: readonly number[]): Uint32Array {
	const own = pointsOf(slots, points.names, points.weights, points.thinning);
	const indexes = new Uint32Array(own.length);
	for (let i = 0; i < own.length; i++) {
		let at = locate(points, own.high[i] as number, () => own.low[i] as number);
		// Equal points of others may come first, and those of one member that are already taken.
		while (points.slot[at] !== own.slot[i] || (i > 0 && at <= (indexes[i - 1] as number))) at++;
		indexes[i] = at;
	}
	return indexes;
}

/** The finalizer of xxHash32: every bit of the input reaches every bit of the result. */
function mix(word: number): number {
	let mixed = word;
	mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77);
	mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae3d);
	return mixed ^ (mixed >>> 16);
}

/** Radix sort by the high half; the few equal ones are then put right by insertion. */
function sorted(points: Points): Points {
	const { length, high, low, slot } = points;
	let order: Uint32Array = new Uint32Array(length);
	for (let i = 0; i < length; i++) order[i] = i;
	order = radixPass(order, high, 0);
	order = radixPass(order, high, 16);
	const result = { ...points, ...columns(length) };
	for (let i = 0; i < length; i++) {
		const from = order[i] as number;
		let to = i;
		while (to > 0 && precedes(points, from, result, to - 1)) {
			copyPoint(result, to - 1, result, to, result.slot[to - 1] as number);
			to--;
		}
		result.high[to] = high[from] as number;
		result.low[to] = low[from] as number;
		result.slot[to] = slot[from] as number;
	}
	return result;
}

function radixPass(order: Uint32Array, words: Uint32Array, shift: 0 | 16): Uint32Array {
	const starts = new Uint32Array(0x10001);
	for (let i = 0; i < words.length; i++) {
		const digit = ((words[i] as number) >>> shift) & 0xffff;
		starts[digit + 1] = (starts[digit + 1] as number) + 1;
	}
	for (let digit = 1; digit < starts.length; digit++) {
		starts[digit] = (starts[digit] as number) + (starts[digit - 1] as number);
	}
	const result = new Uint32Array(order.length);
	for (let i = 0; i < order.length; i++) {
		const index = order[i] as number;
		const digit = ((words[index] as number) >>> shift) & 0xffff;
		const to = starts[digit] as number;
		starts[digit] = to + 1;
		result[to] = index;
	}
	return result;
}

/** Fills `made` with the points of `base` but those at the indexes `gone`, and with `added`, in order. */
function splice(made: Points, base: Points, gone: Uint32Array, added: Points): void {
	let to = 0;
	const copy = (source: Points, start: number, end: number): void => {
		made.high.set(source.high.subarray(start, end), to);
		made.low.set(source.low.subarray(start, end), to);
		made.slot.set(source.slot.subarray(start, end), to);
		to += end - start;
	};
	let from = 0;
	let cut = 0;
	const keepUntil = (end: number): void => {
		for (; cut < gone.length && (gone[cut] as number) < end; cut++) {
			copy(base, from, gone[cut] as number);
			from = (gone[cut] as number) + 1;
		}
		copy(base, from, end);
		from = end;
	};
	for (let next = 0; next < added.length; ) {
		const at = following(base, added, next);
		keepUntil(at);
		const first = next++;
		while (next < added.length && (at === base.length || precedes(added, next, base, at))) next++;
		copy(added, first, next);
	}
	keepUntil(base.length);
}

/** Index of the first point of `base` that comes after the point `i` of `added`; `base.length` when none does. */
function following(base: Points, added: Points, i: number): number {
	let at = lowerBound(base, added.high[i] as number, () => added.low[i] as number);
	while (at < base.length && !precedes(added, i, base, at)) at++;
	return at;
}

function copyPoint(source: Points, from: number, target: Points, to: number, slot: number): void {
	target.high[to] = source.high[from] as number;
	target.low[to] = source.low[from] as number;
	target.slot[to] = slot;
}

// Equal points are ordered by the bytes of the names, so the same member wins everywhere. Equal
// points of one member need no order: nobody can tell them apart.
function precedes(a: Points, i: number, b: Points, j: number): boolean {
	const high = (a.high[i] as number) - (b.high[j] as number);
	if (high !== 0) return high < 0;
	const low = (a.low[i] as number) - (b.low[j] as number);
	if (low !== 0) return low < 0;
	const nameA = a.names[a.slot[i] as number] as string;
	const nameB = b.names[b.slot[j] as number] as string;
	return compareBytes(utf8(nameA), utf8(nameB)) < 0;
}
