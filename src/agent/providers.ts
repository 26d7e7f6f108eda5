// The discovery providers that the configuration names.

import type { AgentConfig, ProviderName } from '../config/index.ts';
import {
	createDnsDiscovery,
	createKubernetesDiscovery,
	createStaticDiscovery,
	type Discovery,
} from '../discovery/index.ts';

type GossipConfig = AgentConfig['gossip'];

/** Port of peers that name none: our own, as all nodes of a cluster are mostly configured alike. */
const DEFAULT_PORT = 7946;

/** All that an agent with this configuration follows, the static peers first. */
export function discoveryProviders({ gossip }: AgentConfig): readonly Discovery[] {
	const { port, discovery } = gossip;
	const { staticPeers: peers } = discovery;
	const named = namedProviders(gossip);
	return peers.length === 0 ? named : [createStaticDiscovery({ peers, defaultPort: port || DEFAULT_PORT }), ...named];
}

/** Those beside the static peers, which the mesh is given as its seeds. */
export function namedProviders(gossip: GossipConfig): readonly Discovery[] {
	return gossip.discovery.provider.flatMap((name) => provider(name, gossip) ?? []);
}

function provider(name: ProviderName, { port, discovery }: GossipConfig): Discovery | undefined {
	const defaultPort = port || DEFAULT_PORT;
	const { dnsRecord: record, dnsServers: servers, namespace, labelSelector } = discovery;
	switch (name) {
		case 'static':
			return undefined;
		case 'dns':
			return record === undefined ? undefined : createDnsDiscovery({ record, defaultPort, servers });
		case 'k8s': {
			const where = namespace === undefined ? {} : { namespace };
			return createKubernetesDiscovery({ ...where, labelSelector, portName: 'gossip', defaultPort });
		}
	}
	return name satisfies never;
}

/** Where the first peers come from, in a line. */
export function discoveryText({ discovery }: GossipConfig): string {
	const { provider: names, staticPeers, dnsRecord, namespace, labelSelector } = discovery;
	const parts: string[] = [];
	if (names.includes('dns')) parts.push(`${dnsRecord}`);
	if (names.includes('k8s'))
		parts.push(`${namespace === undefined ? 'the namespace of the pod' : `namespace ${namespace}`}, ${labelSelector}`);
	if (staticPeers.length > 0) parts.push(peersText(staticPeers));
	return parts.join('; ') || 'no peers: this node waits for others to join it';
}

function peersText(peers: readonly string[]): string {
	return peers.length <= 3 ? peers.join(', ') : `${peers.slice(0, 2).join(', ')} and ${peers.length - 2} more`;
}
