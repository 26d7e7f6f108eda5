// A member as all running views together see it, beside the truth about its process.

import type { MemberState } from '../../swim/index.ts';
import type { SimTime } from '../time-queue.ts';

/** When the process ran; without `to`, it still does. */
export interface Life {
	readonly from: SimTime;
	to?: SimTime;
	/** It said goodbye before it ended. */
	left?: boolean;
}

/** Kept of a member that starts again and again. */
const LIVES_MAX = 100;

export class Subject {
	readonly name: string;
	/** In how many running views it is in each state. */
	readonly views: Record<MemberState, number> = { alive: 0, suspect: 0, dead: 0, left: 0 };
	readonly lives: Life[] = [];
	/** It has begun to say goodbye. */
	leaving = false;
	/** Since when it runs without being known to all. A restart that nobody noticed is no joining. */
	joiningSince: SimTime | undefined;
	/** Its crash, until it is dead in all views or starts again. */
	crash: { readonly at: SimTime; suspected: boolean } | undefined;
	/** Its newest tags, until all have them. */
	update: { readonly at: SimTime; readonly incarnation: number; readonly lacking: Set<object> } | undefined;

	constructor(name: string) {
		this.name = name;
	}

	/** Running views that hold it alive or suspect. */
	get holders(): number {
		return this.views.alive + this.views.suspect;
	}

	start(now: SimTime): void {
		this.leaving = false;
		this.crash = undefined;
		this.joiningSince = this.holders === 0 ? now : undefined;
		if (this.lives.length < LIVES_MAX) this.lives.push({ from: now });
	}

	/** True when it ended without a goodbye. */
	stop(now: SimTime): boolean {
		this.joiningSince = undefined;
		this.update = undefined;
		const life = this.lives.at(-1);
		if (life && life.to === undefined) {
			life.to = now;
			if (this.leaving) life.left = true;
		}
		return !this.leaving;
	}
}
