// From the configuration to providers, and to the line of the banner.

import { describe, expect, it } from 'vitest';
import { type AgentConfig, loadConfig } from '../config/index.ts';
import { discoveryProviders, discoveryText, namedProviders } from './providers.ts';

function config(env: Record<string, string>): AgentConfig {
	return loadConfig({ env, hostName: 'host-1' }).config;
}

const names = (env: Record<string, string>) => discoveryProviders(config(env)).map(({ name }) => name);

describe('discovery providers', () => {
	it('are several at once, and static peers count whatever the provider is', () => {
		const dns = { LONGBOW_GOSSIP_DNS_RECORD: '_gossip._udp.mesh.example' };
		const peers = { LONGBOW_GOSSIP_STATIC_PEERS: 'a:1,b:2' };
		expect(names({})).toEqual([]);
		expect(names(peers)).toEqual(['static']);
		expect(names({ ...peers, LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'static,k8s' })).toEqual(['static', 'k8s']);
		expect(names({ ...dns, ...peers, LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns' })).toEqual(['static', 'dns']);
		expect(names({ ...dns, LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'k8s,dns' })).toEqual(['k8s', 'dns']);
		const { gossip } = config({ ...dns, ...peers, LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns' });
		expect(namedProviders(gossip).map(({ name }) => name)).toEqual(['dns']);
	});

	it.each([
		[{}, 'no peers: this node waits for others to join it'],
		[{ LONGBOW_GOSSIP_STATIC_PEERS: 'a:1,b:2,c:3,d:4' }, 'a:1, b:2 and 2 more'],
		[
			{
				LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'k8s,static',
				LONGBOW_GOSSIP_NAMESPACE: 'mesh',
				LONGBOW_GOSSIP_STATIC_PEERS: 'a:1',
			},
			'namespace mesh, app.kubernetes.io/name=longbow; a:1',
		],
		[
			{ LONGBOW_GOSSIP_DISCOVERY_PROVIDER: 'dns', LONGBOW_GOSSIP_DNS_RECORD: '_gossip._udp.mesh.example' },
			'_gossip._udp.mesh.example',
		],
	])('tells where it looks: %j', (env, text) => {
		expect(discoveryText(config(env).gossip)).toBe(text);
	});
});
