// Invariant 6, the other half: what a member says of itself is known to all within a few rounds of gossip.

import type { SimHost } from '../host.ts';
import type { SimTime } from '../time-queue.ts';
import { type CheckerKind, line } from './checker.ts';

interface News {
	readonly host: SimHost;
	readonly incarnation: number;
	readonly at: SimTime;
	readonly waiting: Set<SimHost>;
}

export const dissemination: CheckerKind = {
	name: 'dissemination',
	invariant: 6,
	holds: 'where the weather allows, new tags are known to all within a few rounds of gossip',
	create({ cluster, lives, promises }, report) {
		const open = new Set<News>();
		return {
			event(host, event) {
				if (event.type !== 'update') return;
				const { name, incarnation } = event.member;
				for (const news of open) {
					if (news.host.name === name && incarnation >= news.incarnation) news.waiting.delete(host);
				}
				if (!promises.isMild || name !== host.name || promises.troubled.has(name)) return;
				// Those who hold it alive can be expected to hear of it; for others it is part of joining.
				const others = [...cluster.hosts.values()].filter(
					(other) =>
						other !== host &&
						!promises.troubled.has(other.name) &&
						other.machine.member(name)?.state === 'alive' &&
						host.machine.member(other.name)?.state === 'alive',
				);
				open.add({ host, incarnation, at: cluster.now, waiting: new Set(others) });
			},
			sample() {
				for (const news of open) {
					const { host, at, incarnation, waiting } = news;
					if (cluster.now - at <= promises.disseminationMs(cluster.hosts.size)) continue;
					open.delete(news);
					const late = [...waiting].filter(
						(other) =>
							other.up &&
							host.up &&
							// Nobody hears, or says, anything while it is stopped.
							other.busyUntil <= at &&
							host.busyUntil <= at &&
							lives.life(other).leavingAt === undefined &&
							(other.machine.member(host.name)?.incarnation ?? 0) < incarnation,
					);
					if (late.length === 0 || lives.life(host).leavingAt !== undefined) continue;
					const names = late.map(({ name }) => name);
					report([host.name, ...names], `${names.join(', ')} have not heard the new tags of ${host.name}`, [
						line(at, host.name, `has new tags at incarnation ${incarnation}`),
						line(cluster.now, names[0]!, `holds it at ${late[0]!.machine.member(host.name)?.incarnation ?? 'none'}`),
					]);
				}
			},
		};
	},
};
