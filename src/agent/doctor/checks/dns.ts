// Check `dns`: whether the names of discovery resolve, and what is missing where they do not.

import type { DiscoveryHealth, DiscoveryProblem } from '../../../discovery/index.ts';
import { ipBytes } from '../../../swim/index.ts';
import type { Surroundings } from '../context.ts';
import { type Finding, fail, pass, skip } from '../finding.ts';
import { someOf } from '../text.ts';

export function checkDns(surroundings: Surroundings): Finding {
	const names = namesOf(surroundings);
	const providers = surroundings.discovery.filter(({ provider }) => provider === 'dns' || provider === 'static');
	if (names.length === 0 || providers.length === 0) return skip('not used');
	const troubled = providers.find(({ problem }) => problem !== undefined);
	if (troubled) return broken(troubled, names);
	const waiting = providers.find(({ answeredAtMs }) => answeredAtMs === undefined);
	if (waiting)
		return fail(`${someOf(names)}: no answer yet`, { try: ['longbow-mesh doctor --only dns in some seconds'] });
	return pass(`${someOf(names)} ${names.length === 1 ? 'resolves' : 'resolve'}`, { names });
}

function broken({ provider, problem, errors }: DiscoveryHealth, names: readonly string[]): Finding {
	const { code, text } = problem as DiscoveryProblem;
	const data = { provider, code, errors, names };
	const record = names[0] ?? '';
	switch (code) {
		case 'unresolved':
			return fail(text, {
				why: 'The name is wrong, its namespace is missing, or nothing behind it is up yet.',
				try: [`getent ahosts ${record.replace(/^_[^.]+\._[^.]+\./, '')}`, `${variableOf(provider)}=<the right name>`],
				data,
			});
		case 'no-record':
			return fail(text, {
				why: 'SRV exists only for a *named* port of a headless Service.',
				try: ['in the Service: clusterIP: None, ports: [{name: gossip, port: 7946, protocol: UDP}]'],
				data,
			});
		case 'unreachable':
			return fail(text, {
				why: 'No name server answers, so nobody new is found.',
				try: [
					'cat /etc/resolv.conf; allow UDP and TCP 53 to the name server from this host (docs/operating.md#network-policy)',
				],
				data,
			});
		default:
			return fail(text, { try: [`${variableOf(provider)}=<a name that resolves>`], data });
	}
}

function variableOf(provider: string): string {
	return provider === 'dns' ? 'LONGBOW_GOSSIP_DNS_RECORD' : 'LONGBOW_GOSSIP_STATIC_PEERS';
}

/** Everything that discovery has to resolve. */
function namesOf({ config, discovery }: Surroundings): string[] {
	const { staticPeers, dnsRecord } = config.gossip.discovery;
	const names = staticPeers.map((peer) => peer.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([^:]*):\d+$/, '$1'));
	const unresolved = names.filter((name) => ipBytes(name) === undefined);
	const usesRecord = dnsRecord !== undefined && discovery.some(({ provider }) => provider === 'dns');
	return usesRecord ? [dnsRecord, ...unresolved] : unresolved;
}
