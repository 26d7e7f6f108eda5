// Tells the log what discovery found and where it fails, whenever that changes.

import type { DiscoveryHealth, Mesh } from '../mesh/index.ts';
import { canReach, isLoopback, isOwnHost } from '../net/index.ts';
import { type Address, formatAddress } from '../swim/index.ts';
import type { Log } from './log.ts';

const LOOK_MS = 1_000;

/**
 * Looks at the health of each provider once a second. Returns what stops it. Peers on other hosts that cannot reach
 * what this node advertises, or that it cannot reach itself, are told of as well: they were not known when it started.
 */
export function followDiscovery(mesh: Pick<Mesh, 'discovery' | 'address'>, bindHost: string, log: Log): () => void {
	const told = new Map<string, string>();
	const look = (): void => {
		for (const health of mesh.discovery) {
			const { provider, answeredAtMs, problem } = health;
			if (answeredAtMs === undefined && problem === undefined) continue;
			const unreachable = cannotReachUs(mesh.address, health.addresses) ?? outOfReach(bindHost, health.addresses);
			const reason = [`${provider}: ${healthText(health)}`, ...(unreachable === undefined ? [] : [unreachable])].join(
				'; ',
			);
			if (told.get(provider) === reason) continue;
			told.set(provider, reason);
			const level = unreachable !== undefined ? 'error' : problem !== undefined ? 'warn' : 'info';
			log.write({ level, event: 'discovery', component: 'discovery', reason });
		}
	};
	const timer = setInterval(look, LOOK_MS);
	timer.unref();
	return () => clearInterval(timer);
}

function healthText({ addresses, problem }: DiscoveryHealth): string {
	const found = `${addresses.length} address${addresses.length === 1 ? '' : 'es'}`;
	return problem === undefined ? found : `${problem.text}; last good answer: ${found}`;
}

function cannotReachUs(own: Address, addresses: readonly Address[]): string | undefined {
	if (!isLoopback(own.host)) return undefined;
	const remote = addresses.find(({ host }) => !isOwnHost(host));
	if (remote === undefined) return undefined;
	const why = `${formatAddress(remote)} is on another host and cannot reach this node, which advertises ${formatAddress(own)}`;
	return `${why}; set LONGBOW_GOSSIP_ADVERTISE_ADDR`;
}

function outOfReach(bindHost: string, addresses: readonly Address[]): string | undefined {
	const [first] = addresses;
	if (first === undefined || addresses.some(({ host }) => canReach(bindHost, host))) return undefined;
	return `gossip is bound to ${bindHost}, from where ${formatAddress(first)} cannot be reached; set LONGBOW_GOSSIP_BIND_ADDR=::`;
}
