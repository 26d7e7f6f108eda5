// Invariant 7: every table and queue keeps to its cap.

import { type CheckerKind, line } from './checker.ts';

export const caps: CheckerKind = {
	name: 'caps',
	invariant: 7,
	holds: 'no table or queue of any host is ever fuller than its cap',
	create({ cluster }, report) {
		return {
			sample() {
				for (const host of cluster.hosts.values()) {
					const { sizes, config } = host.machine;
					// One update a member at most waits, so the cap of members is the cap of updates.
					const limits: Readonly<Record<string, number>> = { ...config.limits, updates: sizes.members };
					for (const [table, size] of Object.entries(sizes)) {
						if (size <= limits[table]!) continue;
						report([host.name], `${host.name} keeps ${size} ${table}, ${limits[table]} are allowed`, [
							line(cluster.now, host.name, JSON.stringify(sizes)),
						]);
					}
				}
			},
		};
	},
};
