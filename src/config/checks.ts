// What must hold between several values: each alone is allowed, together they are not.

import { Admission, ipBytes, utf8 } from '../swim/index.ts';
import { formatDuration } from './duration.ts';
import { formatHostPort, type HostPort, splitHostPort } from './kinds.ts';
import type { AgentConfig, OptionName } from './types.ts';

export interface Checked {
	readonly problems: readonly string[];
	readonly warnings: readonly string[];
}

/** `label` gives the name under which the user set an option. */
export function crossChecks(config: AgentConfig, label: (name: OptionName) => string): Checked {
	const problems: string[] = [];
	const warnings: string[] = [];
	const { gossip } = config;
	if (gossip.ackTimeout >= gossip.protocolPeriod) {
		problems.push(
			`${label('gossip.ackTimeout')}="${formatDuration(gossip.ackTimeout)}": shorter than the protocol period, ` +
				`which is ${formatDuration(gossip.protocolPeriod)} (${label('gossip.protocolPeriod')})`,
		);
	}
	if (gossip.suspicionTimeout !== 'auto' && gossip.suspicionTimeout < 5 * gossip.protocolPeriod) {
		warnings.push(
			`${label('gossip.suspicionTimeout')}="${formatDuration(gossip.suspicionTimeout)}" is less than 5 protocol periods; ` +
				'members that are only slow will be declared dead',
		);
	}
	if (gossip.compat === 'serf' && !gossip.streams) {
		warnings.push(`${label('gossip.streams')}="false": serf members synchronise over TCP, so they cannot join`);
	}
	const { provider, dnsRecord } = gossip.discovery;
	if (provider.includes('dns') && dnsRecord === undefined) {
		problems.push(
			`${label('gossip.discovery.dnsRecord')} is not set: provider dns needs a record, for example _gossip._udp.longbow.example`,
		);
	}
	problems.push(...sharedPorts(config, label), ...selfRefused(config, label));
	problems.push(...tlsHalves(config, label));
	const security = checkSecurity(config, label);
	problems.push(...security.problems);
	warnings.push(...security.warnings);
	return { problems, warnings };
}

function tlsHalves(config: AgentConfig, label: (name: OptionName) => string): string[] {
	const { metaTlsCert: cert, metaTlsKey: key, metaTlsClientCa: clientCa } = config;
	const needs = (name: OptionName, value: string, other: OptionName): string =>
		`${label(name)}="${value}": with ${label(other)}, which is not set`;
	if (cert !== undefined && key === undefined) return [needs('metaTlsCert', cert, 'metaTlsKey')];
	if (key !== undefined && cert === undefined) return [needs('metaTlsKey', key, 'metaTlsCert')];
	if (clientCa !== undefined && cert === undefined) return [needs('metaTlsClientCa', clientCa, 'metaTlsCert')];
	return [];
}

function checkSecurity({ gossip }: AgentConfig, label: (name: OptionName) => string): Checked {
	const { keys, keysFile, verifyIncoming, verifyOutgoing } = gossip;
	const problems: string[] = [];
	const warnings: string[] = [];
	if (keys.length > 0 && keysFile !== undefined) {
		problems.push(`${label('gossip.keysFile')}: the keys are in ${label('gossip.keys')} already; set one of them`);
	}
	if (keys.length === 0 && keysFile === undefined) {
		if (!verifyIncoming) warnings.push(`${label('gossip.verifyIncoming')}="false" means nothing without keys`);
		if (!verifyOutgoing) warnings.push(`${label('gossip.verifyOutgoing')}="false" means nothing without keys`);
	} else if (verifyIncoming && !verifyOutgoing) {
		warnings.push(
			`${label('gossip.verifyOutgoing')}="false" while ${label('gossip.verifyIncoming')} is true: this node sends what others with the same settings refuse`,
		);
	}
	return { problems, warnings };
}

/** A node that its own lists keep out would be refused by all others. */
function selfRefused({ nodeId, gossip }: AgentConfig, label: (name: OptionName) => string): string[] {
	const { allowCidrs, allowNames, advertiseAddr } = gossip;
	const admission = new Admission(allowCidrs, allowNames);
	const problems: string[] = [];
	if (!admission.allowsName(utf8(nodeId))) {
		problems.push(
			`${label('gossip.allowNames')}="${allowNames.join(',')}": a pattern for ${label('nodeId')} too, which is "${nodeId}"`,
		);
	}
	const host = advertiseAddr === undefined ? undefined : splitHostPort(advertiseAddr, 0)?.host;
	if (host !== undefined && !admission.allowsHost(host)) {
		problems.push(
			`${label('gossip.allowCidrs')}="${allowCidrs.join(',')}": a network with ${label('gossip.advertiseAddr')} too, which is ${host}`,
		);
	}
	return problems;
}

function sharedPorts(config: AgentConfig, label: (name: OptionName) => string): string[] {
	const taken: [OptionName, HostPort][] = [
		['metaAddr', config.metaAddr],
		['metricsAddr', config.metricsAddr],
		['listenAddr', config.listenAddr],
	];
	// Without streams the gossip port is UDP alone and shares its number with nobody.
	if (config.gossip.enabled && config.gossip.streams) {
		taken.push(['gossip.port', { host: config.gossip.bindAddr, port: config.gossip.port }]);
	}
	const problems: string[] = [];
	for (const [index, [name, address]] of taken.entries()) {
		const other = taken.slice(0, index).find(([, earlier]) => overlap(earlier, address));
		if (other) {
			problems.push(
				`${label(name)}="${formatHostPort(address)}": a port of its own; ${label(other[0])} has ${other[1].port} too`,
			);
		}
	}
	return problems;
}

function overlap(a: HostPort, b: HostPort): boolean {
	if (a.port !== b.port || a.port === 0) return false;
	return a.host === b.host || isWildcard(a.host) || isWildcard(b.host);
}

/** `0.0.0.0` or `::`, in any spelling. */
export function isWildcard(host: string): boolean {
	return ipBytes(host)?.every((byte) => byte === 0) === true;
}
