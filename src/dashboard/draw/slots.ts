// Which place of the members field belongs to whom: position is memory, so nobody moves because somebody else came or went.

export interface SlotMember {
	readonly name: string;
	/** The zone, or empty. */
	readonly group: string;
}

/** A member's place in its group. */
export interface Slot {
	readonly name: string;
	/** When the member was last known; its place is kept for an hour from then. */
	readonly seenAt: number;
}

/** Groups in name order; in each the places in order, `null` where nobody is. Plain data, to be kept over a reload. */
export interface Slots {
	readonly groups: readonly { readonly name: string; readonly places: readonly (Slot | null)[] }[];
}

export const NO_SLOTS: Slots = { groups: [] };

const KEPT_MS = 3_600_000;

/**
 * Newcomers come behind the others of their group, or into a place whose member was forgotten an hour ago. So the first
 * view is in name order, and a later one only where names grow.
 */
export function placeMembers(previous: Slots, members: readonly SlotMember[], nowMs: number): Slots {
	const groups = new Map<string, (Slot | null)[]>();
	const homes = new Map(members.map(({ name, group }) => [name, group]));
	for (const { name: group, places } of previous.groups) {
		groups.set(
			group,
			places.map((slot) => kept(slot, group, homes, nowMs)),
		);
	}
	const placed = new Set(Array.from(groups.values(), (places) => places.map((slot) => slot?.name)).flat());
	const newcomers = members.filter(({ name }) => !placed.has(name)).sort((a, b) => byName(a.name, b.name));
	for (const { name, group } of newcomers) {
		const places = groups.get(group) ?? [];
		groups.set(group, places);
		const hole = places.indexOf(null);
		places[hole < 0 ? places.length : hole] = { name, seenAt: nowMs };
	}
	return {
		groups: Array.from(groups, ([name, places]) => ({ name, places: withoutTail(places) }))
			.filter(({ places }) => places.length > 0)
			.sort((a, b) => byName(a.name, b.name)),
	};
}

function kept(slot: Slot | null, group: string, homes: ReadonlyMap<string, string>, nowMs: number): Slot | null {
	if (!slot) return null;
	const home = homes.get(slot.name);
	if (home === group) return { name: slot.name, seenAt: nowMs };
	// Who moved to another zone has a place there; who is forgotten may come back.
	return home === undefined && nowMs - slot.seenAt < KEPT_MS ? slot : null;
}

function withoutTail(places: readonly (Slot | null)[]): readonly (Slot | null)[] {
	let length = places.length;
	while (length > 0 && places[length - 1] === null) length--;
	return places.slice(0, length);
}

const names = new Intl.Collator('en', { numeric: true });

/** Name order as people count: longbow-9 before longbow-10. */
export function byName(a: string, b: string): number {
	return names.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
