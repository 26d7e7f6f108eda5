// Discovery: where the first peers come from.
export type { Discovery, DiscoveryHealth } from './discovery.ts';
