// The configuration as the agent reads it: grouped as in the seed's Helm values, durations in milliseconds.

import type { HostPort } from './kinds.ts';

export interface AgentConfig {
	/** Unique in the cluster. Default: the host name. */
	readonly nodeId: string;
	/** Where the data service of this process listens: advertised, never opened by the mesh. */
	readonly listenAddr: HostPort;
	/** Arrow Flight status API. */
	readonly metaAddr: HostPort;
	/** Prometheus metrics and health. */
	readonly metricsAddr: HostPort;
	/** File with the token that lets callers from other machines change something; `undefined` = nobody may. */
	readonly adminTokenFile: string | undefined;
	/** PEM files of the status API's certificate and its private key; both or none: `undefined` = no TLS. */
	readonly metaTlsCert: string | undefined;
	readonly metaTlsKey: string | undefined;
	/** PEM file of who signs the certificates that callers must show; `undefined` = callers show none. */
	readonly metaTlsClientCa: string | undefined;
	/** PEM file of who signs the certificates of the other members; `undefined` = those that Node trusts. */
	readonly metaTlsCa: string | undefined;
	/** The name that the certificates of the others are made for; `undefined` = the host of their address. */
	readonly metaTlsServerName: string | undefined;
	/** How the agent logs; `auto` is text on a terminal, else JSON. */
	readonly log: 'auto' | 'text' | 'json';
	/** File in which all inputs are recorded; `undefined` = none is. */
	readonly journal: string | undefined;
	/** Its largest size. */
	readonly journalBytes: number;
	readonly gossip: GossipConfig;
}

export interface GossipConfig {
	/** False: a mesh of one; no packet is sent, every surface is up. */
	readonly enabled: boolean;
	/** UDP, and TCP with `streams`; 0 = any free one. */
	readonly port: number;
	readonly bindAddr: string;
	/** What others are told; `undefined` = found out. */
	readonly advertiseAddr: string | undefined;
	readonly protocolPeriod: number;
	readonly ackTimeout: number;
	readonly suspicionTimeout: number | 'auto';
	readonly indirectProbes: number;
	readonly packetBytes: number;
	readonly streams: boolean;
	readonly compat: 'none' | 'serf';
	readonly tags: Readonly<Record<string, string>>;
	readonly weight: number;
	readonly label: string | undefined;
	/** Secret. */
	readonly keys: readonly Uint8Array[];
	/** File with the keys instead, read again whenever it changes. */
	readonly keysFile: string | undefined;
	/** Whether clear text is refused, and whether what is sent is encrypted, once there are keys. */
	readonly verifyIncoming: boolean;
	readonly verifyOutgoing: boolean;
	/** Who may take part; empty = everybody. */
	readonly allowCidrs: readonly string[];
	readonly allowNames: readonly string[];
	readonly discovery: DiscoveryConfig;
}

export type ProviderName = 'static' | 'dns' | 'k8s';

export interface DiscoveryConfig {
	/** At least one, each once. */
	readonly provider: readonly ProviderName[];
	/** Contacted whatever the provider is. */
	readonly staticPeers: readonly string[];
	readonly dnsRecord: string | undefined;
	/** `ip` or `ip:port`; empty = the servers of the system. */
	readonly dnsServers: readonly string[];
	/** `undefined` = the pod's own. */
	readonly namespace: string | undefined;
	readonly labelSelector: string;
}

type Group = GossipConfig | DiscoveryConfig;

/** `gossip.discovery.provider` and all other dotted names of values in the configuration. */
export type OptionName<T = AgentConfig> = {
	[K in keyof T & string]: T[K] extends Group ? `${K}.${OptionName<T[K]>}` : K;
}[keyof T & string];

/** The type of the value that a dotted name stands for. */
export type OptionValue<N extends string, T = AgentConfig> = N extends `${infer K}.${infer Rest}`
	? K extends keyof T
		? OptionValue<Rest, T[K]>
		: never
	: N extends keyof T
		? T[N]
		: never;
