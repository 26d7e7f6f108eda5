// Places are kept: while others come and go, and over a reload.

import { describe, expect, it } from 'vitest';
import { keepPlaces, NO_PLACES, readSlots } from './places.ts';
import { liveMember, liveSnapshot } from './samples.ts';

const names = (places: typeof NO_PLACES) => places.slots.groups[0]?.places.map((slot) => slot?.name);

describe('places', () => {
	it('stay while a member dies, is forgotten and another one comes', () => {
		const all = [liveMember('a'), liveMember('b'), liveMember('d')];
		const first = keepPlaces(NO_PLACES, liveSnapshot(all));
		const died = keepPlaces(first, liveSnapshot([all[0]!, liveMember('b', { Status: 2 }), all[2]!]));
		expect(died.slots).toBe(first.slots);
		const later = { ...liveSnapshot([all[0]!, liveMember('c'), all[2]!]), at: died.at + 7_200_000 };
		const forgotten = keepPlaces({ ...died, at: later.at - 250 }, later);
		expect(names(forgotten)).toEqual(['a', 'b', 'd', 'c']);
	});

	it('are read back only when they are whole', () => {
		const { slots } = keepPlaces(NO_PLACES, liveSnapshot([liveMember('a')]));
		expect(readSlots(JSON.stringify(slots))).toEqual(slots);
		for (const text of [null, '', '{}', '{"groups":[{"name":1,"places":[]}]}', '[]']) {
			expect(readSlots(text)).toEqual({ groups: [] });
		}
	});
});
