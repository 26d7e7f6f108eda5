// Tells the log what discovery found and where it fails, whenever that changes.

import type { Mesh } from '../mesh/index.ts';
import type { Log } from './log.ts';

const LOOK_MS = 1_000;

/** Looks at the health of each provider once a second. Returns what stops it. */
export function followDiscovery(mesh: Pick<Mesh, 'discovery'>, log: Log): () => void {
	const told = new Map<string, string>();
	const look = (): void => {
		for (const { provider, addresses, answeredAtMs, problem } of mesh.discovery) {
			if (answeredAtMs === undefined && problem === undefined) continue;
			const found = `${addresses.length} address${addresses.length === 1 ? '' : 'es'}`;
			const reason =
				problem === undefined ? `${provider}: ${found}` : `${provider}: ${problem.text}; last good answer: ${found}`;
			if (told.get(provider) === reason) continue;
			told.set(provider, reason);
			log.write({
				level: problem === undefined ? 'info' : 'warn',
				event: 'discovery',
				component: 'discovery',
				reason,
			});
		}
	};
	const timer = setInterval(look, LOOK_MS);
	timer.unref();
	return () => clearInterval(timer);
}
