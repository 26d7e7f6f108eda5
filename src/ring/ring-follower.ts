// Keeps a ring in step with the membership (X13): a fold over the events of one node.

import type { Member, MeshEvent } from '../swim/index.ts';
import { createHashRing, type HashRing, MAX_WEIGHT } from './hash-ring.ts';

/** The tag that carries a member's weight (X14). */
export const WEIGHT_TAG = 'w';

/** A ring that follows the events of one node. */
export interface RingFollower {
	readonly ring: HashRing;
	/** Takes the next event of the node. Taking one twice does no harm. */
	follow(event: MeshEvent): void;
}

/**
 * Owners are the alive and the suspect members, self included. Whoever leaves is out at once, self
 * from its own `leaving` on. A suspect that was dead or gone before has given no sign of life since:
 * it owns nothing until it is alive.
 */
export function createRingFollower(): RingFollower {
	const ring = createHashRing();
	let self: string | undefined;
	let leaving = false;

	function put(member: Member): void {
		if (!(leaving && member.name === self)) ring.add(member.name, weightOf(member));
	}

	function follow(event: MeshEvent): void {
		switch (event.type) {
			case 'state':
				if (event.why.code === 'started') self = event.member.name;
				if (event.to === 'alive') put(event.member);
				else if (event.to !== 'suspect') ring.remove(event.member.name);
				else if (event.from === 'none') put(event.member);
				break;
			case 'update':
				if (ring.has(event.member.name)) put(event.member);
				break;
			case 'leaving':
				leaving = true;
				if (self !== undefined) ring.remove(self);
				break;
			default:
		}
	}

	return { ring, follow };
}

/** Weight of a member by its tag: a whole number from 0 to 1,000; absent or anything else = 1. */
export function weightOf(member: Pick<Member, 'tags'>): number {
	const text = member.tags[WEIGHT_TAG];
	if (text === undefined || !/^\d{1,4}$/.test(text)) return 1;
	const weight = Number(text);
	return weight <= MAX_WEIGHT ? weight : 1;
}
