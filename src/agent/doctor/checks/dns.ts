// Check `dns`: whether the names of discovery resolve, and what is missing where they do not.

import { Resolver } from 'node:dns/promises';
import type { DiscoveryHealth, DiscoveryProblem } from '../../../discovery/index.ts';
import { ipBytes } from '../../../swim/index.ts';
import type { Surroundings } from '../context.ts';
import { type Finding, fail, pass, skip, warn } from '../finding.ts';
import { plural, someOf, verdictAndStep } from '../text.ts';

export async function checkDns(surroundings: Surroundings): Promise<Finding> {
	const names = namesOf(surroundings);
	const providers = surroundings.discovery.filter(({ provider }) => provider === 'dns' || provider === 'static');
	if (names.length === 0 || providers.length === 0) return skip('not used');
	const troubled = providers.find(({ problem }) => problem !== undefined);
	if (troubled) return broken(troubled, names, surroundings);
	const waiting = providers.find(({ answeredAtMs }) => answeredAtMs === undefined);
	if (waiting)
		return fail(`${someOf(names)}: no answer yet`, { try: ['longbow-mesh doctor --only dns, in some seconds'] });
	return pass(`${someOf(names)} ${names.length === 1 ? 'resolves' : 'resolve'}`, { names });
}

async function broken(
	{ provider, problem, errors, addresses }: DiscoveryHealth,
	names: readonly string[],
	{ config }: Surroundings,
): Promise<Finding> {
	const { code, text } = problem as DiscoveryProblem;
	const { verdict, step } = verdictAndStep(text);
	const data = { provider, code, errors, names };
	const variable = provider === 'dns' ? 'LONGBOW_GOSSIP_DNS_RECORD' : 'LONGBOW_GOSSIP_STATIC_PEERS';
	const steps = step === undefined ? [] : [step];
	// A list may name members that are not there yet, or not any more.
	const complain = provider === 'static' && addresses.length > 0 ? warn : fail;
	const service = serviceOf(config.gossip.discovery.dnsRecord);
	const missing = code === 'unresolved' || code === 'no-record';
	const plain = missing && service !== undefined && provider === 'dns' && verdict.startsWith('_');
	if (plain) {
		const found = await addressesOf(service, config.gossip.discovery.dnsServers);
		if (found > 0) {
			return fail(`${verdict}; ${service} has ${plural(found, 'address', 'addresses')}`, {
				why: 'The Service is there. SRV exists only for a *named* port of a headless Service.',
				try: [NAMED_PORT, `or ${variable}=${service}, which finds its addresses on the gossip port`],
				data,
			});
		}
	}
	switch (code) {
		case 'unresolved':
			return complain(verdict, {
				why: 'The name is wrong, its namespace is missing, or nothing behind it is up yet.',
				try: [...steps, `${variable}=<the right name>`],
				data,
			});
		case 'no-record':
			return complain(verdict, {
				why: 'SRV exists only for a *named* port of a headless Service.',
				try: [NAMED_PORT, ...steps],
				data,
			});
		case 'unreachable':
			return complain(verdict, {
				why: 'No name server answers, so nobody new is found.',
				try: [
					...steps,
					'cat /etc/resolv.conf; allow UDP and TCP 53 from this host to the name server (docs/operating.md#network-policy)',
				],
				data,
			});
		default:
			return complain(verdict, { try: [...steps, `${variable}=<a name that resolves>`], data });
	}
}

const NAMED_PORT = 'in the Service: clusterIP: None, ports: [{name: gossip, port: 7946, protocol: UDP}]';

/** `longbow.default.svc` of `_gossip._udp.longbow.default.svc`; undefined for a name without such a head. */
function serviceOf(record: string | undefined): string | undefined {
	return /^_[^.]+\._[^.]+\.(.+)$/.exec(record ?? '')?.[1];
}

/** How many addresses the name has; 0 also when nobody answers. */
async function addressesOf(name: string, servers: readonly string[]): Promise<number> {
	const resolver = new Resolver({ timeout: 1_000, tries: 1 });
	if (servers.length > 0) resolver.setServers(servers);
	const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
	return answers.reduce((sum, answer) => sum + (answer.status === 'fulfilled' ? answer.value.length : 0), 0);
}

/** Everything that discovery has to resolve. */
function namesOf({ config, discovery }: Surroundings): string[] {
	const { staticPeers, dnsRecord } = config.gossip.discovery;
	const names = staticPeers.map((peer) => peer.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^([^:]*):\d+$/, '$1'));
	const unresolved = names.filter((name) => ipBytes(name) === undefined);
	const usesRecord = dnsRecord !== undefined && discovery.some(({ provider }) => provider === 'dns');
	return usesRecord ? [dnsRecord, ...unresolved] : unresolved;
}
