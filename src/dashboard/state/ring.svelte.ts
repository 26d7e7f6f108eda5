// The ring as the page shows it; a worker works it out, and the page asks again when the ring or the selection changes.

import { untrack } from 'svelte';
import { type RingSteps, type Takeover, weightOf } from '../../ring/index.ts';
import type { LiveMember, LiveSnapshot } from '../../status/index.ts';
import type { SharesData } from '../draw/index.ts';
import type { Dashboard } from './dashboard.svelte.ts';
import type { RingAnswer, RingQuestion } from './ring-worker.ts';

const STEPS = 540;
const NO_STEPS: RingSteps = { names: [], points: 0, owners: new Uint32Array(0) };

/** To be made while a component starts: it follows the ring as long as that component lives. */
export class RingLook {
	#answer = $state.raw<RingAnswer | undefined>(undefined);
	readonly #dashboard: Dashboard;
	#worker: Worker | undefined;
	#busy = false;
	/** What is to be asked once the worker has answered: only the latest question matters. */
	#next: RingQuestion | undefined;

	constructor(dashboard: Dashboard) {
		this.#dashboard = dashboard;
		const fingerprint = $derived(dashboard.snapshot?.ring.fingerprint);
		const owners = $derived(dashboard.snapshot?.members.filter(owns).length);
		const selected = $derived(
			dashboard.selectedMember && owns(dashboard.selectedMember) ? dashboard.selected : undefined,
		);
		$effect(() => {
			void [fingerprint, owners];
			const snapshot = untrack(() => dashboard.snapshot);
			if (snapshot) this.#ask({ weights: weightsOf(snapshot), steps: STEPS, member: selected });
		});
		$effect(() => () => this.#worker?.terminate());
	}

	get steps(): RingSteps {
		return this.#answer?.steps ?? NO_STEPS;
	}

	/** Of the selected member; undefined while it is worked out, and for who owns nothing. */
	get takeover(): Takeover | undefined {
		return this.#answer?.member === this.#dashboard.selected ? this.#answer?.takeover : undefined;
	}

	#ask(question: RingQuestion): void {
		this.#next = question;
		if (this.#busy) return;
		this.#busy = true;
		this.#next = undefined;
		this.#worker ??= this.#hire();
		this.#worker.postMessage(question);
	}

	#hire(): Worker {
		const worker = new Worker(new URL('./ring-worker.ts', import.meta.url), { type: 'module' });
		worker.onmessage = ({ data }: MessageEvent<RingAnswer>) => {
			this.#answer = data;
			this.#busy = false;
			if (this.#next) this.#ask(this.#next);
		};
		return worker;
	}
}

export function owns({ share }: LiveMember): boolean {
	return share > 0;
}

export function sharesData({ members, ring }: LiveSnapshot, selected: LiveMember | undefined): SharesData {
	return {
		shares: members.filter(owns).map(({ ID, share }) => ({ name: ID, ratio: share * ring.owners })),
		selected: selected?.ID ?? null,
		selectedSuspect: selected?.Status === 1,
	};
}

function weightsOf({ members }: LiveSnapshot): ReadonlyMap<string, number> {
	return new Map(members.filter(owns).map(({ ID, Tags }) => [ID, weightOf({ tags: Tags })]));
}
