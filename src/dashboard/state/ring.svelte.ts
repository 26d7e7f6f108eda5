// The ring as the page works it out itself, after what changed is on the screen: at 3,000 owners it takes a moment.

import { type RingSteps, ringSteps, ringTakeover, type Takeover, weightOf } from '../../ring/index.ts';
import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import { STATE_NAMES } from '../../swim/index.ts';
import type { RingData, SharesData } from '../draw/index.ts';
import type { Dashboard } from './dashboard.svelte.ts';

/** Keys that lie evenly on the circle, each shown with its owner. */
const STEPS = 540;
const NO_STEPS: RingSteps = { names: [], points: 0, owners: new Uint32Array(0) };

/** To be made while a component starts: it follows the ring as long as that component lives. */
export class RingLook {
	steps = $state.raw<RingSteps>(NO_STEPS);
	/** Of the selected member; undefined while it is worked out, and for who owns nothing. */
	takeover = $state.raw<Takeover | undefined>(undefined);

	constructor(dashboard: Dashboard) {
		const fingerprint = $derived(dashboard.snapshot?.ring.fingerprint);
		const owners = $derived(dashboard.snapshot?.members.filter(owns).length);
		const selected = $derived(
			dashboard.selectedMember && owns(dashboard.selectedMember) ? dashboard.selected : undefined,
		);
		const weights = (): ReadonlyMap<string, number> => weightsOf(dashboard.snapshot);
		$effect(() => {
			void [fingerprint, owners];
			return soon(() => {
				this.steps = ringSteps(weights(), STEPS);
			});
		});
		$effect(() => {
			void [fingerprint, owners];
			const member = selected;
			this.takeover = undefined;
			if (member === undefined) return;
			return soon(() => {
				this.takeover = ringTakeover(weights(), member);
			});
		});
	}
}

export function owns({ share }: LiveMember): boolean {
	return share > 0;
}

export function ringData(
	snapshot: LiveSnapshot,
	{ names, owners }: RingSteps,
	selected: LiveMember | undefined,
): RingData {
	return {
		fingerprint: snapshot.ring.owners === 0 ? '' : snapshot.ring.fingerprint,
		agreement: `same on ${snapshot.views.agree} of ${snapshot.views.of}`,
		bins: owners,
		arcs: selected ? runsOf(owners, names.indexOf(selected.ID)) : [],
		selectedState: STATE_NAMES[selected?.Status ?? 0]!,
	};
}

export function sharesData({ members, ring }: LiveSnapshot, selected: LiveMember | undefined): SharesData {
	return {
		shares: members.filter(owns).map(({ ID, share }) => ({ name: ID, ratio: share * ring.owners })),
		selected: selected?.ID ?? null,
		selectedSuspect: selected?.Status === 1,
	};
}

/** Neighbouring steps of one owner are one arc. */
function runsOf(owners: Uint32Array, owner: number): (readonly [number, number])[] {
	const runs: [number, number][] = [];
	for (let at = 0; at < owners.length; at++) {
		if (owners[at] !== owner) continue;
		const last = runs.at(-1);
		if (last && last[1] === at / owners.length) last[1] = (at + 1) / owners.length;
		else runs.push([at / owners.length, (at + 1) / owners.length]);
	}
	return runs;
}

function weightsOf(snapshot: LiveSnapshot | undefined): ReadonlyMap<string, number> {
	const owners = snapshot?.members.filter(owns) ?? [];
	return new Map(owners.map(({ ID, Tags }) => [ID, weightOf({ tags: Tags })]));
}

/** After the next frame. Returns what calls it off. */
function soon(run: () => void): () => void {
	const timer = setTimeout(run, 30);
	return () => clearTimeout(timer);
}
