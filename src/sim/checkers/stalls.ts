// X9: a process that was stopped accuses nobody of having been silent meanwhile.

import { type CheckerKind, line } from './checker.ts';

export const stalls: CheckerKind = {
	name: 'stalls',
	invariant: 3,
	holds: 'no suspicion rests on a probe during which the prober itself did not run',
	create({ cluster, history, promises }, report) {
		const stopped = history.filter((fault) => fault.type === 'stall');
		return {
			event(host, event) {
				if (event.type !== 'state' || event.to !== 'suspect' || event.why.code !== 'probe-failed') return;
				const sentAt = host.timeOf(event.why.sentAt);
				const slept = stopped.find(
					(stall) =>
						stall.host === host.name &&
						stall.at > sentAt &&
						// A short stop is no more than a late timer.
						stall.forMs > 2 * promises.config.protocolPeriodMs &&
						stall.at + stall.forMs <= cluster.now + 1,
				);
				if (!slept) return;
				report(
					[host.name, event.member.name],
					`${host.name} suspects ${event.member.name} for a silence that it slept through`,
					[
						line(sentAt, host.name, `pinged ${event.member.name}`),
						line(slept.at, host.name, `was stopped for ${slept.forMs} ms`),
					],
				);
			},
		};
	},
};
