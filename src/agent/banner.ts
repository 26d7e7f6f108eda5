// What the agent says when it is ready: where its doors are, and what it knows of its surroundings.

import { type AgentConfig, formatHostPort, splitHostPort } from '../config/index.ts';
import { isWildcard } from '../net/index.ts';
import { formatAddress } from '../swim/index.ts';
import type { Keyring } from '../wire/index.ts';
import type { Agent } from './agent.ts';
import type { Terminal } from './cli/terminal.ts';
import type { LogRecord } from './log-record.ts';
import { discoveryText } from './providers.ts';
import { VERSION } from './version.ts';

/** The lines for a terminal. */
export function bannerLines(agent: Agent, config: AgentConfig, terminal: Terminal): string[] {
	const { gossip } = config;
	const { mesh } = agent;
	const advertised = formatAddress(mesh.address);
	const bound = formatHostPort({ host: gossip.bindAddr, port: gossip.port === 0 ? mesh.address.port : gossip.port });
	const ways = gossip.streams ? 'udp and tcp' : 'udp';
	const rows: [string, string, string][] = [
		gossip.enabled
			? ['gossip', bound, `${ways}, advertised as ${advertised}`]
			: ['gossip', 'off', 'a mesh of one (LONGBOW_GOSSIP_ENABLED=false)'],
		['status', agent.statusAddr, 'Arrow Flight: this CLI, grpcurl'],
		['metrics', metricsUrl(agent.metricsAddr), 'also /healthz /readyz'],
		['discovery', gossip.discovery.provider.join(','), discoveryText(gossip)],
		securityRow(config, mesh.keyring),
	];
	const width = Math.max(...rows.map(([, value]) => value.length)) + 3;
	return [
		`longbow-mesh ${VERSION}   node ${mesh.name}   incarnation ${mesh.self.incarnation}`,
		'',
		...rows.map(([label, value, about]) => {
			const text = value.padEnd(width);
			return `  ${label.padEnd(11)}${value !== ENCRYPTED && label === 'security' ? terminal.paint(text, 'yellow') : text}${about}`.trimEnd();
		}),
		'',
	];
}

/** The same for machines, as one record. */
export function readyRecord(agent: Agent): LogRecord {
	const { mesh } = agent;
	return {
		level: 'info',
		event: 'ready',
		details: {
			version: VERSION,
			incarnation: mesh.self.incarnation,
			gossip: formatAddress(mesh.address),
			status: agent.statusAddr,
			metrics: metricsUrl(agent.metricsAddr),
		},
	};
}

const ENCRYPTED = 'encrypted';

/** Anything but `encrypted` is shown as a warning. */
function securityRow({ gossip }: AgentConfig, keyring: Keyring | undefined): [string, string, string] {
	const { label, verifyIncoming, verifyOutgoing } = gossip;
	const labelled = label === undefined ? [] : [`label ${label}`];
	if (keyring === undefined) {
		return ['security', 'NOT encrypted', [...labelled, 'try: longbow-mesh keygen'].join('; ')];
	}
	const keys = [`key 1 of ${keyring.infos.length}`, ...labelled].join(', ');
	if (!verifyOutgoing) return ['security', 'NOT encrypted', `${keys}; LONGBOW_GOSSIP_VERIFY_OUTGOING=false`];
	if (!verifyIncoming)
		return ['security', 'encrypted, clear text taken', `${keys}; LONGBOW_GOSSIP_VERIFY_INCOMING=false`];
	return ['security', ENCRYPTED, keys];
}

// A browser cannot open 0.0.0.0.
function metricsUrl(address: string): string {
	const { host, port } = splitHostPort(address) ?? { host: address, port: 0 };
	return `http://${formatHostPort({ host: isWildcard(host) ? '127.0.0.1' : host, port })}/metrics`;
}
