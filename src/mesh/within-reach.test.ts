// Which addresses of a provider the mesh is told.

import { describe, expect, it } from 'vitest';
import { createStaticDiscovery } from '../discovery/index.ts';
import { formatAddress } from '../swim/index.ts';
import { withinReach } from './within-reach.ts';

describe('withinReach', () => {
	it.each([
		['0.0.0.0', '10.0.0.1:1'],
		['::', '10.0.0.1:1 [fd00::1]:1'],
		['fd00::9', '[fd00::1]:1'],
	])('bound to %s: %s', async (boundHost, expected) => {
		const provider = createStaticDiscovery({ peers: ['10.0.0.1', '[fd00::1]'], defaultPort: 1 });
		const reachable = withinReach(provider, boundHost);
		for await (const list of reachable.watch(new AbortController().signal)) {
			expect(list.map(formatAddress).join(' ')).toBe(expected);
			break;
		}
		expect(reachable.health).toEqual(provider.health);
		expect(reachable.health.addresses).toHaveLength(2);
	});
});
