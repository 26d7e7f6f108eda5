// A discovery provider as far as the own socket reaches.

import type { Discovery } from '../discovery/index.ts';
import { canReach } from '../net/index.ts';
import type { Address } from '../swim/index.ts';

/**
 * The same provider without addresses of a family that a socket bound to `boundHost` cannot send to. In the address book
 * they would take the turns of those that may answer. `health` tells of all.
 */
export function withinReach(provider: Discovery, boundHost: string): Discovery {
	return {
		name: provider.name,
		get health() {
			return provider.health;
		},
		async *watch(signal: AbortSignal): AsyncGenerator<readonly Address[], void, undefined> {
			for await (const list of provider.watch(signal)) yield list.filter(({ host }) => canReach(boundHost, host));
		},
	};
}
