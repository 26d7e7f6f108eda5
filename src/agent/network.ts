// Waiting for the network of a host that is still booting: an address that is told to others is never looked up again.

import { setTimeout as delay } from 'node:timers/promises';
import { type AgentConfig, splitHostPort } from '../config/index.ts';
import { defaultAdvertiseHost, isLoopback, isWildcard } from '../net/index.ts';
import { CliError } from './cli/errors.ts';
import type { Log } from './log.ts';

const WAIT_MS = 10_000;
const LOOK_MS = 250;

export interface Patience {
	/** The address that would be advertised; `undefined` while there is none. */
	readonly find: (bindHost: string) => Promise<string | undefined>;
	readonly waitMs: number;
	readonly lookMs: number;
}

/**
 * Resolves at once unless an address of this host must be found for peers elsewhere and there is none yet: then as soon
 * as there is one.
 * @throws {CliError} `NO_NETWORK` when there is none after 10 s.
 */
export async function networkReady(
	{ gossip }: Pick<AgentConfig, 'gossip'>,
	log: Log,
	{ find, waitMs, lookMs }: Patience = { find: defaultAdvertiseHost, waitMs: WAIT_MS, lookMs: LOOK_MS },
): Promise<void> {
	const { enabled, advertiseAddr, bindAddr } = gossip;
	if (!enabled || advertiseAddr !== undefined || !isWildcard(bindAddr) || !expectsOthers(gossip)) return;
	if ((await find(bindAddr)) !== undefined) return;
	const reason = `no network interface has an address yet; waiting for one, ${waitMs / 1_000} s at most`;
	log.write({ level: 'warn', event: 'network', component: 'discovery', reason });
	const end = performance.now() + waitMs;
	while (performance.now() < end) {
		await delay(lookMs);
		if ((await find(bindAddr)) !== undefined) return;
	}
	throw new CliError('this host has no address that its peers could reach', {
		code: 'NO_NETWORK',
		why: `No network interface got one within ${waitMs / 1_000} s, and loopback means a different host to each of them.`,
		hints: ['ip address, or LONGBOW_GOSSIP_ADVERTISE_ADDR=<address>'],
	});
}

/** Whether some first peer may be on another host. */
function expectsOthers({ discovery }: AgentConfig['gossip']): boolean {
	if (discovery.provider.some((name) => name !== 'static')) return true;
	return discovery.staticPeers.some((peer) => !isLoopback(splitHostPort(peer, 0)?.host ?? peer));
}
