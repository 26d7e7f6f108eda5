// serf: takes part in a Serf cluster as one of its own (`compat: serf`).
export { createSerfDelegate, type SerfCounters, type SerfDelegate, type SerfIgnored } from './delegate.ts';
