// Discovery: where the first peers come from.
export type { Discovery, DiscoveryHealth, DiscoveryProblem, DiscoveryProblemCode } from './discovery.ts';
export { createDnsDiscovery, type DnsDiscoveryOptions } from './dns.ts';
export { createKubernetesDiscovery, type KubernetesDiscoveryOptions } from './kubernetes.ts';
export { type Peer, parsePeer } from './parse-peer.ts';
export { createStaticDiscovery, type Resolve, type StaticDiscoveryOptions } from './static.ts';
