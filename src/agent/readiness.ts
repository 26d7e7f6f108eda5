// Whether the node can do its work, for /readyz.

import type { StatusSource } from '../status/index.ts';
import { formatAddress } from '../swim/index.ts';

export interface Readiness {
	readonly ready: boolean;
	/** Why not, a sentence each. */
	readonly reasons: readonly string[];
}

/**
 * Follows the node from now on. Being alone is no reason to be unready: where readiness decides who is
 * found (a headless Service), the first nodes would wait for each other for ever.
 */
export function followReadiness(source: StatusSource): () => Readiness {
	const reasons = new Map<string, string>();
	source.onEvent((event) => {
		if (event.type === 'leaving') reasons.set('leaving', 'This node is leaving.');
		if (event.type === 'conflict' && event.lost) {
			reasons.set('conflict', `Another process, at ${formatAddress(event.claimed)}, has the name ${event.name}.`);
		}
	});
	return () => ({ ready: reasons.size === 0, reasons: [...reasons.values()] });
}
