// Where each member stands in the field, kept over changes and reloads.

import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import { NO_SLOTS, placeMembers, type SlotMember, type Slots } from '../draw/index.ts';

/** The places, and for whom they were made. */
export interface Places {
	readonly slots: Slots;
	readonly members: readonly LiveMember[];
	readonly at: number;
}

export const NO_PLACES: Places = { slots: NO_SLOTS, members: [], at: 0 };

/** The same object while nobody came, went or moved to another zone. */
export function keepPlaces(places: Places, { members, at }: LiveSnapshot): Places {
	if (members === places.members) return places;
	if (sameHomes(members, places.members)) return { ...places, members, at };
	// Those who are gone now were there until the last time.
	const before =
		places.members.length === 0 ? places.slots : placeMembers(places.slots, homes(places.members), places.at);
	return { slots: placeMembers(before, homes(members), at), members, at };
}

/** What was remembered, as far as it is what this page once wrote. */
export function readSlots(text: string | null): Slots {
	if (text === null) return NO_SLOTS;
	try {
		const slots = JSON.parse(text) as Slots;
		const whole = slots.groups.every(
			({ name, places }) =>
				typeof name === 'string' &&
				places.every((slot) => slot === null || (typeof slot.name === 'string' && Number.isFinite(slot.seenAt))),
		);
		return whole ? slots : NO_SLOTS;
	} catch {
		return NO_SLOTS;
	}
}

function sameHomes(a: readonly LiveMember[], b: readonly LiveMember[]): boolean {
	return a.length === b.length && a.every(({ ID, zone }, at) => b[at]?.ID === ID && b[at]?.zone === zone);
}

function homes(members: readonly LiveMember[]): SlotMember[] {
	return members.map(({ ID, zone }) => ({ name: ID, group: zone ?? '' }));
}
