// ring: who owns which key, a pure function of the set of members.
export {
	createHashRing,
	type HashRing,
	MAX_WEIGHT,
	type RingHeir,
	type RingShare,
	type RingTakeover,
	type RingView,
} from './hash-ring.ts';
export { createRingFollower, type RingFollower, WEIGHT_TAG, weightOf } from './ring-follower.ts';
export { type RingSteps, ringSteps, ringTakeover, type Takeover } from './ring-map.ts';
