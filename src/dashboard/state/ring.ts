// The ring as the page lays it out itself: owners and weights stand in the snapshot, and the same function gives the same ring everywhere.

import { mapRing, type RingMap, weightOf } from '../../ring/index.ts';
import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import type { RingData, SharesData } from '../draw/index.ts';

let latest: { readonly fingerprint: string; readonly map: RingMap } | undefined;

/** Laid out once for each set of owners. */
export function ringMap({ ring, members }: LiveSnapshot): RingMap {
	if (latest?.fingerprint === ring.fingerprint) return latest.map;
	const owners = members.filter(({ share }) => share > 0);
	const map = mapRing(new Map(owners.map((member) => [member.ID, weightOf({ tags: member.Tags })])));
	// The shares of the same change may come with the next document: then this is not yet the ring of the fingerprint.
	if (owners.length === ring.owners) latest = { fingerprint: ring.fingerprint, map };
	return map;
}

/** Steps of the circle: two a degree. */
const STEPS = 720;

export function ringData(snapshot: LiveSnapshot, selected: LiveMember | undefined): RingData {
	const map = ringMap(snapshot);
	return {
		fingerprint: snapshot.ring.owners === 0 ? '' : snapshot.ring.fingerprint,
		agreement: `same on ${snapshot.views.agree} of ${snapshot.views.of}`,
		bins: map.steps(STEPS),
		arcs: selected ? map.arcs(selected.ID) : [],
		selectedState: STATE_NAMES[selected?.Status ?? 0]!,
	};
}

export function sharesData({ members, ring }: LiveSnapshot, selected: LiveMember | undefined): SharesData {
	const owners = members.filter(({ share }) => share > 0);
	return {
		shares: owners.map(({ ID, share }) => ({ name: ID, ratio: share * ring.owners })),
		selected: selected?.ID ?? null,
		selectedSuspect: selected?.Status === 1,
	};
}
