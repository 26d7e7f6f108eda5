// Invariant 3, counted: in the stated weather nobody who runs is declared dead, but for the troubled themselves and by their word.

import type { SimTime } from '../time-queue.ts';
import { type CheckerKind, line } from './checker.ts';

export const falseDeaths: CheckerKind = {
	name: 'false-deaths',
	invariant: 3,
	holds: 'where the weather promises it, nobody who runs is declared dead',
	create({ cluster, lives, promises, counts }, report) {
		const counted = new Set<string>();
		const suspectedAt = new Map<string, SimTime>();
		return {
			event(host, event) {
				if (event.type !== 'state') return;
				const { name, incarnation } = event.member;
				if (event.to === 'suspect' && event.why.code === 'probe-failed' && lives.running(name)) {
					counts.falseSuspicions++;
					suspectedAt.set(name, cluster.now);
				}
				if (event.to !== 'dead' || !lives.isAboutRunning(name, incarnation)) return;
				const life = `${name} ${incarnation}`;
				if (!counted.has(life)) counts.falseDeaths++;
				counted.add(life);
				// What the troubled suspected meanwhile may run out just when they are heard again.
				const by = event.why.code === 'heard' ? event.why.by : undefined;
				if (!promises.isMild || [name, host.name, by].some((who) => who !== undefined && promises.troubled.has(who)))
					return;
				const since = suspectedAt.get(name);
				report([host.name, name], `${host.name} declared ${name} dead, which runs, in weather that kills nobody`, [
					...(since === undefined ? [] : [line(since, name, 'was last suspected by a failed probe')]),
					line(cluster.now, host.name, `dead at incarnation ${incarnation}: ${JSON.stringify(event.why)}`),
				]);
			},
		};
	},
};
