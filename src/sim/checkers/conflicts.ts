// X6: a name conflict is told only where two processes have had one name.

import { type CheckerKind, line } from './checker.ts';

export const conflicts: CheckerKind = {
	name: 'conflicts',
	invariant: 13,
	holds: 'nobody tells of a name conflict where only one process ever had the name',
	create({ cluster, lives }, report) {
		return {
			event(host, event) {
				if (event.type !== 'conflict' || lives.of(event.name).length !== 1) return;
				report(
					[host.name, event.name],
					`${host.name} sees a conflict about ${event.name}, which only one process was ever called`,
					[line(cluster.now, host.name, JSON.stringify(event))],
				);
			},
		};
	},
};
