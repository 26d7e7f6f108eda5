// The discovery providers that an agent with this configuration would follow.

import type { AgentConfig } from '../../config/index.ts';
import { createStaticDiscovery, type Discovery } from '../../discovery/index.ts';

const DEFAULT_PORT = 7_946;

export function discoveryProviders({ gossip }: AgentConfig): Discovery[] {
	const { staticPeers } = gossip.discovery;
	if (staticPeers.length === 0) return [];
	return [createStaticDiscovery({ peers: staticPeers, defaultPort: gossip.port || DEFAULT_PORT })];
}
