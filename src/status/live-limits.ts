// How much is remembered for viewers, by the node and by the fold of a page.

/** Seconds of probes and traffic, events, state changes, probes of a member, differing views. */
export const LIVE_LIMITS = { seconds: 600, events: 500, changes: 4_000, probes: 36, differing: 16 } as const;

/** To lay a ring out takes 0.2 ms an owner: one of more owners is not measured for a viewer. */
export const MEASURED_OWNERS = 150;

/** Bytes by what they are for. */
export type LiveBytes = readonly [probes: number, gossip: number, sync: number, broadcasts: number];
