// Discovery as Flight, HTTP and the CLI show it: the keys of the original (`provider`, `peers`), and each provider by itself.

import { type Address, formatAddress } from '../swim/index.ts';
import { rfc3339 } from './rfc3339.ts';

/** What a provider tells of itself: the shape of `DiscoveryHealth`, which lives among sockets where views cannot look. */
export interface ProviderHealth {
	readonly provider: string;
	readonly addresses: readonly Address[];
	readonly answeredAtMs: number | undefined;
	readonly errors: number;
	readonly problem: Problem | undefined;
}

interface Problem {
	readonly code: string;
	/** One sentence, with the next step where there is one. */
	readonly text: string;
}

export interface ProviderObject {
	readonly provider: string;
	/** `host:port` of the last good answer, this node among them where it is found as well. */
	readonly peers: readonly string[];
	/** When the last good answer came, RFC 3339; null = none yet. */
	readonly answeredAt: string | null;
	/** Since the start. */
	readonly errors: number;
	/** Why the last attempt was not good; null when it was, or when there was none yet. */
	readonly problem: Problem | null;
}

/** Answer of `DiscoveryStatus`. */
export interface DiscoveryObject {
	/** All of them, `static,k8s`; `none` when this node waits for others to join it. */
	readonly provider: string;
	/** Of all providers, each address once. */
	readonly peers: readonly string[];
	readonly providers: readonly ProviderObject[];
}

/** All providers as one object. */
export function discoveryObject(health: readonly ProviderHealth[]): DiscoveryObject {
	const providers = health.map(providerObject);
	return {
		provider: providers.map(({ provider }) => provider).join(',') || 'none',
		peers: [...new Set(providers.flatMap(({ peers }) => peers))],
		providers,
	};
}

function providerObject({ provider, addresses, answeredAtMs, errors, problem }: ProviderHealth): ProviderObject {
	const answeredAt = answeredAtMs === undefined ? null : rfc3339(answeredAtMs);
	return { provider, peers: addresses.map(formatAddress), answeredAt, errors, problem: problem ?? null };
}
