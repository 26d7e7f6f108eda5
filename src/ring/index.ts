// ring: who owns which key, a pure function of the set of members.
export type { RingView } from './hash-ring.ts';
